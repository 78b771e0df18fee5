import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decimal } from '../../src/money/decimal.js';
import { type LookupRow, buildRows, findRow } from '../../src/strategy/lookup-rows.js';
import type { FactValue, Lookup, LookupValue } from '../../src/strategy/strategy.js';

const value = (text: string): LookupValue => ({ kind: 'value', value: text });

function lookup(match: Lookup['match'], rows: readonly LookupRow[], otherwise?: LookupValue): Lookup {
  const by = (rows[0]?.keys ?? []).map((_, i) => `key${i}`);
  const built = buildRows(rows, match).rows;
  const plain: Lookup = { kind: 'lookup', name: 'test', by, match, type: 'string', rows: built };
  return otherwise === undefined ? plain : { ...plain, otherwise };
}

function table(
  match: Lookup['match'],
  rows: readonly (readonly (FactValue | undefined)[])[],
  otherwise?: string,
): Lookup {
  const texts = rows.map((keys, i): LookupRow => ({ keys, value: value(`row ${i}`) }));
  return lookup(match, texts, otherwise === undefined ? undefined : value(otherwise));
}

function found(from: Lookup, ...keys: FactValue[]): FactValue | undefined {
  const row = findRow(from, keys);
  return row?.kind === 'value' ? row.value : row?.fact;
}

describe('strategy/lookup-rows', () => {
  const exact = table('exact', [
    ['eu', 's'],
    ['eu', 'l'],
    ['us', 's'],
  ]);
  const prefix = table('longest_prefix', [['49'], ['4930'], ['0049'], ['7']]);
  const bounds = table('up_to', [
    ['eu', decimal(10)],
    ['eu', undefined],
    ['eu', decimal('2.5')],
    ['us', decimal(1)],
  ]);
  const dates = table('exact', [['2026-01-01'], ['2026-12-25']], 'workday');

  for (const [what, from, keys, expected] of [
    ['exact: both keys', exact, ['eu', 'l'], 'row 1'],
    ['exact: no such pair', exact, ['us', 'l'], undefined],
    ['exact: keys do not run together', table('exact', [['ab', 'c']]), ['a', 'bc'], undefined],
    ['exact: 1.50 is 1.5', table('exact', [[decimal('1.50')]]), [decimal('1.5')], 'row 0'],
    ['exact: "007" is not "7"', table('exact', [['7']]), ['007'], undefined],
    ['exact: an instant', table('exact', [[5n]]), [5n], 'row 0'],
    ['exact: a boolean', table('exact', [[true], [false]]), [false], 'row 1'],
    ['longest_prefix: the longest', prefix, ['49301234'], 'row 1'],
    ['longest_prefix: a shorter one', prefix, ['4989'], 'row 0'],
    ['longest_prefix: leading zeros count', prefix, ['004930'], 'row 2'],
    ['longest_prefix: shorter than every row', prefix, ['4'], undefined],
    ['longest_prefix: the whole text', prefix, ['7'], 'row 3'],
    [
      'longest_prefix: an empty prefix takes the rest',
      table('longest_prefix', [[''], ['1']]),
      ['9'],
      'row 0',
    ],
    ['up_to: below the first', bounds, ['eu', decimal(0)], 'row 2'],
    ['up_to: at a bound', bounds, ['eu', decimal('2.5')], 'row 2'],
    ['up_to: just above it', bounds, ['eu', decimal('2.500000000000000001')], 'row 0'],
    ['up_to: above all, last without bound', bounds, ['eu', decimal(11)], 'row 1'],
    ['up_to: above all, none without bound', bounds, ['us', decimal(2)], undefined],
    ['up_to: times of day', table('up_to', [['08:00'], ['20:00']]), ['08:01'], 'row 1'],
    ['otherwise', dates, ['2026-01-02'], 'workday'],
    ['otherwise does not replace a row', dates, ['2026-12-25'], 'row 1'],
  ] as const) {
    it(what, () => {
      assert.equal(found(from, ...keys), expected);
    });
  }

  it('tells rows with the same keys and keeps the first', () => {
    const rows = [decimal('1.0'), decimal(2), decimal(1)].map((key, i) => ({
      keys: ['eu', key],
      value: value(`row ${i}`),
    }));
    const built = buildRows(rows, 'up_to');
    assert.deepEqual(built.doubles, [{ first: 0, second: 2 }]);
    assert.equal(found({ ...lookup('up_to', []), rows: built.rows }, 'eu', decimal(1)), 'row 0');
  });

  it('a list is not a key', () => {
    assert.throws(() => buildRows([{ keys: [['a', 'b']], value: value('x') }], 'exact'), {
      reason: 'INTERNAL',
    });
  });

  it('longest_prefix and up_to find what a look at every row finds', () => {
    const texts = fc.uniqueArray(fc.stringMatching(/^[0-2]{0,4}$/), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(texts, fc.stringMatching(/^[0-2]{0,5}$/), (keys, asked) => {
        const prefixes = keys.filter((key) => asked.startsWith(key)).sort((a, b) => b.length - a.length);
        const above = keys.filter((key) => key >= asked).sort();
        const rows = keys.map((key): LookupRow => ({ keys: [key], value: value(key) }));
        assert.equal(found(lookup('longest_prefix', rows), asked), prefixes[0]);
        assert.equal(found(lookup('up_to', rows), asked), above[0]);
      }),
    );
  });

  it('finds among 100,000 rows by their keys alone', () => {
    const rows = Array.from({ length: 100_000 }, (_, i): LookupRow => ({
      keys: [`${i}`.padStart(6, '0')],
      value: value(`${i}`),
    }));
    const deck = lookup('longest_prefix', rows);
    const bucket = deck.rows.get('');
    assert.ok(bucket?.kind === 'by_text');
    let probes = 0;
    const counted = new Map(bucket.values);
    counted.get = (key: string) => (probes++, bucket.values.get(key));
    const probing = { ...deck, rows: new Map([['', { ...bucket, values: counted }]]) };
    assert.equal(found(probing, '099999123456789'), '99999');
    assert.equal(probes, 1);
    assert.equal(found(probing, '9'.repeat(1_000)), undefined);
    assert.equal(probes, 8);
  });
});
