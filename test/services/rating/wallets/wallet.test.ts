import assert from 'node:assert/strict';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { RatebookError } from '../../../../src/errors/error.js';
import type { GrantSchema, WalletSchema } from '../../../../src/gen/ratebook/v1/wallet_pb.js';
import { type Accounts, create, openAccounts } from '../accounts/accounts.js';
import { stamp } from '../recording/recording.js';

type Wallet = MessageInitShape<typeof WalletSchema>;
type Grant = MessageInitShape<typeof GrantSchema>;

describe('wallets', function () {
  this.timeout(20_000);
  let accounts: Accounts;
  let count = 0;
  before(async () => {
    accounts = await openAccounts();
  });
  after(() => accounts.close());

  /** The name of a fresh account in EUR. */
  const account = async () => (await create(accounts.client, `w${++count}`)).name;
  const open = async (wallet: Wallet, requestId = '') =>
    (await accounts.client.createWallet({ wallet, requestId })).wallet!;
  const main = async (more: Wallet = {}) =>
    (await open({ name: `${await account()}/wallets/main`, unit: 'EUR', ...more })).name;
  const grant = (
    wallet: string,
    reference: string,
    amount: string,
    more: Grant & { paid?: boolean } = {},
  ) => {
    const { paid = true, ...rest } = more;
    return accounts.client.grantCredit({ grant: { wallet, reference, amount, ...rest }, paid });
  };
  const refusal = async (work: Promise<unknown>) => {
    try {
      await work;
      return 'done';
    } catch (error) {
      const { reason, violations } = error as RatebookError;
      return [reason, ...violations.map(({ field }) => field)].join(' ');
    }
  };

  it('are empty at first, and as they were created', async () => {
    const name = `${await account()}/wallets/main`;
    const limits = {
      creditLimit: '5',
      lowBalance: '2',
      topUpBelow: '1',
      topUpAmount: '20',
      spendThreshold: '100',
    };
    const created = await open({ name, unit: 'EUR', ...limits });
    const { wallet } = await accounts.client.getWallet({ name });
    assert.deepEqual(wallet, created);
    const { balance, held, available, owed, unit } = created;
    assert.deepEqual([balance, held, available, owed, unit], ['0', '0', '5', '0', 'EUR']);
    const { creditLimit, lowBalance, topUpBelow, topUpAmount, spendThreshold } = created;
    assert.deepEqual({ creditLimit, lowBalance, topUpBelow, topUpAmount, spendThreshold }, limits);
  });

  const BAD: readonly (readonly [what: string, refused: string, wallet: Wallet])[] = [
    ['a name that is none', 'INVALID_REQUEST wallet.name', { name: 'wallets/main', unit: 'EUR' }],
    ['a unit that is none', 'INVALID_REQUEST wallet.unit', { unit: 'Call' }],
    ['another currency', 'OTHER_CURRENCY', { unit: 'USD' }],
    ['a credit limit below 0', 'INVALID_REQUEST wallet.credit_limit', { unit: 'EUR', creditLimit: '-1' }],
    ['credit of units', 'INVALID_REQUEST wallet.credit_limit', { unit: 'call', creditLimit: '1' }],
    ['a threshold of 0', 'INVALID_REQUEST wallet.spend_threshold', { unit: 'EUR', spendThreshold: '0' }],
    ['17 digits', 'INVALID_REQUEST wallet.low_balance', { unit: 'EUR', lowBalance: '12345678901234567' }],
    [
      'a top-up that nobody asks for',
      'INVALID_REQUEST wallet.top_up_below',
      { unit: 'EUR', topUpAmount: '5' },
    ],
  ];
  for (const [what, refused, wallet] of BAD) {
    it(`are refused with ${what}`, async () => {
      assert.equal(await refusal(open({ name: `${await account()}/wallets/main`, ...wallet })), refused);
    });
  }

  it('are created once', async () => {
    const name = `${await account()}/wallets/main`;
    const first = await open({ name, unit: 'EUR', creditLimit: '0.1' }, `create ${name}`);
    assert.deepEqual(await open({ name, unit: 'EUR', creditLimit: '0.1' }, `create ${name}`), first);
    assert.equal(await refusal(open({ name, unit: 'EUR' }, `create ${name}`)), 'REQUEST_ID_REUSED');
    assert.equal(await refusal(open({ name, unit: 'EUR' })), 'WALLET_EXISTS');
  });

  it('are not found where there is none', async () => {
    const name = await account();
    assert.equal(await refusal(accounts.client.getWallet({ name: `${name}/wallets/x` })), 'WALLET_NOT_FOUND');
    const nobody = 'accounts/nobody';
    assert.equal(
      await refusal(accounts.client.getWallet({ name: `${nobody}/wallets/x` })),
      'ACCOUNT_NOT_FOUND',
    );
    assert.equal(await refusal(accounts.client.listWallets({ parent: nobody })), 'ACCOUNT_NOT_FOUND');
    assert.equal(await refusal(grant(`${name}/wallets/x`, 'a', '1')), 'WALLET_NOT_FOUND');
    assert.deepEqual((await accounts.client.listWallets({ parent: name })).wallets, []);
  });

  it('are listed page by page, by id', async () => {
    const parent = await account();
    for (const id of ['c', 'a', 'b']) await open({ name: `${parent}/wallets/${id}`, unit: 'call' });
    const pages: string[] = [];
    let pageToken = '';
    do {
      const page = await accounts.client.listWallets({ parent, pageSize: 2, pageToken });
      pages.push(page.wallets.map(({ name }) => name.split('/').at(-1)).join(' '));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    assert.deepEqual(pages, ['a b', 'c']);
  });

  describe('grants', () => {
    it('are made once for a reference in the account', async () => {
      const name = await main();
      const first = await grant(name, 'pay-1', '10.50', { priority: 2 });
      const again = await grant(name, 'pay-1', '10.50', { priority: 2 });
      assert.deepEqual(again.grant, first.grant);
      assert.equal(again.wallet?.balance, '10.5');
      assert.equal(await refusal(grant(name, 'pay-1', '11', { priority: 2 })), 'REFERENCE_REUSED');
      assert.equal(
        await refusal(grant(name, 'pay-1', '10.50', { priority: 2, paid: false })),
        'REFERENCE_REUSED',
      );
    });

    it('say where they come from', async () => {
      const name = await main();
      await grant(name, 'a', '10');
      await grant(name, 'b', '5', { paid: false });
      const { postings } = await accounts.client.listWalletPostings({ parent: name });
      assert.deepEqual(
        postings.map(({ reason, book, amount, balance, reference }) => [
          reason,
          book,
          amount,
          balance,
          reference,
        ]),
        [
          ['grant', 'payments', '10', '10', 'a'],
          ['grant', 'presents', '5', '15', 'b'],
        ],
      );
    });

    it('are listed in the order in which they are used up, those that have expired when asked for', async () => {
      const name = await main();
      await grant(name, 'never', '1');
      await grant(name, 'over', '1', { expiresAt: stamp('2026-02-01T00:00:00Z') });
      await grant(name, 'april', '1', { expiresAt: stamp('2026-04-01T00:00:00Z') });
      await grant(name, 'first', '1', { priority: -5 });
      const listed = async (usedUp: boolean) => {
        const { grants } = await accounts.client.listGrants({ parent: name, usedUp });
        return grants.map(({ reference, remaining }) => `${reference} ${remaining}`);
      };
      assert.deepEqual(await listed(false), ['first 1', 'april 1', 'never 1']);
      assert.deepEqual(await listed(true), ['first 1', 'over 0', 'april 1', 'never 1']);
    });

    const REFUSED: readonly (readonly [
      what: string,
      refused: string,
      reference: string,
      amount: string,
      Grant?,
    ])[] = [
      ['no reference', 'INVALID_REQUEST grant.reference', '', '1'],
      ['a reference of Ratebook', 'INVALID_REQUEST grant.reference', 'ratebook:x', '1'],
      ['an amount of 0', 'INVALID_REQUEST grant.amount', 'a', '0'],
      ['an amount below 0', 'INVALID_REQUEST grant.amount', 'a', '-1'],
      ['19 fraction digits', 'INVALID_REQUEST grant.amount', 'a', `0.${'1'.repeat(19)}`],
      ['a price without a name', 'INVALID_REQUEST grant.prices[0]', 'a', '1', { prices: [''] }],
    ];
    for (const [what, refused, reference, amount, more] of REFUSED) {
      it(`are refused with ${what}`, async () => {
        assert.equal(await refusal(grant(await main(), reference, amount, more)), refused);
      });
    }

    it('are refused where the balance would be too long to be kept', async () => {
      const name = await main();
      await grant(name, 'a', `9999999999999999.${'9'.repeat(18)}`);
      assert.equal(await refusal(grant(name, 'b', '1')), 'INVALID_REQUEST grant.amount');
    });
  });

  it('take other limits, all at once, and tell when the balance is below', async () => {
    const name = await main({ creditLimit: '3' });
    await grant(name, 'a', '10');
    const limits = { name, lowBalance: '11', topUpBelow: '12', topUpAmount: '50' };
    const { wallet } = await accounts.client.setWalletLimits({ wallet: limits });
    assert.deepEqual([wallet?.available, wallet?.creditLimit, wallet?.lowBalance], ['10', '0', '11']);
    const told = async () => {
      const events = await accounts.ports.store.events.find({ account: name.split('/')[1]! }).toArray();
      return events.map(({ type, data }) => [type, data['balance'], data['amount'] ?? '']);
    };
    const expected = [
      ['ratebook.wallet.low', '10', ''],
      ['ratebook.wallet.top_up_requested', '10', '50'],
    ];
    assert.deepEqual(await told(), expected);
    await grant(name, 'b', '0.5');
    assert.deepEqual(await told(), expected, 'told once');
    await grant(name, 'c', '5');
    await accounts.client.setWalletLimits({ wallet: { ...limits, lowBalance: '16' } });
    assert.deepEqual(
      await told(),
      [...expected, ['ratebook.wallet.low', '15.5', '']],
      'again after it was above',
    );
  });
});
