import { strategyFrom } from '../quote/priced.js';
import type { GivenFact } from '../../src/quote/input.js';
import type { RecordedUsage } from '../../src/simulation/recorded-usage.js';
import type { Strategy } from '../../src/strategy/strategy.js';

/** Calls at 0.10 each to the hundredth of a month, then at `beyond`; calls of more than a minute cost 0.01 a second too. */
export function callsAt(beyond: number, rest: Readonly<Record<string, unknown>> = {}): Strategy {
  const tiers = [{ up_to: 100, unit_price: '0.10' }, { unit_price: beyond }];
  return strategyFrom({
    facts: {
      calls: { type: 'decimal', min: 0, billable: true },
      seconds: { type: 'decimal', default: 0, billable: true },
    },
    prices: {
      calls: { model: 'graduated', quantity: 'calls', tiers },
      long: { model: 'per_unit', quantity: 'seconds', unit_price: '0.01' },
    },
    rules: [
      { name: 'calls', event: { type: 'charge', params: { price: 'calls' } } },
      {
        name: 'long',
        conditions: { all: [{ fact: 'seconds', operator: 'greaterThan', value: 60 }] },
        event: { type: 'charge', params: { price: 'long' } },
      },
    ],
    ...rest,
  });
}

/** A use, as short as a test can say it; it is of January unless it says otherwise. */
export function used(
  account: string,
  facts: Readonly<Record<string, string | number>>,
  rest: Partial<RecordedUsage> = {},
): RecordedUsage {
  const given: typeof facts = { occurred_at: '2026-01-05T12:00:00Z', ...facts };
  const texts = Object.entries(given).map(([name, value]): [string, GivenFact] => [
    name,
    { kind: 'text', text: String(value) },
  ]);
  return { account, line: 2, facts: new Map(texts), ...rest };
}
