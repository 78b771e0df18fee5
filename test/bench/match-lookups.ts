import { decimal } from '../../src/money/decimal.js';
import { type LookupRow, buildRows, findRow } from '../../src/strategy/lookup-rows.js';
import type { FactValue, Lookup } from '../../src/strategy/strategy.js';
import { randomFrom, received } from './match-rules.js';
import { median, rateOf } from './match-timing.js';

const ROWS = 100_000;
const QUESTIONS = 4096;
const MOST_MICROSECONDS = 5;

type Asked = {
  readonly match: Lookup['match'];
  readonly by: readonly string[];
  readonly keysOf: (i: number) => readonly FactValue[];
};

const KINDS: Readonly<Record<string, Asked>> = {
  'exact, one key': { match: 'exact', by: ['a'], keysOf: (i) => [`key ${i}`] },
  'exact, three keys': {
    match: 'exact',
    by: ['a', 'b', 'c'],
    keysOf: (i) => [`eu ${i % 100}`, i % 2 === 0, `${i}`],
  },
  longest_prefix: { match: 'longest_prefix', by: ['a'], keysOf: (i) => [`49${i}`] },
  'up_to, one key': { match: 'up_to', by: ['a'], keysOf: (i) => [decimal(i)] },
  'up_to, after another key': {
    match: 'up_to',
    by: ['a', 'b'],
    keysOf: (i) => [`zone ${i % 10}`, decimal(i)],
  },
};

export async function lookupTable(): Promise<readonly (readonly string[])[]> {
  const rows: string[][] = [];
  for (const [name, { match, by, keysOf }] of Object.entries(KINDS)) {
    const table = Array.from({ length: ROWS }, (_, i): LookupRow => ({
      keys: keysOf(i),
      value: { kind: 'value', value: `${i}` },
    }));
    const lookup: Lookup = {
      kind: 'lookup',
      name,
      by,
      match,
      type: 'string',
      rows: buildRows(table, match).rows,
    };
    const random = randomFrom(3);
    const questions = Array.from({ length: QUESTIONS }, () =>
      keysOf(Math.floor(random() * ROWS)).map((key) => (typeof key === 'string' ? received(key) : key)),
    );
    const rates: number[] = [];
    for (let round = 0; round < 3; round++) {
      rates.push(await rateOf(questions, (keys) => (findRow(lookup, keys) === undefined ? 0 : 1), 0.2));
    }
    const microseconds = 1e6 / median(rates);
    rows.push([name, microseconds.toFixed(2), microseconds <= MOST_MICROSECONDS ? 'met' : 'NOT MET']);
  }
  return [['match', 'a lookup', `≤ ${MOST_MICROSECONDS}`], ...rows];
}
