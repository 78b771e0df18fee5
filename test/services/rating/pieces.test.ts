import assert from 'node:assert/strict';
import fc from 'fast-check';
import { times } from '../../../src/money/arithmetic.js';
import { parseDecimal } from '../../../src/money/decimal.js';
import { fromPieces, toPieces } from '../../../src/services/rating/revisions/pieces.js';
import { exampleNames, readExample, rulesFile } from '../../rules/example.js';

/** What arrives, and in how many pieces. */
function sent(value: unknown): { readonly arrived: unknown; readonly pieces: number } {
  const pieces = toPieces(value);
  const arriving = fromPieces({ ...pieces, bytes: structuredClone(pieces.bytes) });
  for (let count = 0; ; count++) {
    const step = arriving.next();
    if (step.done === true) return { arrived: step.value, pieces: count };
  }
}

const number = (text: string) => {
  const read = parseDecimal(text);
  assert.ok(read.ok);
  return read.value;
};

const WIDE = number('-1234567890123456.123456789012345678');

const many = Array.from({ length: 12_345 }, (_, i) => i);

function strategyWithTiers(tiers: readonly object[]) {
  const document = {
    ...{ strategy: 'many-tiers', title: 'Many tiers', currency: 'USD', time_zone: 'UTC' },
    facts: { units: { type: 'decimal', billable: true } },
    prices: { unit: { model: 'graduated', quantity: 'units', tiers } },
    rules: [{ name: 'unit', event: { type: 'charge', params: { price: 'unit' } } }],
  };
  const { strategy } = readExample({ name: 'many-tiers.json', text: JSON.stringify(document) });
  assert.ok(strategy);
  return strategy;
}

describe('services/rating: data in pieces', () => {
  for (const [name, value] of [
    ['an empty text', ''],
    ['a text', 'Überschuß €'],
    ['yes', true],
    ['a count', 7],
    ['an instant', 1_767_225_600_123_456_789n],
    ['a decimal', number('-0.0015')],
    ['a wide decimal', WIDE],
    ['a product of two that are', times(WIDE, WIDE)],
    ['nothing', undefined],
    ['an object', { a: 1, b: { c: undefined, __proto: 'x', constructor: 'y' } }],
    ['a list of lists', [[], ['a'], [['a']]]],
    ['a set', new Set(['a', 'b'])],
    ['a map of maps', new Map([['a', new Map([['b', number('1.5')]])]])],
    ['a text that looks like a tag', ['decimal', '1', ['list', 'decimal']]],
    ['a long list', many],
    ['a long set', new Set(many)],
    ['a long map', new Map(many.map((i) => [String(i), { i }]))],
    ['two long lists that begin alike', [many, many.slice(0, 2_000), many]],
  ] as const) {
    it(`${name} arrives as it was`, () => {
      assert.deepEqual(sent(value).arrived, value);
    });
  }

  it('a price of very many tiers arrives as it was, and soon', () => {
    const last = 3_000;
    const tiers = Array.from({ length: last }, (_, i) =>
      i === last - 1 ? { unit_price: 1 } : { up_to: i + 1, unit_price: '0.123456789012345678', per: 7 },
    );
    const strategy = strategyWithTiers(tiers);
    assert.deepEqual(sent(strategy).arrived, strategy);
    const few = strategyWithTiers([...tiers.slice(0, 90), { unit_price: 1 }]);
    assert.deepEqual(sent(few).arrived, few);
  });

  for (const name of exampleNames) {
    it(`the strategy of ${name} arrives as it was`, () => {
      const { strategy } = readExample(rulesFile(name));
      assert.ok(strategy);
      assert.deepEqual(sent(strategy).arrived, strategy);
    });
  }

  it('any data arrives as it was', () => {
    const { data } = fc.letrec<{ data: unknown }>((tie) => ({
      data: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.string({ unit: 'grapheme' }),
        fc.boolean(),
        fc.integer(),
        fc.bigInt(),
        fc.constant(undefined),
        fc.integer().map((n) => number(`${n}.5`)),
        fc.bigInt({ min: 0n, max: 10n ** 16n - 1n }).map((n) => number(`${n}.000000000000000001`)),
        fc.array(tie('data')),
        // Of plain values, as a strategy has them: two equal nodes in a set would arrive as one.
        fc.uniqueArray(fc.string()).map((items) => new Set(items)),
        fc.array(fc.tuple(fc.string(), tie('data'))).map((entries) => new Map(entries)),
        fc.dictionary(fc.stringMatching(/^[a-zA-Z]{1,8}$/), tie('data'), { noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(data, (value) => {
        assert.deepEqual(sent(value).arrived, value);
      }),
    );
  });

  it('much data comes in many pieces', () => {
    assert.ok(sent(many.map(String)).pieces > 10);
  });

  it('equal parts are one', () => {
    const leaf = () => ({ fact: 'units', value: number('1.50') });
    const [a, b] = sent([leaf(), leaf()]).arrived as unknown[];
    assert.equal(a, b);
  });

  for (const value of [() => 1, Symbol('a'), null]) {
    it(`${typeof value} is refused`, () => {
      assert.throws(() => toPieces([value]), { message: `A ${typeof value} cannot go to another thread.` });
    });
  }
});
