import assert from 'node:assert/strict';
import { plus, sum } from '../../src/money/arithmetic.js';
import { ZERO, formatDecimal } from '../../src/money/decimal.js';
import type { ConditionExplanation } from '../../src/quote/explain-condition.js';
import { type Document, charge, explained, priced, rule, shown, when } from './priced.js';

const document = (...rules: readonly Document[]): Document => ({
  facts: {
    units: { type: 'decimal', default: 0, billable: true },
    other: { type: 'decimal', default: 0, billable: true },
    tags: { type: 'list', default: [] },
    plan: { type: 'string', optional: true },
    since: { type: 'date', default: '2026-01-05' },
  },
  conditions: { large: { all: [{ fact: 'units', operator: 'greaterThan', value: 5 }] } },
  prices: {
    unit: { model: 'graduated', quantity: 'units', tiers: [{ up_to: 4, unit_price: 2 }, { unit_price: 1 }] },
    cheap: { model: 'per_unit', quantity: 'units', unit_price: 1 },
  },
  rules,
});
const never = when('units', 'lessThan', 0);
const off = (name: string, params: Document, rest: Document = {}) => rule(name, 'discount', params, rest);
const facts = { units: 10 };

describe('quote: what became of each rule', () => {
  for (const [name, rules, asked, expected] of [
    ['won', [charge('unit')], { facts }, ['won: It charges unit on the line unit.']],
    [
      'beaten',
      [charge('unit', 'x'), charge('cheap', 'x', { priority: 2 })],
      { facts },
      [
        'beaten: On the line x, charge cheap has priority 2, this one 1.',
        'won: It charges cheap on the line x.',
      ],
    ],
    [
      'beaten by file order',
      [charge('unit', 'x', { priority: 3 }), charge('cheap', 'x', { priority: 3 })],
      { facts },
      [
        'won: It charges unit on the line x.',
        'beaten: On the line x, charge unit stands earlier in the file.',
      ],
    ],
    [
      'not matched',
      [charge('unit'), off('o', { percent: 10 }, never)],
      { facts },
      ['won: It charges unit on the line unit.', 'not_matched: Its conditions do not hold.'],
    ],
    [
      'applied',
      [charge('unit'), off('o', { percent: 10 })],
      { facts },
      ['won: It charges unit on the line unit.', 'applied: It takes off 1.4.'],
    ],
    [
      'not applied',
      [charge('unit'), off('o', { percent: 10 }), off('e', { percent: 20, exclusive: true })],
      { facts },
      [
        'won: It charges unit on the line unit.',
        'not_applied: It takes nothing off: its lines are not charged, cost nothing, or an exclusive discount stands first.',
        'applied: It takes off 2.8.',
      ],
    ],
    [
      'a surcharge',
      [charge('unit'), rule('s', 'surcharge', { percent: 10 })],
      { facts },
      ['won: It charges unit on the line unit.', 'applied: It changes the bill as a surcharge.'],
    ],
    [
      'rejected',
      [charge('unit'), rule('r', 'reject', { code: 'NO', message: 'Not here.' })],
      { facts },
      ['not_applied: Nothing was charged on the line unit.', 'applied: It refuses this use: Not here.'],
    ],
    ['no price', [charge('unit', 'x', never)], { facts }, ['not_matched: Its conditions do not hold.']],
    [
      'no price in part',
      [charge('unit')],
      { facts: { units: 1, other: 1 } },
      ['not_applied: Nothing was charged on the line unit.'],
    ],
    [
      'a grant',
      [
        charge('unit', 'unit', { moment: 'purchase' }),
        rule('g', 'grant', { units: 5 }, { moment: 'purchase' }),
      ],
      { facts, moment: 'purchase' },
      ['won: It charges unit on the line unit.', 'applied: It gives 5 unit.'],
    ],
  ] as const) {
    it(name, async () => {
      const { explanations } = await explained(document(...rules), asked);
      assert.deepEqual(
        explanations[0]!.rules.map(({ outcome, reason }) => `${outcome}: ${reason}`),
        expected,
      );
    });
  }

  it('rules stand in file order with their priorities, those of other moments are left out', async () => {
    const { explanations } = await explained(
      document(
        charge('unit', 'x'),
        charge('cheap', 'x', { priority: 2 }),
        charge('cheap', 'y', { name: 'p', moment: 'purchase' }),
      ),
      { facts },
    );
    assert.deepEqual(
      explanations[0]!.rules.map((one) => [one.rule, one.priority, one.matched]),
      [
        ['charge unit', 1, true],
        ['charge cheap', 2, true],
      ],
    );
  });

  it('without a price there is the error, and why nothing matched', async () => {
    const { quote, error, explanations } = await explained(document(charge('unit', 'x', never)), { facts });
    assert.equal(quote, undefined);
    assert.equal(error?.reason, 'NO_PRICE');
    assert.equal(explanations[0]?.rules[0]?.conditions?.holds, false);
  });

  it('facts that are refused are an error without explanation', async () => {
    const { error, explanations } = await explained(document(charge('unit')), { facts: { units: 'x' } });
    assert.equal(error?.reason, 'INVALID_FACTS');
    assert.deepEqual(explanations, []);
  });
});

