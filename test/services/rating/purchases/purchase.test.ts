import assert from 'node:assert/strict';
import { refusal } from '../../../platform/grpc/serving.js';
import { stamp } from '../recording/recording.js';
import { type Rating, openRating } from '../rating.js';

/** A pack of 100 calls costs 19.90, from ten in a month on 17.50; a call that no pack covers costs 0.25. */
const PACKS = `
strategy: packs
currency: USD
time_zone: UTC
period: month
facts:
  calls: { type: integer, unit: call, billable: true, optional: true }
  packs: { type: integer, optional: true }
  money: { type: decimal, optional: true }
  bonus: { type: decimal, optional: true }
derive:
  given: { product: [ packs, 100 ] }
prices:
  call: { model: per_unit, quantity: calls, unit_price: 0.25 }
  pack: { model: graduated, quantity: packs, tiers: [ { up_to: 9, unit_price: 19.90 }, { unit_price: 17.50 } ] }
  credit: { model: per_unit, quantity: money, unit_price: 0.9 }
  bonus: { model: per_unit, quantity: bonus, unit_price: -1, negative: true }
rules:
  - name: bonus
    conditions: { all: [ { fact: bonus, operator: greaterThan, value: 0 } ] }
    event: { type: charge, params: { price: bonus } }
  - name: calls
    event: { type: charge, params: { price: call } }
  - name: packs
    moment: purchase
    conditions: { all: [ { fact: packs, operator: greaterThan, value: 0 } ] }
    event: { type: charge, params: { price: pack } }
  - name: calls of a pack
    moment: purchase
    conditions: { all: [ { fact: packs, operator: greaterThan, value: 0 } ] }
    event: { type: grant, params: { units: { fact: given }, of: [ call ], expires: P1M } }
  - name: credit
    moment: purchase
    conditions: { all: [ { fact: money, operator: greaterThan, value: 0 } ] }
    event: { type: charge, params: { price: credit } }
  - name: money
    moment: purchase
    conditions: { all: [ { fact: money, operator: greaterThan, value: 0 } ] }
    event: { type: grant, params: { amount: { fact: money } } }
`;

