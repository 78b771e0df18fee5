import assert from 'node:assert/strict';
import type { Grant } from '../../src/ledger/grant.js';
import { giveBack } from '../../src/ledger/give-back.js';
import { decimal, formatDecimal } from '../../src/money/decimal.js';
import { funds, grant } from './grants.js';

describe('giving back', () => {
  const used = (reference: string, more: Partial<Grant> = {}) =>
    grant(reference, { remaining: decimal(6), ...more });
  const CASES: readonly [string, readonly Grant[], number, string, string][] = [
    ['to the newest grant first', [used('old'), used('new', { grantedAt: 1n })], 5, 'new -4, old -1', '0'],
    ['no more than was in them', [used('a')], 5, 'a -4', '1'],
    ['to a grant for its price', [used('a', { prices: ['calls'] })], 3, 'a -3', '0'],
    ['not to a grant for other prices', [used('a', { prices: ['other'] })], 3, '', '3'],
    ['not to a grant that has expired', [used('a', { expiresAt: 100n })], 3, '', '3'],
  ];
  for (const [what, grants, amount, given, left] of CASES) {
    it(`what no grant has paid: ${what}`, () => {
      const refund = { paid: [], prices: ['calls'], amount: decimal(amount), mayOverfill: false };
      const back = giveBack([funds(grants)], refund, 100n);
      const parts = back.parts.map((part) => `${part.grant} ${formatDecimal(part.amount)}`);
      assert.equal(parts.join(', '), given);
      assert.equal(formatDecimal(back.left), left);
    });
  }

  for (const [mayOverfill, given] of [
    [false, 'a -4, b -1'],
    [true, 'a -5'],
  ] as const)
    it(`what a grant has paid that was filled up since, which may ${mayOverfill ? '' : 'not '}have more than was put in`, () => {
      const paid = [{ wallet: 'main', grant: 'a', price: '', amount: decimal(5) }];
      const refund = { paid, prices: ['calls'], amount: decimal(5), mayOverfill };
      const { parts } = giveBack([funds([used('a'), used('b')])], refund, 100n);
      assert.equal(parts.map((part) => `${part.grant} ${formatDecimal(part.amount)}`).join(', '), given);
    });

  const ending = { expiresAt: 200n, grantedAt: 1n } as const;
  const ON_CREDIT: readonly [string, readonly Grant[], number, number, string, string][] = [
    ['what is owed', [used('new', ending)], 2, 2, 'owed -2', '0'],
    ['no grant that expires', [used('new', ending)], 2, 0, '', '2'],
    ['one that does not', [used('old'), used('new', ending)], 2, 0, 'old -2', '0'],
    ['any with what a grant has paid', [used('new', ending)], 5, 0, 'new -3', '2'],
    [
      'any with what a grant has paid, beside what is owed',
      [used('new', ending)],
      5,
      1,
      'owed -1, new -3',
      '1',
    ],
  ];
  for (const [what, grants, amount, owed, given, left] of ON_CREDIT)
    it(`two that were owed when they were used go to ${what}`, () => {
      const part = { wallet: 'main', price: '' };
      // The grant that paid the rest is gone.
      const paid = [
        { ...part, grant: 'gone', amount: decimal(amount - 2) },
        { ...part, grant: '', amount: decimal(2) },
      ];
      const refund = { paid, prices: ['calls'], amount: decimal(amount), mayOverfill: false };
      const back = giveBack([funds(grants, { owed: decimal(owed) })], refund, 100n);
      const parts = back.parts.map(({ grant: to, amount: much }) => `${to || 'owed'} ${formatDecimal(much)}`);
      assert.equal(parts.join(', '), given);
      assert.equal(formatDecimal(back.left), left);
    });
});