/** A condition on one line: `✓ all(✗ units greaterThan 5 [3])`. */
function told({ kind, holds, name, leaf, children }: ConditionExplanation): string {
  const mark = holds ? '✓' : '✗';
  if (leaf !== undefined)
    return `${mark} ${leaf.fact} ${leaf.operator} ${leaf.wanted} [${leaf.found ?? 'not sent'}]`;
  return `${mark} ${name ?? kind}(${children.map(told).join(', ')})`;
}

describe('quote: why a condition holds', () => {
  const one = (fact: string, operator: string, value: unknown) => ({ fact, operator, value });
  for (const [conditions, sent, expected] of [
    [{ all: [one('units', 'greaterThan', '5.0')] }, { units: 3 }, '✗ all(✗ units greaterThan 5 [3])'],
    [{ all: [one('units', 'greaterThan', 5)] }, { units: 6 }, '✓ all(✓ units greaterThan 5 [6])'],
    [{ all: [one('plan', 'not:equal', 'pro')] }, {}, '✗ all(✗ plan not:equal pro [not sent])'],
    [
      { all: [one('units', 'lessThan', { fact: 'other' })] },
      { units: 1, other: 2 },
      '✓ all(✓ units lessThan other (2) [1])',
    ],
    [
      { all: [one('plan', 'equal', 'a'), one('units', 'equal', 1)] },
      { plan: 'b', units: 1 },
      '✗ all(✗ plan equal a [b], ✓ units equal 1 [1])',
    ],
    [
      { any: [one('plan', 'equal', 'a'), one('units', 'equal', 1)] },
      { plan: 'b', units: 1 },
      '✓ any(✗ plan equal a [b], ✓ units equal 1 [1])',
    ],
    [{ not: one('units', 'equal', 1) }, { units: 1 }, '✗ not(✓ units equal 1 [1])'],
    [
      { all: [one('tags', 'someFact:in', ['a', 'b'])] },
      { tags: ['c', 'b'] },
      '✓ all(✓ tags someFact:in [a, b] [[c, b]])',
    ],
    [
      { all: [one('since', 'lessThan', '2026-02-01')] },
      {},
      '✓ all(✓ since lessThan 2026-02-01 [2026-01-05])',
    ],
    [
      { any: [{ condition: 'large' }, { not: { condition: 'large' } }] },
      { units: 3 },
      '✓ any(✗ large(✗ all(✗ units greaterThan 5 [3])), ✓ not(✗ large(✗ all(✗ units greaterThan 5 [3]))))',
    ],
    [
      { all: [{ any: [{ not: { all: [one('units', 'equal', 1)] } }] }] },
      { units: 2 },
      '✓ all(✓ any(✓ not(✗ all(✗ units equal 1 [2]))))',
    ],
  ] as const) {
    it(expected, async () => {
      const { explanations } = await explained(document(charge('unit', 'unit', { conditions })), {
        facts: sent,
      });
      assert.equal(told(explanations[0]!.rules[0]!.conditions!), expected);
    });
  }
});

