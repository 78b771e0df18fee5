import type { SentUsage } from '../../src/services/rating/recording/usage.js';

/** Accounts that there are, `a0` and so on. */
export const ACCOUNTS = 500;

/** Uses made so far. */
let made = 0;

/** New uses of so many accounts from the `first` on, one after the other. */
export function usesOf(count: number, accounts: number, first: number): readonly SentUsage[] {
  return Array.from({ length: count }, (_, i): SentUsage => {
    const id = made++;
    return {
      account: `a${(first + (i % accounts)) % ACCOUNTS}`,
      usageId: `use-${id}`,
      target: { kind: 'subscription', id: 'main' },
      occurredAt: BigInt(Date.parse('2026-01-05T12:00:00Z') + (id % 1_000_000)) * 1_000_000n,
      given: new Map([
        ['model', { kind: 'text', type: 'string', text: id % 2 === 0 ? 'code' : 'conv' }],
        ['input_tokens', { kind: 'text', type: 'decimal', text: String(1000 + (id % 997)) }],
        ['output_tokens', { kind: 'text', type: 'decimal', text: String(100 + (id % 499)) }],
      ]),
      fingerprint: `${id}`,
    };
  });
}
