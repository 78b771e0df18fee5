import { constants } from 'node:fs';
import { type FileHandle, access, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { RatebookError } from '../errors/error.js';

/**
 * Writes a new text into a file that is there. It goes into a file beside it first, which then takes its place: whatever
 * goes wrong, the file has its old text or its new one. Throws INVALID_REQUEST for a file that cannot be written.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  try {
    // A link stays one, and what it leads to changes.
    const target = await realpath(path);
    // Taking a file's place asks for no permission on the file itself.
    await access(target, constants.W_OK);
    await putInPlace(target, text);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new RatebookError('INVALID_REQUEST', `${path} cannot be written (${said}); it is as it was.`, {
      cause,
    });
  }
}

async function putInPlace(target: string, text: string): Promise<void> {
  const beside = `${target}.${process.pid}.tmp`;
  const { mode } = await stat(target);
  const file = await open(beside, 'wx', mode);
  try {
    await writeAll(file, text);
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** On disk before it takes the place of the old text. */
async function writeAll(file: FileHandle, text: string): Promise<void> {
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