describe('quote: the arithmetic', () => {
  const invoice = { moment: 'invoice' };
  for (const [name, rules, asked] of [
    ['a line of two tiers', [charge('unit')], { facts }],
    [
      'two lines with discounts and a surcharge',
      [
        charge('unit'),
        charge('cheap'),
        off('o', { percent: 10 }),
        off('f', { free_quantity: 2 }),
        off('a', { amount: 1 }),
        rule('s', 'surcharge', { percent: 7 }),
      ],
      { facts },
    ],
    ['after a running total', [charge('unit')], { facts, used: { unit: 3 } }],
    [
      'a part of a period',
      [charge('unit', 'unit', { moment: 'period' })].map((one) => ({ ...one })),
      {
        moment: 'period',
        facts: { occurred_at: '2026-04-10T00:00:00Z' },
        service: ['2026-04-11T00:00:00Z', undefined],
      },
    ],
    [
      'a bill',
      [
        charge('unit', 'a', never),
        charge('cheap', 'b', never),
        off('o', { percent: 10 }, invoice),
        rule('m', 'minimum', { amount: 50 }, invoice),
        rule('c', 'maximum', { amount: 45 }, invoice),
        rule('t', 'tax', { percent: 10 }, invoice),
      ],
      { moment: 'invoice', facts: { occurred_at: '2026-04-10T00:00:00Z' }, lines: { a: 10.123, b: 20.456 } },
    ],
  ] as const) {
    it(`${name}: the steps add up to the amount`, async () => {
      const prorated = name.includes('period');
      const head = document(...rules);
      const one = prorated
        ? {
            ...head,
            facts: {},
            prices: { unit: { model: 'flat', amount: 10, prorate: 'days' } },
            conditions: {},
          }
        : head;
      const { quote, explanations } = await explained(one, asked);
      const steps = explanations[0]!.steps;
      assert.equal(
        formatDecimal(steps.find(({ label }) => label === 'Amount')!.value),
        formatDecimal(quote!.amount),
      );
      // Of each line the last step of its price, then what was taken off, added and rounded.
      const changes = /^(Less|Added|Rounded to)/;
      const lines = new Set(steps.map(({ line }) => line).filter((line) => line !== ''));
      const reached = [...lines].map((line) => {
        const own = steps.filter((step) => step.line === line);
        const start = own.filter(({ label }) => !changes.test(label)).at(-1)?.value ?? ZERO;
        return plus(start, sum(own.filter(({ label }) => changes.test(label)).map(({ value }) => value)));
      });
      assert.equal(formatDecimal(sum(reached)), formatDecimal(quote!.amount));
    });
  }

  it('a measured line says when it is priced', async () => {
    const one: Document = {
      facts: { level: { type: 'decimal' } },
      prices: { level: { model: 'per_unit', quantity: 'level', unit_price: 1, aggregate: 'max' } },
      rules: [charge('level')],
    };
    const { explanations } = await explained(one, { facts: { level: 4 } });
    assert.deepEqual(
      explanations[0]!.steps.map(({ label, value }) => `${label} ${formatDecimal(value)}`),
      ['Measured; priced when its period closes 4', 'Amount 0'],
    );
  });

  it('is the quote', async () => {
    const one = document(charge('unit'), off('o', { percent: 10 }));
    const { quote } = await explained(one, { facts });
    assert.equal(shown(quote!), shown(await priced(one, { facts })));
  });
});
