import { type FileHandle, open } from 'node:fs/promises';
import { RatebookError } from '../errors/error.js';
import type { Terminal } from './terminal.js';

/** Bytes of one file that are read at most. A text of so many can still have fewer characters than a document may. */
const MOST_BYTES = 4 * 1024 * 1024;

/** The text of a file, or of stdin for `-`. Bytes that are no UTF-8 become U+FFFD, which whoever parses it refuses. */
export async function readText(path: string, terminal: Terminal): Promise<string> {
  return new TextDecoder().decode(await readBytes(path, terminal));
}

async function readBytes(path: string, { input }: Terminal): Promise<Uint8Array> {
  if (path === '-') return readUpTo(input, 'What comes from stdin');
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const stats = await file.stat();
    if (stats.isDirectory())
      throw new RatebookError('INVALID_REQUEST', `${path} is a folder; name a file in it.`);
    if (stats.size > MOST_BYTES) throw tooLarge(`${path} has ${stats.size} bytes`);
    return await readUpTo(file.createReadStream({ autoClose: false }), path);
  } catch (error) {
    throw error instanceof RatebookError
      ? error
      : new RatebookError('INVALID_REQUEST', whyUnreadable(path, error), { cause: error });
  } finally {
    await file?.close();
  }
}

/** A pipe or a device does not tell its size, so what comes is counted. */
async function readUpTo(chunks: AsyncIterable<Uint8Array>, name: string): Promise<Uint8Array> {
  const taken: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > MOST_BYTES) throw tooLarge(`${name} goes on beyond ${MOST_BYTES} bytes`);
    taken.push(chunk);
  }
  return Buffer.concat(taken);
}

function tooLarge(what: string): RatebookError {
  return new RatebookError(
    'TOO_LARGE',
    `${what}; at most 4 MiB are read. Large price tables go into CSV files that lookups name.`,
  );
}

/** One sentence for what the operating system said of a path. */
export function whyUnreadable(path: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return `There is no file ${path}; check the name and the folder that you are in.`;
    case 'EACCES':
    case 'EPERM':
      return `${path} may not be read by you; check its permissions.`;
    default:
      return `${path} cannot be read (${error instanceof Error ? error.message : String(error)}).`;
  }
}
