import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readStrategy } from '../../src/strategy/read/read-strategy.js';
import { readSource } from '../../src/strategy/source/read-source.js';
import type { Fault } from '../../src/strategy/fault.js';

/** A document without a fault, one section a line; each case replaces one of them. */
const SECTIONS: readonly (readonly [name: string, value: string])[] = [
  ['strategy', 'test'],
  ['currency', 'USD'],
  ['time_zone', 'UTC'],
  [
    'facts',
    '{ n: { type: decimal }, m: { type: integer }, s: { type: string, one_of: [ca, cb] }, b: { type: boolean }, ' +
      'at: { type: instant }, d: { type: date }, l: { type: list }, account.seats: { type: decimal } }',
  ],
  ['derive', '{}'],
  ['lookups', '{}'],
  ['conditions', '{}'],
  ['prices', '{ p: { model: per_unit, quantity: n, unit_price: 1 } }'],
  ['rules', '[ { name: r, event: { type: charge, params: { price: p } } } ]'],
];

function documentWith(section: string, value: string): string {
  const sections = new Map([...SECTIONS, [section, value]]);
  if (value === '-') sections.delete(section);
  return [...sections].map(([name, text]) => `${name}: ${text}\n`).join('');
}

function errorsOf(text: string): readonly Fault[] {
  return readStrategy(readSource({ name: 'test.yaml', text }), []).faults.filter(
    ({ severity }) => severity === 'error',
  );
}

function show(text: string, { line, column, width, message, hint }: Fault): string {
  const marked = (text.split('\n')[line - 1] ?? '').slice(column - 1, column - 1 + width);
  return `${line}:${column} «${marked}» ${message}${hint === '' ? '' : ` (${hint})`}`;
}

const lines = readFileSync('test/strategy/refusals.txt', 'utf8').split('\n');
const cases = lines
  .filter((line) => line !== '' && !line.startsWith('#'))
  .reduce<{ input: string; expected: string[] }[]>((read, line) => {
    if (line.startsWith('    ')) read.at(-1)?.expected.push(line.trim());
    else read.push({ input: line, expected: [] });
    return read;
  }, []);

describe('what a strategy document may not say', () => {
  it('says nothing against the document that the cases start from', () => {
    assert.deepEqual(errorsOf(documentWith('strategy', 'test')), []);
  });

  for (const { input, expected } of cases) {
    it(input, () => {
      const colon = input.indexOf(':');
      const text = documentWith(input.slice(0, colon), input.slice(colon + 1).trim());
      const found = errorsOf(text).map((fault) => show(text, fault));
      assert.ok(expected.length > 0, 'the case expects a fault');
      assert.deepEqual(found, expected);
    });
  }

  it('reports the faults of different sections together, in file order', () => {
    const text = documentWith('time_zone', 'Moon')
      .replace('quantity: n', 'quantity: m2')
      .replace('price: p }', 'price: q }')
      .replace('type: date ', 'type: day ');
    assert.deepEqual(
      errorsOf(text).map(({ line }) => line),
      [3, 4, 8, 9],
    );
  });
});
