import type { Stats } from 'node:fs';
import { type FileHandle, lstat, open, rm, stat } from 'node:fs/promises';
import { RatebookError } from '../../errors/error.js';

/** A row that is not stored. */
export type Rejected = {
  /** Where it starts in the file, from 1. */
  readonly line: number;
  /** Why, for programs. */
  readonly reason: string;
  readonly message: string;
};

/** A CSV file of the rows that a run could not import: made with the first of them, and none without. */
export type RejectedFile = { readonly path: string; handle: FileHandle | undefined };

const TITLES = 'line,reason,message\n';

/** Stdin has its file in the folder that one is in. */
export function rejectedBeside(name: string): string {
  return `${name === '-' ? 'stdin' : name}.rejected.csv`;
}

/**
 * Removes what a run before has left. A link, a device or a pipe stays and is written to. Throws INVALID_REQUEST when that
 * would be the imported file itself, by whatever path.
 */
export async function openRejectedFile(path: string, imported: string): Promise<RejectedFile> {
  if (await isSameFile(path, imported))
    throw new RatebookError(
      'INVALID_REQUEST',
      `${path} is what is imported; list its rejected rows in another file.`,
    );
  await writing(path, async () => {
    const found = await statsOf(path, lstat);
    if (found?.isFile() || found?.isDirectory()) await rm(path);
  });
  return { path, handle: undefined };
}

async function isSameFile(path: string, imported: string): Promise<boolean> {
  const [a, b] = [await statsOf(path, stat), await statsOf(imported, stat)];
  return a !== undefined && a.dev === b?.dev && a.ino === b.ino;
}

/** Undefined for what is not there or cannot be looked at. */
async function statsOf(path: string, look: (path: string) => Promise<Stats>): Promise<Stats | undefined> {
  try {
    return await look(path);
  } catch {
    return undefined;
  }
}

export async function writeRejected(file: RejectedFile, rows: readonly Rejected[]): Promise<void> {
  if (rows.length === 0) return;
  await writing(file.path, async () => {
    if (file.handle === undefined) {
      file.handle = await open(file.path, 'w');
      await file.handle.write(TITLES);
    }
    await file.handle.write(rows.map(csvLine).join(''));
  });
}

export async function closeRejectedFile({ handle }: RejectedFile): Promise<void> {
  await handle?.close();
}

function csvLine({ line, reason, message }: Rejected): string {
  return `${line},${reason},${quoted(message)}\n`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

async function writing(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    const message = `${path}, which lists the rows that are not imported, cannot be written (${said}); name another with --rejected.`;
    throw new RatebookError('INVALID_REQUEST', message, { cause });
  }
}
