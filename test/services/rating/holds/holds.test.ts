import assert from 'node:assert/strict';
import type { RatebookError } from '../../../../src/errors/error.js';
import { HoldState } from '../../../../src/gen/ratebook/v1/wallet_pb.js';
import { expireHolds } from '../../../../src/services/rating/holds/expire-holds.js';
import type { Rating } from '../rating.js';
import { stamp, told, use } from '../recording/recording.js';
import { type Prepaid, openPrepaid, prepaid } from '../wallets/prepaid.js';

const MINUTE = 60_000_000_000n;

describe('holds', function () {
  this.timeout(20_000);
  let rating: Rating;
  before(async function () {
    this.timeout(120_000);
    rating = await openPrepaid();
  });
  after(() => rating.close());

  const open = async (amount: string): Promise<Prepaid> => {
    const one = await prepaid(rating);
    await one.wallet('main');
    await one.grant('a', amount);
    return one;
  };
  const reserve = async (one: Prepaid, holdId: string, units: string) => {
    const { hold } = await rating.client.reserve({ holdId, usage: use('', units, one.to) });
    return `${hold?.amount} ${hold?.unit} ${HoldState[hold?.state ?? 0]}`;
  };
  const commit = async (one: Prepaid, holdId: string, units: string, usageId = holdId) => {
    const { outcome, hold } = await rating.client.commit({ holdId, usage: use(usageId, units, one.to) });
    return `${told(outcome)}, ${HoldState[hold?.state ?? 0]}`;
  };
  const release = async (one: Prepaid, holdId: string) => {
    const { hold } = await rating.client.release({ account: one.name, holdId });
    return HoldState[hold?.state ?? 0];
  };
  const reasonOf = async (work: Promise<unknown>) => {
    try {
      await work;
      return 'done';
    } catch (error) {
      return (error as RatebookError).reason;
    }
  };
  const later = async (time: bigint, work: () => Promise<void>) => {
    const { clock } = rating.catalog;
    clock.time += time;
    try {
      await work();
    } finally {
      clock.time -= time;
    }
  };

  it('reserve, and give back what the use did not need', async () => {
    const one = await open('20');
    assert.equal(await reserve(one, 'h', '12'), '11 USD OPEN');
    assert.equal(await one.shown(), '20 of 9: a 20');
    assert.equal(await commit(one, 'h', '5'), 'rated 5, COMMITTED');
    assert.equal(await one.shown(), '15 of 15: a 15');
  });

  it('cannot be more than there is', async () => {
    const one = await open('20');
    assert.equal(await reserve(one, 'h', '10'), '10 USD OPEN');
    // The use that is held has counted nothing yet.
    assert.equal(await reserve(one, 'i', '10'), '10 USD OPEN');
    assert.equal(await reasonOf(reserve(one, 'j', '1')), 'BALANCE_TOO_LOW');
    assert.equal(
      told((await rating.client.rateUsage({ usage: use('1', '1', one.to) })).outcome),
      'rejected BALANCE_TOO_LOW',
    );
  });

  it('are reserved once under an id', async () => {
    const one = await open('20');
    assert.equal(await reserve(one, 'h', '12'), '11 USD OPEN');
    assert.equal(await reserve(one, 'h', '12'), '11 USD OPEN');
    assert.equal(await one.shown(), '20 of 9: a 20');
    assert.equal(await reasonOf(reserve(one, 'h', '11')), 'HOLD_ID_REUSED');
  });

  it('are committed once, and again with the same answer', async () => {
    const one = await open('20');
    await reserve(one, 'h', '12');
    assert.equal(await commit(one, 'h', '5'), 'rated 5, COMMITTED');
    assert.equal(await commit(one, 'h', '5'), 'duplicate 5, COMMITTED');
    assert.equal(await commit(one, 'h', '6'), 'rejected USAGE_ID_REUSED, COMMITTED');
    assert.equal(await reasonOf(commit(one, 'h', '5', 'other')), 'HOLD_NOT_OPEN');
    assert.equal(await one.shown(), '15 of 15: a 15');
  });

  it('never refuse a use for lack of money: what is missing is owed, and told', async () => {
    const one = await open('8');
    await reserve(one, 'h', '8');
    assert.equal(await commit(one, 'h', '12'), 'rated 11, COMMITTED');
    assert.equal(await one.shown(), '-3 of -3: ');
    const events = await rating.store.events.find({ account: one.name.split('/')[1]! }).toArray();
    assert.deepEqual(
      events.map(({ type, data }) => [type, data['amount'], data['usage_id']]),
      [['ratebook.wallet.shortfall', '3', 'h']],
    );
    await one.grant('b', '5');
    assert.equal(await one.shown(), '2 of 2: b 2');
  });

  it('stay as they are when the use is not rated', async () => {
    const one = await open('20');
    await reserve(one, 'h', '12');
    assert.equal(await commit(one, 'h', 'many'), 'rejected INVALID_FACTS, OPEN');
    assert.equal(await one.shown(), '20 of 9: a 20');
  });

  it('are given back, once', async () => {
    const one = await open('20');
    await reserve(one, 'h', '12');
    assert.equal(await release(one, 'h'), 'RELEASED');
    assert.equal(await release(one, 'h'), 'RELEASED');
    assert.equal(await one.shown(), '20 of 20: a 20');
    assert.equal(await reasonOf(commit(one, 'h', '5')), 'HOLD_NOT_OPEN');
  });

  it('are not given back when they are committed, nor found when they are not there', async () => {
    const one = await open('20');
    await reserve(one, 'h', '12');
    await commit(one, 'h', '5');
    assert.equal(await reasonOf(release(one, 'h')), 'HOLD_NOT_OPEN');
    assert.equal(await reasonOf(release(one, 'x')), 'HOLD_NOT_FOUND');
    assert.equal(await reasonOf(commit(one, 'x', '5')), 'HOLD_NOT_FOUND');
    assert.equal(await reasonOf(rating.client.getHold({ account: one.name, holdId: 'x' })), 'HOLD_NOT_FOUND');
  });

  it('fall back at their time, which is told once', async () => {
    const one = await open('20');
    await reserve(one, 'h', '12');
    const ports = { store: rating.store, clock: rating.catalog.clock, book: rating.book, queues: new Map() };
    await later(10n * MINUTE, async () => {
      const { hold } = await rating.client.getHold({ account: one.name, holdId: 'h' });
      assert.equal(hold?.state, HoldState.EXPIRED);
      await expireHolds(ports);
      await expireHolds(ports);
      assert.equal(await one.shown(), '20 of 20: a 20');
      const events = await rating.store.events.find({ account: one.name.split('/')[1]! }).toArray();
      assert.deepEqual(
        events.map(({ type }) => type),
        ['ratebook.hold.expired'],
      );
      // The use has happened all the same.
      assert.equal(await commit(one, 'h', '5'), 'rated 5, COMMITTED');
    });
    assert.equal(await one.shown(), '15 of 15: a 15');
  });

  it('keep money that expires meanwhile for their use alone', async () => {
    const one = await prepaid(rating);
    await one.wallet('main');
    await one.grant('a', '10', { expiresAt: stamp('2026-03-01T00:05:00Z') });
    await reserve(one, 'h', '6');
    await later(6n * MINUTE, async () => {
      assert.equal(await one.shown(), '6 of 0: ');
      assert.equal(await commit(one, 'h', '5'), 'rated 5, COMMITTED');
      assert.equal(await one.shown(), '0 of 0: ');
      assert.equal(await one.ledger(), 'grant payments 10, use usage -5, expiry breakage -5');
    });
  });

  it('hold units before money', async () => {
    const one = await open('20');
    await one.wallet('units', { unit: 'token' });
    await one.grant('u', '8', { wallet: `${one.name}/wallets/units`, prices: ['units'] });
    assert.equal(await reserve(one, 'h', '6'), '6 token OPEN');
    assert.equal(await reserve(one, 'i', '6'), '4 USD OPEN');
    assert.equal(await one.shown('units'), '8 of 0: u 8');
    assert.equal(await commit(one, 'h', '8'), 'rated 2, COMMITTED');
    assert.equal(await one.shown('units'), '2 of 0: u 2');
  });

  it('tell what use was refused, reserved for or committed', async () => {
    const one = await open('5');
    await reasonOf(reserve(one, 'h', '6'));
    await reserve(one, 'i', '2');
    await commit(one, 'i', 'many', 'u');
    await reasonOf(commit(one, 'x', '1'));
    await reasonOf(release(one, 'x'));
    const events = await rating.store.events.find({ account: one.name.split('/')[1]! }).toArray();
    assert.deepEqual(
      events.map(({ type, data }) => [type, data['hold_id'], data['usage_id'], data['reason']]),
      [
        ['ratebook.usage.rejected', 'h', undefined, 'BALANCE_TOO_LOW'],
        ['ratebook.usage.rejected', 'i', 'u', 'INVALID_FACTS'],
        ['ratebook.usage.rejected', 'x', 'x', 'HOLD_NOT_FOUND'],
      ],
    );
  });

  const REFUSED: readonly (readonly [what: string, reason: string, request: object])[] = [
    ['no id', 'INVALID_REQUEST', { holdId: '' }],
    ['an expiry that is over', 'INVALID_REQUEST', { expiresAt: stamp('2026-03-01T00:00:00Z') }],
    ['an expiry beyond a day', 'INVALID_REQUEST', { expiresAt: stamp('2026-03-02T00:00:01Z') }],
    ['a subscription that is not prepaid', 'INVALID_REQUEST', { usage: use('', '1') }],
    [
      'an account that there is not',
      'ACCOUNT_NOT_FOUND',
      {
        usage: use('', '1', {
          account: 'accounts/nobody',
          subscription: 'accounts/nobody/subscriptions/main',
        }),
      },
    ],
    ['a use without a price', 'NO_PRICE', { odd: true }],
  ];
  for (const [what, reason, request] of REFUSED) {
    it(`are refused with ${what}`, async () => {
      const one = await open('20');
      const usage = use('', '1', one.to, 'odd' in request ? { kind: 'odd' } : {});
      assert.equal(await reasonOf(rating.client.reserve({ holdId: 'h', usage, ...request })), reason);
    });
  }

  it('of one wallet keep its limit, however many come at once', async () => {
    const one = await open('15');
    const ids = Array.from({ length: 30 }, (_, i) => `h${i}`);
    const reserved = await Promise.all(ids.map((id) => reasonOf(reserve(one, id, '1'))));
    assert.equal(reserved.filter((reason) => reason === 'done').length, 15);
    assert.equal(reserved.filter((reason) => reason === 'BALANCE_TOO_LOW').length, 15);
    const done = ids.filter((_, i) => reserved[i] === 'done');
    const committed = await Promise.all(done.map((id) => commit(one, id, '1')));
    assert.equal(committed.filter((answer) => answer === 'rated 1, COMMITTED').length, 10);
    assert.equal(await one.shown(), '2.5 of 2.5: a 2.5');
  });
});
