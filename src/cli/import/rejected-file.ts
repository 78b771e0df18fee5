import { type FileHandle, open, rm } from 'node:fs/promises';
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

/** Removes what a run before has left. Stdin has its file in the folder that one is in. */
export async function openRejectedFile(name: string): Promise<RejectedFile> {
  const path = `${name === '-' ? 'stdin' : name}.rejected.csv`;
  await writing(path, () => rm(path, { force: true }));
  return { path, handle: undefined };
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
    const message = `${path}, which lists the rows that are not imported, cannot be written (${said}).`;
    throw new RatebookError('INVALID_REQUEST', message, { cause });
  }
}
