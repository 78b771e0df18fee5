import type { GivenFact, QuoteInput } from '../../src/quote/input.js';
import { readStrategy } from '../../src/strategy/read/read-strategy.js';
import { readSource } from '../../src/strategy/source/read-source.js';
import type { Strategy } from '../../src/strategy/strategy.js';

/** Ten rules over six facts, two charged lines of which one has four tiers, and always one discount. */
const DOCUMENT = `
strategy: bench
currency: USD
time_zone: Asia/Shanghai
period: month
facts:
  model: { type: string, one_of: [ small, large ] }
  region: { type: string, one_of: [ eu, us, asia ] }
  input_tokens: { type: decimal, min: 0, billable: true }
  output_tokens: { type: decimal, min: 0, billable: true }
prices:
  input: { model: per_unit, quantity: input_tokens, unit_price: 2.50, per: 1000000 }
  input-busy: { model: per_unit, quantity: input_tokens, unit_price: 3.75, per: 1000000 }
  large-input: { model: per_unit, quantity: input_tokens, unit_price: 5, per: 1000000 }
  large-input-busy: { model: per_unit, quantity: input_tokens, unit_price: 7.50, per: 1000000 }
  output:
    model: graduated
    quantity: output_tokens
    tiers:
      - { up_to: 1000, unit_price: 10, per: 1000000 }
      - { up_to: 10000, unit_price: 8.25, per: 1000000 }
      - { up_to: 100000, unit_price: 7, per: 1000000 }
      - { unit_price: 6.125, per: 1000000 }
rules:
  - name: not sold there
    conditions: { all: [ { fact: region, operator: equal, value: asia }, { fact: model, operator: equal, value: large } ] }
    event: { type: reject, params: { code: NOT_SOLD, message: The large model is not sold in Asia. } }
  - name: too long
    conditions: { all: [ { fact: input_tokens, operator: greaterThan, value: 100000000 } ] }
    event: { type: reject, params: { code: TOO_LONG, message: So many tokens are not taken. } }
  - name: input
    conditions: { all: [ { fact: input_tokens, operator: greaterThan, value: 0 } ] }
    event: { type: charge, params: { line: input, price: input } }
  - name: input at busy hours
    priority: 10
    conditions: { all: [ { fact: input_tokens, operator: greaterThan, value: 0 }, { fact: local_hour, operator: greaterThanInclusive, value: 9 }, { fact: local_hour, operator: lessThan, value: 18 } ] }
    event: { type: charge, params: { line: input, price: input-busy } }
  - name: large input
    priority: 20
    conditions: { all: [ { fact: input_tokens, operator: greaterThan, value: 0 }, { fact: model, operator: equal, value: large } ] }
    event: { type: charge, params: { line: input, price: large-input } }
  - name: large input at busy hours
    priority: 30
    conditions: { all: [ { fact: input_tokens, operator: greaterThan, value: 0 }, { fact: model, operator: equal, value: large }, { fact: local_hour, operator: greaterThanInclusive, value: 9 }, { fact: local_hour, operator: lessThan, value: 18 } ] }
    event: { type: charge, params: { line: input, price: large-input-busy } }
  - name: output
    conditions: { all: [ { fact: output_tokens, operator: greaterThan, value: 0 } ] }
    event: { type: charge, params: { line: output, price: output } }
  - name: new users
    conditions: { all: [ { fact: account_age_days, operator: lessThan, value: 30 } ] }
    event: { type: discount, params: { percent: 20 } }
  - name: europe
    conditions: { all: [ { fact: account_age_days, operator: greaterThanInclusive, value: 30 }, { fact: region, operator: equal, value: eu } ] }
    event: { type: discount, params: { percent: 4, of: [ input ] } }
  - name: elsewhere
    conditions: { all: [ { fact: account_age_days, operator: greaterThanInclusive, value: 30 }, { fact: region, operator: notEqual, value: eu } ] }
    event: { type: discount, params: { percent: 2, of: [ output ] } }
`;

export function benchStrategy(): Strategy {
  const { strategy, faults } = readStrategy(readSource({ name: 'bench.yaml', text: DOCUMENT }), []);
  if (strategy === undefined) throw new Error(faults.map(({ message }) => message).join('\n'));
  return strategy;
}

/** What is drawn for one quote. */
export type Drawn = {
  readonly model: string;
  readonly region: string;
  readonly inputTokens: number;
  /** So many that all four tiers are passed. */
  readonly outputTokens: number;
  readonly ageDays: number;
  readonly second: number;
};

/** Whole numbers from 0 to below `end`, the same in every run: a linear congruential generator. */
export function seeded(seed: number): (end: number) => number {
  let state = seed;
  return (end) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}

export function drawn(count: number): readonly Drawn[] {
  const upTo = seeded(4);
  return Array.from({ length: count }, () => {
    const model = upTo(2) === 0 ? 'small' : 'large';
    return {
      model,
      region: upTo(2) === 0 ? 'eu' : model === 'large' ? 'us' : 'asia',
      inputTokens: 1 + upTo(20_000),
      outputTokens: 100_001 + upTo(2_000_000),
      ageDays: upTo(60),
      second: upTo(28 * 86_400),
    };
  });
}

const FIRST_SECOND = 1_767_225_600; // 2026-01-01T00:00:00Z

/** The input as the service makes it of a request: every fact with its type, numbers as texts. */
export function inputOf({ model, region, inputTokens, outputTokens, ageDays, second }: Drawn): QuoteInput {
  const facts: [string, GivenFact][] = [
    ['model', { kind: 'text', type: 'string', text: model }],
    ['region', { kind: 'text', type: 'string', text: region }],
    ['input_tokens', { kind: 'text', type: 'decimal', text: String(inputTokens) }],
    ['output_tokens', { kind: 'text', type: 'decimal', text: String(outputTokens) }],
    ['account_age_days', { kind: 'text', type: 'integer', text: String(ageDays) }],
    ['occurred_at', { kind: 'instant', at: BigInt(FIRST_SECOND + second) * 1_000_000_000n }],
  ];
  return {
    moment: 'usage',
    usages: [new Map(facts)],
    used: new Map(),
    totals: new Map(),
    lines: [],
    service: { start: undefined, end: undefined },
  };
}

/** What it costs, in units of 10^-11 USD, added up by hand. */
export function naiveTotal({ model, region, inputTokens, outputTokens, ageDays, second }: Drawn): bigint {
  const hour = Math.floor(second / 3600 + 8) % 24;
  const busy = hour >= 9 && hour < 18;
  const prices = model === 'large' ? [5000, 7500] : [2500, 3750];
  const input = BigInt(inputTokens * (prices[busy ? 1 : 0] ?? 0)) * 100n;
  const output = BigInt(1000 * 10_000 + 9000 * 8250 + 90_000 * 7000 + (outputTokens - 100_000) * 6125) * 100n;
  if (ageDays < 30) return ((input + output) * 80n) / 100n;
  return region === 'eu' ? (input * 96n) / 100n + output : input + (output * 98n) / 100n;
}
