import assert from 'node:assert/strict';
import { runHolds } from '../../../../src/services/rating/holds/run-holds.js';
import type { Standing } from '../../../../src/services/rating/holds/standing.js';
import { emptyBook, wake } from '../../../../src/services/rating/revisions/revision-book.js';
import { type Document, charge } from '../../../quote/priced.js';
import { at, timestamp } from '../../catalog/catalog.js';
import { EARLY, openRating } from '../rating.js';
import { type Periods, make, openPeriods, publish, subscribed } from '../periods/periods.js';

const units = (unit_price: number): Document => ({
  facts: { units: { type: 'decimal' } },
  prices: { units: { model: 'per_unit', quantity: 'units', unit_price } },
  rules: [charge('units')],
});

describe('recording with a revision for the past that not every process has read', function () {
  this.timeout(20_000);
  /** Two processes over one database. */
  let one: Periods;
  let other: Periods;
  before(async function () {
    this.timeout(120_000);
    one = await openPeriods();
    other = { ...one, queues: new Map(), book: { ...emptyBook(), watermark: one.book.watermark, heard: 9 } };
    for (const process of [one, other]) publish(process, units(1));
  });

  const record = (process: Periods, account: string, usageId: string) =>
    make(process, account, ['2026-02-10', 'use', usageId, { units: '1' }]);
  const hear = (process: Periods) => {
    publish(process, units(2), { number: 2, from: '2026-02-01T00:00:00Z' });
    process.book.backdated = 7n;
  };
  const revisionsOf = async (account: string) => {
    const ratings = await one.store.ratings.find({ account }).sort({ turn: 1 }).toArray();
    return ratings.map(({ revision }) => revision).join(' ');
  };

  it('what was rated with it is never followed by what is rated without', async () => {
    const [account, untouched] = [await subscribed(one, '2026-01-01'), await subscribed(one, '2026-01-01')];
    await record(one, account, 'a');
    await record(other, account, 'b');
    hear(one);
    // As long as nobody has rated with it, all go on.
    await record(other, account, 'c');
    await record(one, account, 'd');
    const behind = { reason: 'UNAVAILABLE', message: /^a\d+ has been rated with a revision for the past/ };
    await assert.rejects(record(other, account, 'e'), behind);
    await assert.rejects(runHolds(account, [], other, new Map()), behind);
    await record(other, untouched, 'e');
    hear(other);
    await record(other, account, 'e');
    assert.equal(await revisionsOf(account), '1 1 1 2 2');
    assert.equal(await revisionsOf(untouched), '1');
  });

  it('holds tell it on, too', async () => {
    const account = await subscribed(one, '2026-01-01');
    await runHolds(account, [], one, new Map());
    const behind = { ...other, book: { ...other.book, backdated: 0n } };
    await assert.rejects(record(behind, account, 'a'), { reason: 'UNAVAILABLE' });
  });

  it('holds tell it on also where they have waited for it', async () => {
    const account = await subscribed(one, '2026-01-01', {}, { prepaid: true });
    const standings = new Map<string, Standing>();
    await runHolds(account, [], one, standings);
    const head = { number: 3, effectiveFrom: 0n, appliesTo: 'everyone', withdrawn: false } as const;
    const loading = { strategy: 'test', head };
    one.book.loading.add(loading);
    setImmediate(() => {
      publish(one, units(3), { number: 3, from: '2026-02-01T00:00:00Z' });
      one.book.backdated = 8n;
      one.book.loading.delete(loading);
      wake(one.book);
    });
    const given = new Map([['units', { kind: 'text', text: '1' }] as const]);
    const target = { kind: 'subscription', id: 'main' } as const;
    const occurredAt = at('2026-02-10T00:00:00Z');
    const usage = { account, usageId: 'u', target, occurredAt, given, fingerprint: '' };
    const key = { account, holdId: 'h' };
    await runHolds(
      account,
      [{ kind: 'reserve', key, usage, expiresAt: undefined, fingerprint: '' }],
      one,
      standings,
    );
    await assert.rejects(record(other, account, 'a'), { reason: 'UNAVAILABLE' });
  });

  it('uses tell it on also where it comes while they are recorded', async () => {
    const account = await subscribed(one, '2026-01-01');
    // It is asked for the time right before it is drafted by which revisions the uses are rated.
    let asked = 0;
    const clock = {
      now: () => {
        if (++asked === 2) {
          publish(one, units(4), { number: 4, from: '2026-02-01T00:00:00Z' });
          one.book.backdated = 9n;
        }
        return one.clock.now();
      },
    };
    const news = { ...one, clock: { ...one.clock, ...clock } };
    await record(news, account, 'a');
    await assert.rejects(record(other, account, 'b'), { reason: 'UNAVAILABLE' });
    assert.equal(await revisionsOf(account), '4');
  });

  it('one for the past counts by its news, and one for the future does not', async () => {
    const rating = await openRating();
    await rating.publish('llm', '1', timestamp(EARLY));
    assert.equal(rating.book.backdated, 1n);
    await rating.publish('llm', '2', timestamp('2027-01-01T00:00:00Z'));
    assert.equal(rating.book.backdated, 1n);
    await rating.close();
  });
});
