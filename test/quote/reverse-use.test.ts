import assert from 'node:assert/strict';
import { formatDecimal } from '../../src/money/decimal.js';
import type { RatedUse } from '../../src/quote/quote.js';
import { reverseUse } from '../../src/quote/reverse-use.js';
import { byWindow } from '../../src/quote/stored-totals.js';
import { restoreTotals } from '../../src/quote/totals.js';
import { compiledEngine } from '../../src/strategy/engine/compiled.js';
import { answerNow } from '../../src/strategy/engine/matcher.js';
import { type Document, type Use, charge, inputOf, rule, strategyFrom, when } from './priced.js';
import { type Kept, recorderOf, standing } from './recording.js';

const decimals = { type: 'decimal', default: 0 };
const facts = { a: decimals, b: decimals, team: { type: 'string', default: 'x' } };
const unit = (rest: Document = {}): Document => ({
  model: 'per_unit',
  quantity: 'a',
  unit_price: 1,
  ...rest,
});
const tiers = [{ up_to: 10, unit_price: 1 }, { unit_price: 0.5 }];
const graduated = (rest: Document = {}): Document => ({ model: 'graduated', quantity: 'a', tiers, ...rest });
const one = (price: Document, ...rules: readonly Document[]): Document => ({
  facts,
  prices: { a: price },
  rules: [charge('a'), ...rules],
});
const at = '2026-01-05T12:00:00Z';

/** Records the uses, then takes back those of the given positions, then records what follows. */
function run(document: Document, uses: readonly Use[], back: readonly number[], then: readonly Use[] = []) {
  const store: Kept = new Map();
  const { record, reverse } = recorderOf(strategyFrom(document), store);
  const input = (use: Use) => inputOf({ facts: { occurred_at: at, ...use } });
  const recorded = uses.map((use) => record(input(use)));
  const reversed = back.map((i) => reverse(recorded[i]!));
  const rated = then.map((use) => record(input(use)).rated);
  return { recorded, reversed, rated, store };
}

const amounts = (rated: readonly RatedUse[]) =>
  rated.map(({ evaluation }) => formatDecimal(evaluation.amount)).join(' ');
const used = (...quantities: readonly number[]): readonly Use[] => quantities.map((a) => ({ a }));
const early = when('used.a', 'lessThan', 10);

type Row = readonly [
  why: string,
  document: Document,
  uses: readonly Use[],
  back: readonly number[],
  amounts: string,
  then?: readonly Use[],
];

const rows: readonly Row[] = [
  ['at the totals of now, not of then', one(graduated()), used(8, 4), [0, 1], '8 3 | -7 -4'],
  [
    'in the window of the use',
    one(graduated()),
    [{ a: 8 }, { a: 20, occurred_at: '2026-02-01T00:00:00Z' }],
    [0],
    '8 15 | -8',
  ],
  [
    'in the group of the use',
    one(graduated({ group_by: ['team'] })),
    [{ a: 8 }, { a: 20, team: 'y' }],
    [0],
    '8 15 | -8',
  ],
  [
    'with the fee of a tier when it was the only use',
    one(graduated({ tiers: [{ flat: 3, unit_price: 1 }] })),
    used(2, 1),
    [0, 1],
    '5 1 | -2 -4',
  ],
  [
    'a price that starts again with each use: by what it came to',
    one(graduated({ resets: 'each' })),
    used(12, 4),
    [0],
    '11 4 | -11',
  ],
  [
    'its free units to the counter that shares them',
    one(unit({ resets: 'each', free: { quantity: 4, per: 'month' } })),
    used(3, 3),
    [0],
    '0 2 | 0 | 0 1',
    used(3, 1),
  ],
  [
    'a percentage by what it came to, and the free event with it',
    one({ model: 'percentage', of: 'a', percent: 10, free_events: 1 }),
    used(100, 1),
    [0, 1],
    '0 0.1 | 0 -0.1 | 0 5',
    used(50, 50),
  ],
  [
    'what rounds each rating',
    one(unit({ round_rating: { to: 1, mode: 'up' } })),
    used(1.2, 1.2),
    [0],
    '2 2 | -2',
  ],
  [
    'percentages anew, of what it takes back',
    one(graduated(), rule('off', 'discount', { percent: 50 })),
    used(8, 4),
    [0],
    '4 1.5 | -3.5',
  ],
  [
    'free units of a discount as they were',
    one(graduated(), rule('off', 'discount', { free_quantity: 2 })),
    used(8, 4),
    [0, 1],
    '6 1 | -5 -2',
  ],
  [
    'an amount as it was, even past zero',
    one(graduated(), rule('off', 'discount', { amount: 8 })),
    used(8, 4),
    [0, 1],
    '0 0 | 1 -1',
  ],
  [
    'free units, then percentages, then amounts',
    one(
      unit(),
      rule('p', 'discount', { percent: 50 }),
      rule('f', 'discount', { free_quantity: 2 }),
      rule('m', 'discount', { amount: 1 }),
    ),
    used(10, 10),
    [0],
    '3 3 | -3',
  ],
  ['fixed surcharges', one(unit(), rule('call', 'surcharge', { amount: 3 })), used(2, 5), [0], '5 8 | -5'],
  [
    'surcharges on what is left',
    one(graduated(), rule('fuel', 'surcharge', { percent: 10 })),
    used(8, 4),
    [0],
    '8.8 3.3 | -7.7',
  ],
  [
    'by the rules that won then, whatever was counted since',
    one(unit(), rule('first', 'discount', { percent: 50 }, early)),
    used(8, 8, 8),
    [0, 2],
    '4 4 8 | -4 -8',
  ],
  [
    'what a rule would refuse now',
    one(
      unit(),
      rule('full', 'reject', { code: 'FULL', message: 'No more.' }, when('used.a', 'greaterThan', 10)),
    ),
    used(8, 8),
    [0],
    '8 8 | -8',
  ],
  [
    'lines that share a counter, the last one first',
    {
      facts,
      prices: { a: graduated({ counter: 'both' }), b: graduated({ quantity: 'b', counter: 'both' }) },
      rules: [charge('a'), charge('b')],
    },
    [
      { a: 4, b: 8 },
      { a: 1, b: 1 },
    ],
    [0],
    '11 1 | -10',
  ],
];

