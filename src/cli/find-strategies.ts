import { type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RatebookError } from '../errors/error.js';
import { nodeAt } from '../strategy/source/place.js';
import { readSource } from '../strategy/source/read-source.js';
import { readText, whyUnreadable } from './read-file.js';
import { isCasesFile } from './strategy-file.js';
import type { Terminal } from './terminal.js';

/** The files among the paths as they are, and of folders every strategy file in them, in the order of their names. */
export async function findStrategies(
  paths: readonly string[],
  terminal: Terminal,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of paths)
    found.push(...((await isFolder(path)) ? await searchFolder(path, terminal) : [path]));
  return [...new Set(found)];
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

async function searchFolder(folder: string, terminal: Terminal): Promise<readonly string[]> {
  const files: string[] = [];
  for (const file of await candidatesIn(folder)) {
    if (await looksLikeStrategy(file, terminal)) files.push(file);
  }
  if (files.length === 0)
    throw new RatebookError('INVALID_REQUEST', `There is no strategy file in ${folder}.`);
  return files;
}

async function candidatesIn(folder: string): Promise<readonly string[]> {
  const entries = await entriesOf(folder);
  const nested = entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(async (entry): Promise<readonly string[]> => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return isHidden(entry.name) ? [] : candidatesIn(path);
      return /\.(ya?ml|json)$/i.test(entry.name) && !isCasesFile(entry.name) ? [path] : [];
    });
  return (await Promise.all(nested)).flat();
}

function isHidden(folder: string): boolean {
  return folder.startsWith('.') || folder === 'node_modules';
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    throw new RatebookError('INVALID_REQUEST', whyUnreadable(folder, cause), { cause });
  }
}

/** A folder holds other YAML and JSON too. What cannot be read as either may have been meant as a strategy. */
async function looksLikeStrategy(path: string, terminal: Terminal): Promise<boolean> {
  const { root } = readSource({ name: path, text: await readText(path, terminal) });
  return root === undefined || nodeAt(root, ['strategy']) !== undefined;
}
