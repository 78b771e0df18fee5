import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Drawn } from './drawn.js';

/** The folder of differences that were found once, seen from the compiled test. */
const FOUND = fileURLToPath(new URL('../../../../../test/property/strategy/engine/found/', import.meta.url));

/** A difference that was found: what was drawn, and what the two engines said of it then. */
export type Found = Drawn & { readonly why: string };

export function readFound(): readonly (readonly [file: string, found: Found])[] {
  return readdirSync(FOUND)
    .filter((file) => file.endsWith('.json'))
    .map((file) => [file, JSON.parse(readFileSync(FOUND + file, 'utf8')) as Found]);
}

/** Keeps a difference, so that every run of the tests looks at it from now on. Answers the file's path. */
export function keepFound(name: string, found: Found): string {
  mkdirSync(FOUND, { recursive: true });
  const file = `${FOUND}${name}.json`;
  writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`);
  return file;
}