describe('services/rating: purchases', function () {
  this.timeout(20_000);
  let rating: Rating;
  let accounts = 0;
  before(async function () {
    this.timeout(120_000);
    rating = await openRating();
    await rating.catalog.client.publishRevision({
      source: { fileName: 'packs.yaml', text: PACKS },
      effectiveFrom: stamp('2020-01-01T00:00:00Z'),
    });
  });
  after(() => rating.close());

  const account = async () => {
    const id = `p${++accounts}`;
    await rating.accounts.createAccount({ account: { name: `accounts/${id}`, currency: 'USD' } });
    const subscription = {
      name: `accounts/${id}/subscriptions/main`,
      strategy: 'strategies/packs',
      prepaid: true,
    };
    await rating.accounts.createSubscription({ subscription });
    return id;
  };
  const fact = (value: string) => ({ kind: { case: 'decimalValue' as const, value } });
  const buy = async (id: string, purchaseId: string, facts: Record<string, string>) => {
    const given = Object.entries(facts).map(([name, value]) => [name, fact(value)] as const);
    const { order } = await rating.client.purchase({
      purchaseId,
      subscription: `accounts/${id}/subscriptions/main`,
      facts: Object.fromEntries(given),
    });
    return order!;
  };
  const pay = (id: string, purchaseId: string, payment = `pay-${purchaseId}`) =>
    rating.client.confirmPurchase({ account: `accounts/${id}`, purchaseId, payment });
  const use = async (id: string, usageId: string, calls: string, facts = {}) => {
    const { outcome } = await rating.client.rateUsage({
      usage: {
        account: `accounts/${id}`,
        usageId,
        strategy: 'strategies/packs',
        occurredAt: { seconds: rating.catalog.clock.now() / 1_000_000_000n, nanos: 0 },
        facts: { calls: fact(calls), ...facts },
      },
    });
    return outcome?.outcome.case === 'rated' ? outcome.outcome.value.amount : outcome?.outcome.case;
  };
  const balances = async (id: string) => {
    const { wallets } = await rating.accounts.listWallets({ parent: `accounts/${id}` });
    return wallets.map(({ name, unit, balance }) => `${name.split('/')[3] ?? ''} ${balance} ${unit}`);
  };

  it('cost the price of a pack times the packs, and give once they are paid', async () => {
    const id = await account();
    const order = await buy(id, '1', { packs: '2' });
    assert.equal(order.price?.amount, '39.8');
    assert.deepEqual(
      order.grants.map(({ amount, prices }) => [amount, prices]),
      [['200', ['call']]],
    );
    assert.deepEqual(await balances(id), []);
    const { rating: rated, order: paid } = await pay(id, '1');
    assert.deepEqual([rated?.amount, paid?.payment], ['39.8', 'pay-1']);
    assert.deepEqual(
      rated?.settlements.map(({ grant, amount }) => [grant, amount]),
      [['pay-1', '39.8']],
    );
    assert.deepEqual(await balances(id), ['call 200 call']);
  });

  it('are burnt down by what is used, and nothing is charged for what they cover', async () => {
    const id = await account();
    await buy(id, '1', { packs: '1' });
    await pay(id, '1');
    await buy(id, '2', { money: '10' });
    await pay(id, '2');
    assert.deepEqual(await balances(id), ['call 100 call', 'main 10 USD']);
    assert.equal(await use(id, 'a', '60'), '0');
    // 40 of the pack, and 20 × 0.25 of the money
    assert.equal(await use(id, 'b', '60'), '5');
    assert.deepEqual(await balances(id), ['call 0 call', 'main 5 USD']);
    // 21 × 0.25 is more than is there
    assert.equal(await use(id, 'c', '21'), 'rejected');
  });

  it('are bought and paid once, however often it is said', async () => {
    const id = await account();
    const orders = await Promise.all([1, 2, 3].map(() => buy(id, '1', { packs: '1' })));
    assert.deepEqual(orders[1], orders[0]);
    const [first, ...others] = await Promise.all([1, 2, 3].map(() => pay(id, '1')));
    for (const other of others) assert.deepEqual(other, first);
    assert.deepEqual(await balances(id), ['call 100 call']);
    await assert.rejects(buy(id, '1', { packs: '2' }), refusal('PURCHASE_ID_REUSED', /"1"/));
    await assert.rejects(pay(id, '1', 'another'), refusal('PURCHASE_PAID', /is paid by "pay-1"/));
  });

  it('count for the next one only when they are paid', async () => {
    const id = await account();
    const first = await buy(id, '1', { packs: '9' });
    const second = await buy(id, '2', { packs: '1' });
    assert.deepEqual([first.price?.amount, second.price?.amount], ['179.1', '19.9']);
    await pay(id, '1');
    await pay(id, '2');
    assert.equal((await buy(id, '3', { packs: '1' })).price?.amount, '17.5');
  });

  it('give what they give, whatever was given back under a usage id like theirs', async () => {
    const id = await account();
    await rating.accounts.createWallet({ wallet: { name: `accounts/${id}/wallets/main`, unit: 'USD' } });
    for (const purchaseId of ['1', '2']) await buy(id, purchaseId, { money: '10' });
    await pay(id, '1');
    for (const purchaseId of ['1', '2'])
      assert.equal(await use(id, `purchase:${purchaseId}`, '0', { bonus: fact('3') }), '-3');
    await pay(id, '2');
    assert.deepEqual(await balances(id), ['main 26 USD']);
  });

  it('come out the same when they are replayed', async () => {
    const id = await account();
    await buy(id, '1', { packs: '3' });
    await pay(id, '1');
    const name = { account: `accounts/${id}`, usageId: 'ratebook:purchase:1' };
    assert.equal((await rating.client.replayRating(name)).agrees, true);
  });

  const cancel = (id: string, purchaseId: string) =>
    rating.client.cancelPurchase({ account: `accounts/${id}`, purchaseId });
  const postings = async (id: string, wallet: string) => {
    const { postings: all } = await rating.accounts.listWalletPostings({
      parent: `accounts/${id}/wallets/${wallet}`,
    });
    return all.map(({ reason, book, amount, balance }) => `${reason} ${book} ${amount}: ${balance}`);
  };

  it('are taken back whole, once: what they gave, what they counted, and their rating', async () => {
    const id = await account();
    await buy(id, '1', { packs: '9' });
    await pay(id, '1');
    const { order, reversal } = await cancel(id, '1');
    assert.deepEqual([reversal?.amount, reversal?.reverses, order?.payment], ['-179.1', 1n, 'pay-1']);
    assert.ok(order?.cancelledAt);
    assert.deepEqual(
      reversal?.settlements.map(({ grant, amount }) => [grant, amount]),
      [['pay-1', '-179.1']],
    );
    assert.deepEqual(await postings(id, 'call'), ['grant payments 900: 900', 'reversal payments -900: 0']);
    const again = await cancel(id, '1');
    assert.deepEqual([again.order, again.reversal], [order, reversal]);
    assert.deepEqual(await balances(id), ['call 0 call']);
    // Nine fewer count: the next is not the tenth.
    assert.equal((await buy(id, '2', { packs: '1' })).price?.amount, '19.9');
    await assert.rejects(pay(id, '1'), refusal('PURCHASE_CANCELLED', /"1"/));
    const name = { account: `accounts/${id}`, usageId: 'ratebook:purchase:1', number: 2n };
    assert.equal((await rating.client.replayRating(name)).agrees, true);
    assert.equal(await use(id, 'a', '1'), 'rejected');
  });

  it('that are not paid can be paid no more', async () => {
    const id = await account();
    await buy(id, '1', { packs: '1' });
    assert.equal((await cancel(id, '1')).reversal, undefined);
    await assert.rejects(pay(id, '1'), refusal('PURCHASE_CANCELLED', /buy again under another id/));
    assert.ok((await buy(id, '1', { packs: '1' })).cancelledAt);
    await assert.rejects(cancel(id, 'gone'), refusal('PURCHASE_NOT_FOUND', /./));
  });

  it('are not taken back while some of it is used, held or expired', async () => {
    const id = await account();
    for (const purchaseId of ['1', '2']) {
      await buy(id, purchaseId, { money: '10' });
      await pay(id, purchaseId);
    }
    await use(id, 'a', '4');
    await assert.rejects(cancel(id, '1'), refusal('PURCHASE_USED', /"1" of p\d+ gave, 9 of 10 is left/));
    await cancel(id, '2');
    assert.deepEqual(await balances(id), ['main 9 USD']);
    const held = await account();
    await buy(held, '1', { money: '10' });
    await pay(held, '1');
    const occurredAt = { seconds: rating.catalog.clock.now() / 1_000_000_000n, nanos: 0 };
    const usage = { account: `accounts/${held}`, strategy: 'strategies/packs', occurredAt };
    await rating.client.reserve({ holdId: 'h', usage: { ...usage, facts: { calls: fact('8') } } });
    await assert.rejects(cancel(held, '1'), refusal('PURCHASE_USED', /8 of 10 is left/));
    await rating.client.release({ account: `accounts/${held}`, holdId: 'h' });
    await cancel(held, '1');
    const late = await account();
    await buy(late, '1', { packs: '1' });
    await pay(late, '1');
    const { time } = rating.catalog.clock;
    rating.catalog.clock.time += 32n * 86_400n * 1_000_000_000n;
    await assert.rejects(cancel(late, '1'), refusal('PURCHASE_USED', /./));
    rating.catalog.clock.time = time;
  });

  for (const [what, refused, reason] of [
    ['what is not for sale', async (id: string) => buy(id, '1', {}), 'NO_PRICE'],
    ['an unknown fact', async (id: string) => buy(id, '1', { packs: '1', pack: '1' }), 'INVALID_FACTS'],
    ['no id', async (id: string) => buy(id, '', { packs: '1' }), 'INVALID_REQUEST'],
    ['payment for nothing', async (id: string) => pay(id, 'gone'), 'PURCHASE_NOT_FOUND'],
  ] as const) {
    it(`refuse ${what}`, async () => {
      await assert.rejects(refused(await account()), refusal(reason, /./));
    });
  }
});
