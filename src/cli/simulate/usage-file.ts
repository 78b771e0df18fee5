import { createWriteStream } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { pipeline } from 'node:stream/promises';
import { RatebookError } from '../../errors/error.js';
import { whyUnreadable } from '../read-file.js';
import type { Terminal } from '../terminal.js';

/** An open file of usage. */
export type UsageFile = {
  /** As it was asked for. */
  readonly name: string;
  readonly handle: FileHandle;
  /** Bytes. */
  readonly size: number;
};

/**
 * Opens a file of usage. Stdin (`-`), or a pipe, is written to a temporary file first: every thread reads it all. Throws
 * INVALID_REQUEST for what cannot be read, or is empty.
 */
export async function openUsageFile(name: string, terminal: Terminal): Promise<UsageFile> {
  try {
    const handle = await openRegular(name, terminal);
    const { size } = await handle.stat();
    if (size > 0) return { name, handle, size };
    await handle.close();
  } catch (error) {
    throw error instanceof RatebookError
      ? error
      : new RatebookError('INVALID_REQUEST', whyUnreadable(name, error), { cause: error });
  }
  throw new RatebookError('INVALID_REQUEST', `${name} is empty; usage is CSV with titles, or NDJSON.`);
}

async function openRegular(name: string, { input }: Terminal): Promise<FileHandle> {
  if (name === '-') return openCopy(input);
  const stats = await stat(name);
  if (stats.isDirectory())
    throw new RatebookError('INVALID_REQUEST', `${name} is a folder; name a file in it.`);
  const handle = await open(name);
  return stats.isFile() ? handle : openCopy(handle.createReadStream());
}

/** A file without a name: it is gone when it is closed, however the process ends. */
async function openCopy(source: AsyncIterable<Uint8Array>): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'ratebook-usage-'));
  try {
    const path = join(folder, 'usage');
    await pipeline(source, createWriteStream(path));
    return await open(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Bytes in which the titles of a file have to end. */
const HEAD = 1024 * 1024;

/** How the text of a file begins; all of it when it is short. */
export async function readHead({ handle, size }: UsageFile): Promise<{ text: string; whole: boolean }> {
  const { buffer, bytesRead } = await handle.read({
    buffer: Buffer.alloc(Math.min(size, HEAD)),
    position: 0,
  });
  return {
    text: new StringDecoder('utf8').write(buffer.subarray(0, bytesRead)),
    whole: bytesRead === size,
  };
}
