import assert from 'node:assert/strict';
import { fromTimestamp } from '../../../../src/platform/grpc/timestamp.js';
import { testMongo } from '../../../mongo.js';
import { refusal, seconds, timestamp } from '../../catalog/catalog.js';
import { type Accounts, create, openAccounts, string, subscribe } from './accounts.js';

const main = 'accounts/acme/subscriptions/main';

describe('services/rating/accounts: a subscription', () => {
  let accounts: Accounts;
  before(async function () {
    this.timeout(180_000);
    await testMongo();
  });
  beforeEach(async () => {
    accounts = await openAccounts();
    await create(accounts.client, 'acme');
  });
  afterEach(() => accounts.close());

  const get = async (name = main) => (await accounts.client.getSubscription({ name })).subscription!;
  const end = async (more: object = {}) =>
    (await accounts.client.endSubscription({ name: main, ...more })).subscription!;
  const set = async (more: object = {}) => {
    const request = { name: main, change: { values: { seats: string('5') } }, ...more };
    return (await accounts.client.setSubscriptionAttributes(request)).subscription!;
  };

  it('is stored as it was sent, and got as it is stored; its strategy need not be known', async () => {
    const startsAt = timestamp('2026-01-01T00:00:00Z');
    const endsAt = timestamp('2027-01-01T00:00:00Z');
    const attributes = [{ from: startsAt, values: { seats: string('3') } }];
    const created = await subscribe(accounts.client, main, {
      strategy: 'strategies/not-yet',
      startsAt,
      endsAt,
      revision: 7n,
      attributes,
    });
    assert.equal(created.name, main);
    assert.equal(created.strategy, 'strategies/not-yet');
    assert.deepEqual([created.startsAt, created.endsAt], [startsAt, endsAt]);
    assert.equal(created.revision, 7n);
    assert.equal(created.attributes[0]?.values['seats']?.kind.value, '3');
    assert.equal(fromTimestamp(created.createdAt!), accounts.clock.now());
    assert.deepEqual(await get(), created);
  });

  it('runs since ever, without an end, on what is published, unless said otherwise', async () => {
    const { startsAt, endsAt, revision, attributes } = await subscribe(accounts.client, main);
    assert.deepEqual(
      { startsAt, endsAt, revision, attributes },
      { startsAt: undefined, endsAt: undefined, revision: 0n, attributes: [] },
    );
  });

  it('two accounts may have one of the same id; one account may not', async () => {
    await create(accounts.client, 'other');
    await subscribe(accounts.client, main);
    await subscribe(accounts.client, 'accounts/other/subscriptions/main');
    await assert.rejects(
      subscribe(accounts.client, main),
      refusal('SUBSCRIPTION_EXISTS', /"acme" has a subscription "main" already/),
    );
  });

  it('a change of attributes is kept after the others', async () => {
    await subscribe(accounts.client, main, { attributes: [{ values: { seats: string('3') } }] });
    const { attributes } = await set();
    assert.deepEqual(
      attributes.map(({ values }) => values['seats']?.kind.value),
      ['3', '5'],
    );
    assert.deepEqual((await get()).attributes, attributes);
  });

  it('ends now unless told when; again it stays ended since then', async () => {
    await subscribe(accounts.client, main);
    const ended = await end();
    assert.equal(fromTimestamp(ended.endsAt!), accounts.clock.now());
    accounts.clock.time += seconds(60);
    assert.deepEqual(await end(), ended);
    assert.deepEqual(await get(), ended);
    const earlier = timestamp('2026-01-01T00:00:00Z');
    assert.deepEqual((await end({ endsAt: earlier })).endsAt, earlier);
  });

  it('ends after it starts', async () => {
    const startsAt = timestamp('2026-02-01T00:00:00Z');
    await subscribe(accounts.client, main, { startsAt });
    await assert.rejects(
      end({ endsAt: startsAt }),
      refusal('INVALID_REQUEST', /ends_at: 2026-02-01T00:00:00Z is not after the start/),
    );
  });

  for (const [what, change] of [
    [
      'created',
      (requestId: string, revision: bigint) =>
        subscribe(accounts.client, 'accounts/acme/subscriptions/new', { requestId, revision }),
    ],
    [
      'set',
      (requestId: string, seats: bigint) =>
        set({ requestId, change: { values: { seats: string(`${seats}`) } } }),
    ],
    ['ended', (requestId: string, day: bigint) => end({ requestId, endsAt: { seconds: day * 86_400n } })],
  ] as const) {
    it(`${what} once for a request id: a repeat gets the answer, another body is refused`, async () => {
      await subscribe(accounts.client, main);
      const first = await change('r-1', 1n);
      await set();
      assert.deepEqual(await change('r-1', 1n), first);
      await assert.rejects(change('r-1', 2n), refusal('REQUEST_ID_REUSED'));
    });
  }

  it('a request that was refused may be sent again under the same id', async () => {
    const name = 'accounts/later/subscriptions/main';
    await assert.rejects(
      subscribe(accounts.client, name, { requestId: 'r' }),
      refusal('ACCOUNT_NOT_FOUND', /no account "later"/),
    );
    await create(accounts.client, 'later');
    assert.equal((await subscribe(accounts.client, name, { requestId: 'r' })).name, name);
  });

  it('of many created at once with one id, one is', async () => {
    const revisions = [1n, 2n, 3n, 4n, 5n, 6n];
    const all = await Promise.allSettled(
      revisions.map((revision) => subscribe(accounts.client, main, { revision })),
    );
    const created = all.filter((one) => one.status === 'fulfilled').map(({ value }) => value);
    assert.equal(created.length, 1);
    assert.deepEqual(await get(), created[0]);
  });

  it('every change takes a turn of its account, which reading does not', async () => {
    const turn = async () => (await accounts.ports.store.accounts.findOne({ _id: 'acme' }))?.turn;
    const before = (await turn())!;
    await subscribe(accounts.client, main);
    await set();
    await end();
    await accounts.client.setAccountAttributes({
      name: 'accounts/acme',
      change: { values: { a: string('b') } },
    });
    await accounts.client.closeAccount({ name: 'accounts/acme' });
    assert.equal(await turn(), before + 5);
    await get();
    await accounts.client.listSubscriptions({ parent: 'accounts/acme' });
    await accounts.client.getAccount({ name: 'accounts/acme' });
    assert.equal(await turn(), before + 5);
  });
});
