import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { FACT_TYPES } from '../../src/strategy/strategy.js';

/** The folder of the corpus, seen from the compiled program. */
export const CORPUS = fileURLToPath(new URL('../../../test/conformance/', import.meta.url));

const facts = z.record(z.string(), z.json());
const file = z.strictObject({
  title: z.string(),
  why: z.string(),
  /** What json-rules-engine does instead; there exactly when it fails the file. */
  trap: z.string().optional(),
  facts: z.record(z.string(), z.enum(FACT_TYPES)),
  conditions: z.record(z.string(), z.json()).optional(),
  rules: z.array(z.record(z.string(), z.json())),
  cases: z
    .array(
      z.union([
        z.strictObject({ facts, matches: z.array(z.string()) }),
        z.strictObject({ facts, refused: z.string() }),
      ]),
    )
    .min(1)
    .optional(),
  refused: z.strictObject({ because: z.string(), at: z.string(), tried: facts }).optional(),
});

export type Facts = z.infer<typeof facts>;
/** What an engine is given of a file. */
export type RuleDocument = Pick<z.infer<typeof file>, 'facts' | 'conditions' | 'rules'>;
export type CorpusFile = z.infer<typeof file> & {
  readonly folder: string;
  /** With the folder, without the ending: `numbers/floats`. */
  readonly path: string;
  /** The same file with every number as the text that is written: a double would have lost digits. */
  readonly exact: z.infer<typeof file>;
};

export function readCorpus(): readonly CorpusFile[] {
  const folders = readdirSync(CORPUS, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() && entry.name !== 'adapters' ? [entry.name] : [],
  );
  return folders.sort().flatMap((folder) =>
    readdirSync(CORPUS + folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => {
        const text = readFileSync(`${CORPUS}${folder}/${name}`, 'utf8');
        const path = `${folder}/${name.replace('.json', '')}`;
        return { ...parsed(path, text), exact: parsed(path, withNumbersAsTexts(text)), folder, path };
      }),
  );
}

function parsed(path: string, text: string): z.infer<typeof file> {
  const read = file.parse(JSON.parse(text));
  if ((read.cases === undefined) === (read.refused === undefined))
    throw new Error(`${path}: either \`cases\` or \`refused\``);
  return read;
}

/** A string of JSON, or a number outside of strings. */
const TOKEN = /("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;

function withNumbersAsTexts(json: string): string {
  return json.replace(TOKEN, (token, string: string | undefined) => string ?? `"${token}"`);
}
