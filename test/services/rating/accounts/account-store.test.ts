import assert from 'node:assert/strict';
import {
  findAccount,
  findSubscriptionsOf,
  takeAccountTurn,
  takeAccountTurns,
  updateAccount,
} from '../../../../src/services/rating/accounts/account-store.js';
import { type Accounts, create, openAccounts, subscribe } from './accounts.js';

describe('services/rating/accounts: what recording reads', () => {
  let accounts: Accounts;
  before(async function () {
    this.timeout(180_000);
    accounts = await openAccounts();
    for (const id of ['b', 'a', 'c']) await create(accounts.client, id, { country: 'DE' });
    for (const name of ['b/subscriptions/y', 'a/subscriptions/z', 'a/subscriptions/x', 'c/subscriptions/w'])
      await subscribe(accounts.client, `accounts/${name}`);
  });
  after(() => accounts.close());

  it('accounts and subscriptions as plain data, in order', async () => {
    const { store, clock } = accounts.ports;
    await store.mongo.transaction(async (session) => {
      const account = {
        currency: 'EUR',
        country: 'DE',
        timeZone: 'UTC',
        coupons: [],
        attributes: [],
        createdAt: clock.now(),
      };
      assert.deepEqual(await takeAccountTurn(store, 'a', session), { id: 'a', ...account });
      assert.equal(await takeAccountTurn(store, 'gone', session), undefined);
      const turns = await takeAccountTurns(store, ['a', 'gone', 'b'], session);
      const [a, b] = ['a', 'b'].map((id) => turns.find((found) => found.account.id === id));
      // Two subscriptions and the turn just taken, and this one; one subscription, and this one.
      const subscription = {
        strategy: 'llm',
        attributes: [],
        createdAt: clock.now(),
        prepaid: false,
        pins: [],
        keepsCharged: false,
      };
      const ofA = [
        { account: 'a', id: 'x', ...subscription },
        { account: 'a', id: 'z', ...subscription },
      ];
      const ofB = [{ account: 'b', id: 'y', ...subscription }];
      const byId = { ...a, subscriptions: a?.subscriptions.toSorted((x, y) => (x.id < y.id ? -1 : 1)) };
      assert.deepEqual(byId, {
        account: { id: 'a', ...account },
        turn: 4,
        backdated: 0n,
        subscriptions: ofA,
      });
      assert.deepEqual(b, { account: { id: 'b', ...account }, turn: 2, backdated: 0n, subscriptions: ofB });
      assert.equal(turns.length, 2);
      assert.deepEqual(await findSubscriptionsOf(store, ['b', 'a'], session), [...ofA, ...ofB]);
    });
  });

  it('of two that take the turn of one account, the second sees what the first has written', async () => {
    const { store } = accounts.ports;
    const add = () =>
      store.mongo.transaction(async (session) => {
        const found = (await takeAccountTurn(store, 'c', session))!;
        const change = { from: BigInt(found.attributes.length), values: {} };
        await updateAccount(store, { ...found, attributes: [...found.attributes, change] }, session);
      });
    await Promise.all(Array.from({ length: 6 }, add));
    const account = await findAccount(store, 'c');
    assert.deepEqual(
      account?.attributes.map(({ from }) => from),
      [0n, 1n, 2n, 3n, 4n, 5n],
    );
  });
});
