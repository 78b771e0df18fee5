import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Funds,
  type Part,
  availableAt,
  balanceAt,
  balanceOf,
  expiredParts,
  heldOf,
  hold,
  putIn,
  take,
  withoutUsedUp,
} from '../../src/ledger/funds.js';
import { giveBack } from '../../src/ledger/give-back.js';
import { owing, pay } from '../../src/ledger/pay.js';
import { balanced } from '../../src/ledger/posting.js';
import { minus, negate, plus, sum } from '../../src/money/arithmetic.js';
import { atLeast, equals } from '../../src/money/compare.js';
import { type Decimal, ZERO, decimal, formatDecimal, isZero } from '../../src/money/decimal.js';
import { amounts, funds, grant, prices } from './grants.js';

type Step =
  | { kind: 'grant'; amount: Decimal; priority: number; lives: number; prices: readonly string[] }
  | { kind: 'use'; amount: Decimal; price: string; mayOwe: boolean }
  | { kind: 'hold'; amount: Decimal; price: string }
  | { kind: 'let go' | 'commit' | 'reverse'; which: number }
  | { kind: 'wait'; time: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('grant' as const),
    amount: amounts,
    priority: fc.integer({ min: 0, max: 2 }),
    lives: fc.integer({ min: 0, max: 9 }),
    prices: fc.uniqueArray(prices, { maxLength: 2 }),
  }),
  fc.record({ kind: fc.constant('use' as const), amount: amounts, price: prices, mayOwe: fc.boolean() }),
  fc.record({ kind: fc.constant('hold' as const), amount: amounts, price: prices }),
  fc.record({
    kind: fc.constantFrom('let go' as const, 'commit' as const, 'reverse' as const),
    which: fc.nat(9),
  }),
  fc.record({ kind: fc.constant('wait' as const), time: fc.integer({ min: 1, max: 4 }) }),
);

const CREDIT = decimal(3);

/** Runs the steps, with the book of the wallet beside it as nothing but a number. */
function run(steps: readonly Step[]): void {
  let now = 0n;
  let wallet: Funds = funds([], { creditLimit: CREDIT });
  let book = ZERO;
  let [owedByForce, references] = [false, 0];
  const used: Part[][] = [];
  const holds: { parts: readonly Part[]; price: string }[] = [];
  const move = (parts: readonly Part[]) => {
    wallet = take(wallet, parts);
    book = minus(book, sum(parts.map(({ amount }) => amount)));
  };
  const letGo = (parts: readonly Part[]) =>
    (wallet = hold(
      wallet,
      parts.map((part) => ({ ...part, amount: negate(part.amount) })),
    ));

  for (const one of steps) {
    switch (one.kind) {
      case 'grant': {
        const expiresAt = one.lives === 0 ? undefined : now + BigInt(one.lives);
        const reference = `g${references++}`;
        const { amount, priority } = one;
        wallet = putIn(
          wallet,
          grant(reference, { amount, priority, expiresAt, grantedAt: now, prices: one.prices }),
        );
        book = plus(book, amount);
        break;
      }
      case 'use': {
        const found = pay([wallet], [one], now);
        const payment = one.mayOwe ? owing(found, [wallet]) : found;
        owedByForce ||= one.mayOwe && !isZero(found.missing);
        if (!isZero(payment.missing)) break;
        assert.ok(equals(sum(payment.parts.map(({ amount }) => amount)), one.amount));
        move(payment.parts);
        used.push([...payment.parts]);
        break;
      }
      case 'hold': {
        const { parts, missing } = pay([wallet], [one], now);
        if (!isZero(missing)) break;
        wallet = hold(wallet, parts);
        holds.push({ parts, price: one.price });
        break;
      }
      case 'let go':
      case 'commit': {
        const [held] = holds.splice(one.which, 1);
        if (held === undefined) break;
        letGo(held.parts);
        if (one.kind === 'let go') break;
        const amount = sum(held.parts.map((part) => part.amount));
        const { parts, missing } = pay([wallet], [{ price: held.price, amount }], now, held.parts);
        assert.ok(isZero(missing), 'what was held is there');
        move(parts);
        break;
      }
      case 'reverse': {
        const [paid] = used.splice(one.which, 1);
        if (paid === undefined) break;
        const live = new Set(wallet.grants.map(({ reference }) => reference));
        const gone = paid.filter(({ grant: reference }) => reference !== '' && !live.has(reference));
        const again = gone.map((part) => grant(part.grant, { amount: part.amount, remaining: ZERO }));
        wallet = { ...wallet, grants: [...wallet.grants, ...again] };
        const { parts } = giveBack(
          [wallet],
          { paid, prices: [], amount: sum(paid.map(({ amount }) => amount)), mayOverfill: true },
          now,
        );
        move(parts);
        break;
      }
      case 'wait':
        now += BigInt(one.time);
        move(expiredParts(wallet, now));
        wallet = withoutUsedUp(wallet);
    }
    check(wallet, book, now);
    if (!owedByForce)
      assert.ok(atLeast(CREDIT, plus(wallet.owed, wallet.heldCredit)), 'within the credit limit');
  }
}

function check(wallet: Funds, book: Decimal, now: bigint): void {
  assert.equal(
    formatDecimal(balanceOf(wallet)),
    formatDecimal(book),
    'grants less owed are what the book has',
  );
  for (const { remaining, held, reference } of wallet.grants) {
    assert.ok(atLeast(held, ZERO) && atLeast(remaining, held), `${reference} holds no more than it has`);
  }
  assert.ok(atLeast(wallet.owed, ZERO) && atLeast(wallet.heldCredit, ZERO));
  const free = minus(balanceAt(wallet, now), heldOf(wallet));
  assert.ok(equals(availableAt(wallet, now), plus(free, CREDIT)));
}

describe('a wallet, whatever happens to it in whatever order', () => {
  it('has what its grants have left, less what is owed, and never goes below its limit', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), run), { numRuns: 1_000 });
  });
});

describe('a ledger transaction', () => {
  it('is refused unless it sums to zero in each unit', () => {
    const entry = (book: string, unit: string, amount: number) => ({ book, unit, amount: decimal(amount) });
    assert.doesNotThrow(() => balanced([entry('a', 'USD', 1), entry('b', 'USD', -1)]));
    assert.throws(() => balanced([entry('a', 'USD', 1), entry('b', 'call', -1)]), /off by 1 USD/);
    assert.throws(() => balanced([entry('a', 'USD', 1)]), /off by 1 USD/);
  });
});