describe('quote: taking a use back', () => {
  for (const [why, document, uses, back, expected, then] of rows) {
    it(`takes back ${why}`, () => {
      const { recorded, reversed, rated } = run(document, uses, back, then);
      const parts = [recorded.map(({ rated: own }) => own), reversed, rated];
      assert.equal(
        parts
          .filter((part) => part.length > 0)
          .map(amounts)
          .join(' | '),
        expected,
      );
    });
  }

  it('says what it counted down, and from where', () => {
    const { reversed } = run(one(graduated()), used(8, 4), [0]);
    const [line] = reversed[0]!.evaluation.lines;
    assert.deepEqual(
      [line!.quantity, line!.usedBefore, line!.amount, ...line!.shares.map(({ amount }) => amount)].map(
        formatDecimal,
      ),
      ['-8', '12', '-7', '-6', '-1'],
    );
  });

  const linesOf = ({ evaluation }: RatedUse) =>
    evaluation.lines.map(({ line, amount }) => `${line} ${formatDecimal(amount)}`);

  it('takes lines that share a counter back from the last one on', () => {
    const shared = (quantity: string) => graduated({ quantity, counter: 'both' });
    const document = {
      facts,
      prices: { a: shared('a'), b: shared('b') },
      rules: [charge('a'), charge('b')],
    };
    const uses = [
      { a: 4, b: 8 },
      { a: 1, b: 1 },
    ];
    assert.deepEqual(linesOf(run(document, uses, [0]).reversed[0]!), ['a -4', 'b -6']);
  });

  it('takes back each line of the last use, also where one has taken what another gave up', () => {
    const maximum = { amount: 20, counter: 'most' };
    const cheaper = { model: 'volume', quantity: 'a', tiers: [{ up_to: 6, flat: 5 }, { unit_price: 0 }] };
    const document = {
      facts,
      prices: { a: { ...cheaper, maximum }, b: unit({ quantity: 'b', maximum }) },
      rules: [charge('a'), charge('b')],
    };
    const uses = [
      { a: 1, b: 20 },
      { a: 10, b: 5 },
    ];
    const { recorded, reversed } = run(document, uses, [1]);
    assert.deepEqual(linesOf(recorded[1]!.rated), ['a -5', 'b 5']);
    assert.deepEqual(linesOf(reversed[0]!), ['a 5', 'b -5']);
  });

  it('leaves the counters as they were when all is taken back', () => {
    const { store } = run(
      one(unit({ free: { quantity: 4, per: 'day' }, maximum: 3 })),
      used(3, 6, 2),
      [1, 0, 2],
    );
    assert.deepEqual(standing(store), []);
  });

  it('takes a measured line back without an amount', () => {
    const { reversed, store } = run(one(unit({ aggregate: 'max' })), used(3), [0]);
    assert.deepEqual(
      reversed[0]!.evaluation.lines.map(({ kind, quantity, amount }) => [
        kind,
        formatDecimal(quantity),
        formatDecimal(amount),
      ]),
      [['measured', '-3', '0']],
    );
    assert.deepEqual(standing(store), []);
  });

  it('comes out the same again from its own `before` and that of the use', () => {
    const document = one(
      unit({ free: { quantity: 4, per: 'day' }, maximum: 3 }),
      rule('first', 'discount', { percent: 50 }, early),
    );
    const strategy = strategyFrom(document);
    const { recorded, reversed } = run(document, used(3, 9, 2), [1]);
    const { input, rated } = recorded[1]!;
    const totals = restoreTotals(strategy, byWindow(reversed[0]!.before));
    const again = answerNow(
      compiledEngine(strategy).match,
      reverseUse(strategy, input, { index: 0, totals, before: rated.before }),
    );
    assert.deepEqual(again.evaluation.lines, reversed[0]!.evaluation.lines);
    assert.deepEqual(again.evaluation.discounts, reversed[0]!.evaluation.discounts);
    assert.deepEqual(again.before, reversed[0]!.before);
  });

  it('counts nothing down below zero where nothing is counted any more', () => {
    const strategy = strategyFrom(one(graduated()));
    const { record } = recorderOf(strategy, new Map());
    const { input } = record(inputOf({ facts: { a: 12, occurred_at: at } }));
    const emptied: Kept = new Map();
    const back = recorderOf(strategy, emptied).reverse({
      input,
      rated: { ...record(input).rated, before: [] },
    });
    assert.equal(amounts([back]), '-11');
    assert.deepEqual(standing(emptied), []);
  });
});
