import assert from 'node:assert/strict';
import type { Rating } from '../rating.js';
import { stamp, told, use } from '../recording/recording.js';
import { openPrepaid, prepaid } from './prepaid.js';

describe('paying usage from wallets', function () {
  this.timeout(20_000);
  let rating: Rating;
  before(async function () {
    this.timeout(120_000);
    rating = await openPrepaid();
  });
  after(() => rating.close());

  const rate = async (usage: ReturnType<typeof use>) =>
    told((await rating.client.rateUsage({ usage })).outcome);
  const settlementsOf = async (account: string, usageId: string) => {
    const { ratings } = await rating.client.getRating({ account, usageId });
    return ratings.map(({ settlements }) =>
      settlements
        .map(({ wallet, grant, amount }) => `${wallet.split('/').at(-1)} ${grant} ${amount}`)
        .join(', '),
    );
  };

  it('uses grants up in burn-down order, across wallets', async () => {
    const one = await prepaid(rating);
    await one.wallet('main');
    await one.wallet('other');
    await one.grant('late', '5');
    await one.grant('first', '2', { priority: -1 });
    await one.grant('soon', '3', {
      expiresAt: stamp('2026-04-01T00:00:00Z'),
      wallet: `${one.name}/wallets/other`,
    });
    assert.equal(await rate(use('1', '6', one.to)), 'rated 6');
    assert.deepEqual(await settlementsOf(one.name, '1'), ['main first 2, other soon 3, main late 1']);
    assert.equal(await one.shown(), '4 of 4: late 4');
    assert.equal(await one.shown('other'), '0 of 0: ');
  });

  it('refuses a use that costs more than there is, and then has counted nothing', async () => {
    const one = await prepaid(rating);
    await one.wallet('main');
    await one.grant('a', '11');
    assert.equal(await rate(use('1', '9', one.to)), 'rated 9');
    assert.equal(await rate(use('2', '4', one.to)), 'rejected BALANCE_TOO_LOW');
    assert.equal(await rate(use('3', '3', one.to)), 'rated 2');
    assert.equal(await one.ledger(), 'grant payments 11, use usage -9, use usage -2');
    const { ratings } = await rating.client.listRatings({ parent: one.name });
    assert.deepEqual(
      ratings.map(({ usageId }) => usageId),
      ['1', '3'],
    );
  });

  it('goes below zero as far as the credit limit, and pays that from the next grant first', async () => {
    const one = await prepaid(rating);
    await one.wallet('main', { creditLimit: '5' });
    await one.grant('a', '2');
    assert.equal(await rate(use('1', '6', one.to)), 'rated 6');
    assert.equal(await one.shown(), '-4 of 1: ');
    assert.equal((await one.read()).owed, '4');
    assert.equal(await rate(use('2', '2', one.to)), 'rejected BALANCE_TOO_LOW');
    await one.grant('b', '10');
    assert.equal(await one.shown(), '6 of 11: b 6');
    assert.equal((await one.read()).owed, '0');
  });

  it('gives a use that is taken back to the very grants that have paid for it', async () => {
    const one = await prepaid(rating);
    await one.wallet('main');
    await one.grant('a', '4', { expiresAt: stamp('2026-04-01T00:00:00Z') });
    await one.grant('b', '4');
    await rate(use('1', '6', one.to));
    assert.equal(await one.shown(), '2 of 2: b 2');
    await rating.client.cancelUsage({ account: one.name, usageId: '1' });
    assert.equal(await one.shown(), '8 of 8: a 4, b 4');
    assert.deepEqual(await settlementsOf(one.name, '1'), ['main a 4, main b 2', 'main b -2, main a -4']);
    assert.equal(await one.ledger(), 'grant payments 4, grant payments 4, use usage -6, reversal usage 6');
  });

  it('takes what has expired for nothing at once, and posts it with the next change', async () => {
    const one = await prepaid(rating);
    await one.wallet('main');
    await one.grant('a', '4', { expiresAt: stamp('2026-03-01T00:00:01Z') });
    await one.grant('b', '1', { paid: false });
    const { clock } = rating.catalog;
    const earlier = clock.time;
    clock.time += 1_000_000_000n;
    try {
      assert.equal(await one.shown(), '1 of 1: b 1');
      assert.equal(await rate(use('1', '2', one.to)), 'rejected BALANCE_TOO_LOW');
      assert.equal(await rate(use('2', '1', one.to)), 'rated 1');
      assert.equal(
        await one.ledger(),
        'grant payments 4, grant presents 1, expiry breakage -4, use usage -1',
      );
    } finally {
      clock.time = earlier;
    }
  });

  it('says in the sums of the bill what was settled', async () => {
    const one = await prepaid(rating);
    await one.wallet('main');
    await one.grant('a', '20');
    await rate(use('1', '6', one.to));
    const [window] = await rating.store.windows.find({ owner: `${one.name.split('/')[1]}/main` }).toArray();
    const sums = Object.entries(window?.sums ?? {}).map(([key, [, amount]]) => `${key} ${String(amount)}`);
    assert.deepEqual(sums.sort(), ['["","settled","","",0,0] 6', '["units","charge","units","units",1,1] 6']);
  });

  it('replays a rating that was paid', async () => {
    const one = await prepaid(rating);
    await one.wallet('main');
    await one.grant('a', '20');
    await rate(use('1', '6', one.to));
    const { agrees } = await rating.client.replayRating({ account: one.name, usageId: '1' });
    assert.equal(agrees, true);
  });

  it('pays for some prices only what those prices come to', async () => {
    const one = await prepaid(rating);
    await one.wallet('main');
    await one.grant('other', '20', { prices: ['other'] });
    assert.equal(await rate(use('1', '6', one.to)), 'rejected BALANCE_TOO_LOW');
    await one.grant('units', '4', { prices: ['units'] });
    await one.grant('all', '4', { priority: 1 });
    assert.equal(await rate(use('1', '6', one.to)), 'rated 6');
    assert.deepEqual(await settlementsOf(one.name, '1'), ['main units 4, main all 2']);
  });

  it('tells whenever the spending of a month passes a multiple of the threshold', async () => {
    const one = await prepaid(rating);
    await one.wallet('main', { spendThreshold: '4' });
    await one.grant('a', '50');
    for (const [id, units] of [
      ['1', '3'],
      ['2', '2'],
      ['3', '5'],
      ['4', '4'],
      ['5', '1'],
    ] as const)
      await rate(use(id, units, one.to));
    const events = await rating.store.events
      .find({ type: 'ratebook.wallet.spent' })
      .sort({ storedAt: 1 })
      .toArray();
    const own = events.filter(({ account }) => one.name.endsWith(`/${account}`));
    assert.deepEqual(
      own.map(({ data }) => `${data['threshold']} by ${data['spent']} in ${data['month']}`),
      ['4 by 5 in 2026-03', '8 by 10 in 2026-03', '12 by 12 in 2026-03'],
    );
  });

  it('keeps its limit, however many spend at once', async () => {
    const one = await prepaid(rating);
    await one.wallet('main', { creditLimit: '1' });
    await one.grant('a', '6');
    const ids = Array.from({ length: 20 }, (_, i) => `${i}`);
    const outcomes = await Promise.all(ids.map((id) => rate(use(id, '1', one.to))));
    assert.equal(outcomes.filter((outcome) => outcome === 'rated 1').length, 7);
    assert.equal(outcomes.filter((outcome) => outcome === 'rejected BALANCE_TOO_LOW').length, 13);
    assert.equal(await one.shown(), '-1 of 0: ');
    const postings = await rating.store.postings.find({ account: one.name.split('/')[1]! }).toArray();
    const numbers = postings.map(({ number }) => number).sort((a, b) => a - b);
    assert.deepEqual(
      numbers,
      numbers.map((_, i) => i + 1),
      'numbered without a gap',
    );
  });

  it('leaves a subscription that is not prepaid alone', async () => {
    const one = await prepaid(rating);
    await one.wallet('main');
    await one.grant('a', '6');
    const subscription = `${one.name}/subscriptions/postpaid`;
    await rating.accounts.createSubscription({
      subscription: { name: subscription, strategy: 'strategies/tokens' },
    });
    assert.equal(await rate(use('1', '5', { ...one.to, subscription })), 'rated 5');
    assert.equal(await one.shown(), '6 of 6: a 6');
    assert.deepEqual(await settlementsOf(one.name, '1'), ['']);
  });

  it('gives back to a grant that has expired meanwhile, where it is lost', async () => {
    const one = await prepaid(rating);
    await one.wallet('main');
    await one.grant('a', '6', { expiresAt: stamp('2026-03-01T00:00:01Z') });
    await rate(use('1', '6', one.to));
    const { clock } = rating.catalog;
    clock.time += 1_000_000_000n;
    try {
      await rating.client.cancelUsage({ account: one.name, usageId: '1' });
    } finally {
      clock.time -= 1_000_000_000n;
    }
    assert.equal(await one.ledger(), 'grant payments 6, use usage -6, reversal usage 6, expiry breakage -6');
  });
});
