import assert from 'node:assert/strict';
import { decimal, formatDecimal } from '../../src/money/decimal.js';
import { quote } from '../../src/quote/quote.js';
import { readStrategy } from '../../src/strategy/read/read-strategy.js';
import { readSource } from '../../src/strategy/source/read-source.js';
import { answerWith } from '../../src/strategy/engine/matcher.js';
import { referenceEngine } from '../../src/strategy/engine/reference.js';

type Lines = Readonly<Record<string, string>>;

/** Yen, which have no smaller unit, with one rule and the lines of a statement: the bill's amount and what each line has left. */
async function billed(event: object, lines: Lines): Promise<string> {
  const rules = [
    { name: 'half', moment: 'invoice', event: { type: 'discount', params: { percent: 50, of: ['halved'] } } },
    { name: 'bound', moment: 'invoice', event },
  ];
  const document = { strategy: 'bounds', currency: 'JPY', time_zone: 'UTC', period: 'month', rules };
  const { strategy, faults } = readStrategy(
    readSource({ name: 'bounds.json', text: JSON.stringify(document) }),
    [],
  );
  assert.ok(strategy, faults[0]?.message);
  const input = {
    moment: 'invoice' as const,
    usages: [new Map()],
    used: new Map(),
    totals: new Map(),
    lines: Object.entries(lines).map(([line, amount]) => ({ line, amount: decimal(amount) })),
    service: {},
  };
  const { amount, evaluations } = await answerWith(referenceEngine(strategy).match, quote(strategy, input));
  const left = evaluations[0]!.lines.map(({ line, net }) => `${line} ${formatDecimal(net)}`);
  return `${formatDecimal(amount)}: ${left.join(', ')}`;
}

describe('quote: minimums and maximums see rounded lines', () => {
  const minimum = (amount: number, more: object = {}) => ({ type: 'minimum', params: { amount, ...more } });
  const maximum = (amount: number) => ({ type: 'maximum', params: { amount } });
  for (const [event, lines, expected] of [
    [minimum(10000), { a: '8500.5' }, '10000: a 8501, bound 1499'],
    [minimum(10000), { a: '4000.5', b: '4000.5' }, '10000: a 4001, b 4001, bound 1998'],
    [minimum(10000), { a: '9999.5' }, '10000: a 10000'],
    [minimum(10000), { a: '9999.4' }, '10000: a 9999, bound 1'],
    [minimum(100, { measure: 'gross' }), { halved: '60.5' }, '69: halved 30, bound 39'],
    [minimum(100, { overage_factor: 1.5 }), { a: '110.5' }, '117: a 111, bound 6'],
    [maximum(100), { a: '60.5', b: '60.5' }, '100: a 61, b 39'],
    [maximum(100), { a: '50.4', b: '50.4' }, '100: a 50, b 50'],
    [maximum(0), { a: '0.5' }, '0: a 0'],
  ] as const) {
    it(`${JSON.stringify(event)} over ${JSON.stringify(lines)}`, async () => {
      assert.equal(await billed(event, lines), expected);
    });
  }

  it('a document that charges nothing may name any line, also beside a surcharge of its own', async () => {
    const surcharge = { type: 'surcharge', params: { amount: 5, of: ['a'] } };
    assert.equal(await billed(surcharge, { a: '10' }), '15: bound 5, a 10');
  });
});
