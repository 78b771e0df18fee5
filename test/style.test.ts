import assert from 'node:assert/strict';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const root = fileURLToPath(new URL('../../', import.meta.url));

const IMPURE = [
  'export const at = Date.now();',
  'export const at = new Date();',
  'export const chance = Math.random();',
  'export const at = Temporal.Now.instant();',
  "import { randomUUID } from 'node:crypto';",
  'export const at = performance.now();',
  'export const id = crypto.randomUUID();',
  "export const home = process.env['HOME'];",
  "console.log('here');",
  "export const page = fetch('http://localhost');",
  "export const later = () => import('./decimal.js');",
];
const WAITING = [
  'export async function wait() {}',
  'export const wait = async () => 1;',
  'export type Later = Promise<string>;',
  'setTimeout(() => undefined, 1);',
];
const ANYWHERE = [
  'export class Price {}',
  'export const price = 1 as unknown as string;',
  "export const price = parseFloat('1');",
  "export const price = Number.parseFloat('1');",
  'export const many = (a: 1, b: 1, c: 1, d: 1, e: 1) => [a, b, c, d, e];',
  `export function long() {\n${'f();\n'.repeat(60)}}`,
  'export interface Price {}',
  'export const price = rate!.price;',
];
const OPENS = 'session.startTransaction();';

/** A text in a file, and whether the linter has something against it. */
const TEXTS: readonly (readonly [file: string, text: string, fault: boolean])[] = [
  ...['money', 'quote', 'strategy/ties', 'analysis', 'simulation'].flatMap((room) =>
    [...IMPURE, ...WAITING, ...ANYWHERE].map((text) => [`src/${room}/planted.ts`, text, true] as const),
  ),
  ...IMPURE.map((text) => ['src/strategy/engine/reference.ts', text, true] as const),
  ...WAITING.map((text) => ['src/strategy/engine/reference.ts', text, false] as const),
  ...ANYWHERE.map((text) => ['src/cli/planted.ts', text, true] as const),
  ...[...IMPURE, ...WAITING].map((text) => ['src/cli/planted.ts', text, false] as const),
  ['src/services/rating/planted.ts', OPENS, true],
  ['src/platform/mongo/transaction.ts', OPENS, false],
  ['src/errors/error.ts', 'export class RatebookError extends Error {}', false],
  ['src/errors/error.ts', 'export const at = Date.now();', true],
  ['src/money/planted.ts', '// eslint-disable-next-line\nexport class Price {}', true],
  ['src/money/planted.ts', `export const at = new Date('2026-01-05');`, false],
  ['src/cli/table-helper.ts', 'export const one = 1;', true],
  ['src/money/utils.ts', 'export const one = 1;', true],
  ['src/common/money.ts', 'export const one = 1;', true],
  ['test/misc.ts', 'export const one = 1;', true],
];

/** The rules that are ours; what a planted text breaks besides does not count. */
const OURS = new Set([
  'no-restricted-syntax',
  'max-params',
  'max-lines-per-function',
  '@typescript-eslint/consistent-type-definitions',
  '@typescript-eslint/no-non-null-assertion',
]);

describe('the style', function () {
  this.timeout(60_000);
  // Without types: these rules look at syntax alone, and the files are not there.
  const untyped = {
    rules: tseslint.configs.disableTypeChecked.rules,
    languageOptions: { parserOptions: { projectService: false } },
  };
  const eslint = new ESLint({
    cwd: root,
    overrideConfigFile: join(root, '.config/eslint.js'),
    overrideConfig: untyped,
  });

  for (const [file, text, fault] of TEXTS) {
    it(`${fault ? 'refuses' : 'takes'} ${text.slice(0, 60).replaceAll('\n', ' ')} in ${file}`, async () => {
      const [result] = await eslint.lintText(text, { filePath: join(root, file) });
      const found = (result?.messages ?? []).filter(({ ruleId }) => ruleId !== null && OURS.has(ruleId));
      assert.equal(found.length > 0, fault, JSON.stringify(result?.messages));
    });
  }
});
