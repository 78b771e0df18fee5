import assert from 'node:assert/strict';
import fc from 'fast-check';
import { byBurnDown } from '../../src/ledger/burn-down.js';
import { type Funds, type Part, hold } from '../../src/ledger/funds.js';
import { type Due, owing, pay } from '../../src/ledger/pay.js';
import { decimal, formatDecimal } from '../../src/money/decimal.js';
import { funds, grant } from './grants.js';

const due = (amount: number, price = ''): Due => ({ price, amount: decimal(amount) });
const shown = (parts: readonly Part[]) =>
  parts
    .map((one) => `${one.grant || 'owed'}${one.price && `/${one.price}`} ${formatDecimal(one.amount)}`)
    .join(', ');

describe('the burn-down order', () => {
  const ORDERED = [
    grant('z', { priority: -1 }),
    grant('soon', { expiresAt: 5n, grantedAt: 3n }),
    grant('later', { expiresAt: 6n }),
    grant('old', { grantedAt: 1n }),
    grant('new-a', { grantedAt: 2n }),
    grant('new-b', { grantedAt: 2n }),
    grant('a', { priority: 1, expiresAt: 1n }),
  ];
  it('is by priority, then expiry, then age, then reference, however they come', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(ORDERED, { minLength: ORDERED.length }), (shuffled) => {
        assert.deepEqual(shuffled.toSorted(byBurnDown), ORDERED);
      }),
    );
  });
});

describe('paying', () => {
  const CASES: readonly (readonly [what: string, Funds, readonly Due[], paid: string, missing: string])[] = [
    ['from one grant', funds([grant('a')]), [due(4)], 'a 4', '0'],
    ['from the next when one is used up', funds([grant('a'), grant('b')]), [due(14)], 'a 10, b 4', '0'],
    ['not from what has expired', funds([grant('a', { expiresAt: 100n }), grant('b')]), [due(4)], 'b 4', '0'],
    ['from what expires a moment later', funds([grant('a', { expiresAt: 101n })]), [due(4)], 'a 4', '0'],
    ['not from what is held', funds([grant('a', { held: decimal(7) })]), [due(4)], 'a 3', '1'],
    ['not for other prices', funds([grant('a', { prices: ['x'] })]), [due(4, 'y')], '', '4'],
    ['for its own price', funds([grant('a', { prices: ['x'] })]), [due(4, 'y'), due(3, 'x')], 'a/x 3', '4'],
    [
      'first for what no other grant names',
      funds([grant('a', { priority: -1 }), grant('b', { prices: ['x'] })]),
      [due(10, 'x'), due(10, 'y')],
      'a 10, b/x 10',
      '0',
    ],
    ['on credit at last', funds([grant('a')], { creditLimit: decimal(5) }), [due(12)], 'a 10, owed 2', '0'],
    [
      'on credit up to its limit',
      funds([], { creditLimit: decimal(5), owed: decimal(2) }),
      [due(9)],
      'owed 3',
      '6',
    ],
    [
      'not on credit that is held',
      funds([], { creditLimit: decimal(5), heldCredit: decimal(5) }),
      [due(1)],
      '',
      '1',
    ],
  ];
  for (const [what, wallet, dues, paid, missing] of CASES) {
    it(what, () => {
      const payment = pay([wallet], dues, 100n);
      assert.equal(shown(payment.parts), paid);
      assert.equal(formatDecimal(payment.missing), missing);
    });
  }

  it('takes what a hold has let go of first, also where it has expired', () => {
    const old = grant('old', { expiresAt: 50n });
    const letGo = [{ wallet: 'main', grant: 'old', price: '', amount: decimal(3) }];
    const wallet = hold(hold(funds([grant('a'), old]), letGo), [{ ...letGo[0]!, amount: decimal(-3) }]);
    assert.equal(shown(pay([wallet], [due(5)], 100n, letGo).parts), 'old 3, a 2');
  });

  it('lets the first wallet owe what is missing', () => {
    const wallets = [funds([grant('a')]), funds([], { wallet: 'other' })];
    assert.equal(shown(owing(pay(wallets, [due(12)], 0n), wallets).parts), 'a 10, owed 2');
  });
});
