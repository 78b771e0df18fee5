import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { RerateResponse } from '../../../../src/gen/ratebook/v1/rate_pb.js';
import { type Rating, heard } from '../rating.js';
import { freshAccount, openRecording, stamp, told, use } from '../recording/recording.js';

type Use = ReturnType<typeof use>;

/** Tiers of the month, or of the year for the strategy `years`; nothing has a price that is of kind `odd`. */
const documentOf = (
  strategy: string,
  tiers: string,
  { resets = 'period', odd = 'odd' }: { readonly resets?: string; readonly odd?: string } = {},
) => ({
  fileName: `${strategy}.yaml`,
  text: `
strategy: ${strategy}
currency: USD
time_zone: UTC
period: month
facts:
  units: { type: decimal, billable: true }
  kind: { type: string, one_of: [ plain, odd, banned ], default: plain }
prices:
  units: { model: graduated, quantity: units, resets: ${resets}, tiers: ${tiers} }
rules:
  - name: units
    conditions: { all: [ { fact: kind, operator: notEqual, value: ${odd} } ] }
    event: { type: charge, params: { price: units } }
`,
});
const FIRST = '[ { up_to: 10, unit_price: 1 }, { unit_price: 0.5 } ]';
const SECOND = '[ { up_to: 5, unit_price: 3 }, { unit_price: 0.25 } ]';

describe('rating again', function () {
  this.timeout(60_000);
  let rating: Rating;
  before(async function () {
    this.timeout(120_000);
    rating = await openRecording();
    // Revision 2 is in effect for nothing that is recorded here, and is rated by when it is named.
    await publish('tokens', documentOf('tokens', SECOND, { odd: 'banned' }), '2026-04-01T00:00:00Z');
    await publish('years', documentOf('years', FIRST, { resets: 'year' }), '2026-01-01T00:00:00Z');
    await publish('years', documentOf('years', SECOND, { resets: 'year' }), '2026-04-01T00:00:00Z');
  });
  after(() => rating.close());

  const publish = async (id: string, source: ReturnType<typeof documentOf>, from: string) => {
    const { revision } = await rating.catalog.client.publishRevision({ source, effectiveFrom: stamp(from) });
    const number = Number(revision?.number);
    await heard(
      rating.book,
      () => rating.book.byStrategy.get(id)?.some(({ head }) => head.number === number) === true,
    );
  };
  const account = () => freshAccount(rating);
  type To = Awaited<ReturnType<typeof account>>;
  const rate = async (usage: Use) => told((await rating.client.rateUsage({ usage })).outcome);
  const FEBRUARY = { from: stamp('2026-02-01T00:00:00Z'), to: stamp('2026-03-01T00:00:00Z') };
  const rerate = ({ subscription }: To, plan = '', revision = 2n) =>
    rating.client.rerate({ parent: subscription, ...FEBRUARY, revision, plan });
  const all = async ({ account: parent }: To) =>
    (await rating.client.listRatings({ parent, pageSize: 1000 })).ratings;
  const sumOf = async ({ account: parent }: To, date: string) =>
    (await rating.client.summarizePeriod({ parent, date })).summary?.amount;
  const replayAll = async (to: To) => {
    for (const { usageId, number } of await all(to)) {
      const { agrees } = await rating.client.replayRating({ account: to.account, usageId, number });
      assert.equal(agrees, true, `${usageId} ${number}`);
    }
  };
  const differencesOf = ({ differences }: RerateResponse) =>
    differences.map(
      ({ usageId, before: was, after: is, revisionBefore, revisionAfter }) =>
        `${usageId}: ${was} by ${revisionBefore}, ${is} by ${revisionAfter}`,
    );

  it('tells every difference and stores nothing, until it is told the plan', async () => {
    const to = await account();
    await rate(use('1', '8', to));
    await rate(use('2', '4', to));
    const told = await rerate(to);
    // Five units at 3, seven at 0.25.
    assert.deepEqual(
      [told.applied, told.usageCount, told.currency, told.before, told.after, differencesOf(told)],
      [false, 2n, 'USD', '11', '16.75', ['1: 8 by 1, 15.75 by 2', '2: 3 by 1, 1 by 2']],
    );
    assert.equal((await all(to)).length, 2);
    const applied = await rerate(to, told.plan);
    assert.deepEqual(applied, { ...told, applied: true });
    assert.deepEqual(
      (await all(to)).map(
        ({ usageId, number, reverses, amount }) => `${usageId}.${number} ${reverses}: ${amount}`,
      ),
      ['1.1 0: 8', '2.1 0: 3', '1.2 1: -8', '1.3 0: 15.75', '2.2 1: -3', '2.3 0: 1'],
    );
    assert.equal(await sumOf(to, '2026-02-01'), '16.75');
    const { explanation } = await rating.client.explainRating({
      account: to.account,
      usageId: '1',
      number: 2n,
    });
    assert.deepEqual(
      explanation?.steps.map(({ label, value }) => `${label}: ${value}`),
      ['Takes back rating 1: -8'],
    );
    // By the first revision, which is still the one in effect, after twelve units.
    assert.equal(await rate(use('3', '2', to)), 'rated 1');
    await replayAll(to);
  });

  it('stores a plan once, and refuses one that is outdated', async () => {
    const to = await account();
    await rate(use('1', '8', to));
    const { plan } = await rerate(to);
    const applied = await rerate(to, plan);
    await rate(use('2', '1', to));
    assert.deepEqual(await rerate(to, plan), applied);
    assert.equal((await all(to)).length, 4);
    const next = await rerate(to);
    await rate(use('3', '1', to));
    await assert.rejects(rerate(to, next.plan), { reason: 'PLAN_OUTDATED' });
    assert.equal((await all(to)).length, 5);
  });

  it('differs in nothing by the revisions that have rated it, whatever was taken back', async () => {
    const to = await account();
    await rate(use('1', '8', to));
    await rate(use('2', '4', to));
    await rating.client.cancelUsage({ account: to.account, usageId: '1' });
    await rating.client.amendUsage({ usage: use('2', '12', to) });
    const told = await rerate(to, '', 0n);
    assert.deepEqual([told.before, told.after, told.differences], ['11', '11', []]);
    const applied = await rerate(to, told.plan, 0n);
    assert.equal(applied.applied, true);
    assert.equal((await all(to)).length, 5);
  });

  it('leaves what has no price any more, which still counts', async () => {
    const to = await account();
    await rate(use('1', '8', to));
    await publish('tokens', documentOf('tokens', SECOND, { odd: 'plain' }), '2026-05-01T00:00:00Z');
    await rate(use('2', '4', to));
    const told = await rerate(to, '', 3n);
    assert.deepEqual(differencesOf(told), ['1: 8 by 1,  by 1', '2: 3 by 1,  by 1']);
    assert.equal(told.after, '11');
    assert.ok(told.differences.every(({ error }) => error?.code === 9));
    await rerate(to, told.plan, 3n);
    assert.equal((await all(to)).length, 2);
    assert.equal(await rate(use('3', '2', to)), 'rated 1');
  });

  it('puts what it corrects on the next statement', async () => {
    const to = await account();
    await rate(use('1', '8', to));
    await rating.client.closeStatement({ parent: to.subscription });
    await rerate(to, (await rerate(to)).plan);
    const { statement } = await rating.client.closeStatement({ parent: to.subscription });
    assert.deepEqual(
      [
        statement?.amount,
        ...(statement?.lines ?? []).map((line) => `${line.revision.at(-1)} ${line.amount}`),
      ],
      ['7.75', '1 -8', '2 15', '2 0.75'],
    );
  });

  const REFUSED: readonly (readonly [what: string, reason: string, request: object])[] = [
    ['an end within a period', 'INVALID_REQUEST', { to: stamp('2026-02-28T00:00:00Z') }],
    ['an end before its beginning', 'INVALID_REQUEST', { to: stamp('2026-01-01T00:00:00Z') }],
    ['a plan that is none', 'INVALID_REQUEST', { plan: 'all' }],
    ['a plan of something else', 'PLAN_OUTDATED', { plan: '0'.repeat(64) }],
    ['an unknown revision', 'REVISION_NOT_FOUND', { revision: 99n }],
    ['an unknown subscription', 'SUBSCRIPTION_NOT_FOUND', { parent: 'accounts/acme/subscriptions/none' }],
  ];
  for (const [what, reason, request] of REFUSED)
    it(`refuses ${what}`, async () => {
      const { subscription: parent } = await account();
      await assert.rejects(rating.client.rerate({ parent, ...FEBRUARY, ...request }), { reason });
    });

  describe('property: comes to what would have been recorded', () => {
    type Act = {
      readonly kind: 'use' | 'cancel' | 'amend';
      readonly day: string;
      readonly units: number;
      readonly which: number;
    };
    const acts = fc.array(
      fc.record({
        kind: fc.constantFrom<Act['kind']>('use', 'use', 'use', 'cancel', 'amend'),
        day: fc.constantFrom('2026-01-10', '2026-02-10', '2026-02-20'),
        units: fc.integer({ min: 0, max: 9 }),
        which: fc.nat(4),
      }),
      { minLength: 1, maxLength: 9 },
    );

    for (const strategy of ['tokens', 'years'])
      it(`with the counters of ${strategy}, twice`, async () => {
        await fc.assert(
          fc.asyncProperty(acts, acts, async (before, between) => {
            const to = await subscribed(strategy);
            const moves: Move[] = [];
            const kept: Kept = new Map();
            for (const now of [before, between]) {
              for (const act of now) await perform(act, { to, kept, moves });
              const { plan, after: is } = await rerate(to);
              assert.equal((await rerate(to, plan)).applied, true);
              const february = reference(strategy, moves, (day) => day >= '2026-02');
              assert.equal(is, String(february.amount));
              assert.equal(await sumOf(to, '2026-02-01'), String(february.amount));
              const again = await rerate(to);
              assert.deepEqual(again.differences, []);
            }
            await replayAll(to);
            // The counters stand where those of the units that are left do, and a new use is rated by the first revision.
            const { total } = reference(strategy, moves, () => false);
            const next = price(1, total + 1) - price(1, total);
            assert.equal(await rate(use('next', '1', to)), `rated ${next}`);
          }),
          { numRuns: 8 },
        );
      });

    const subscribed = async (strategy: string) => {
      const to = await account();
      if (strategy === 'tokens') return to;
      const subscription = `${to.account}/subscriptions/own`;
      await rating.accounts.createSubscription({
        subscription: { name: subscription, strategy: `strategies/${strategy}` },
      });
      return { ...to, subscription };
    };

    /** What moves the counters, in order: so many units on a day, below zero for what is taken back. */
    type Move = { readonly day: string; readonly units: number };
    type Kept = Map<string, Move>;
    type World = { readonly to: To; readonly kept: Kept; readonly moves: Move[] };

    async function perform({ kind, day, units, which }: Act, { to, kept, moves }: World): Promise<void> {
      const usageId = kind === 'use' ? `u${moves.length}` : ([...kept.keys()][which] ?? '');
      const earlier = kept.get(usageId);
      if (kind !== 'use' && earlier === undefined) return;
      const usage = use(usageId, String(units), { ...to, occurredAt: stamp(`${day}T00:00:00Z`) });
      const isSame = earlier?.day === day && earlier.units === units;
      if (kind === 'use') await rating.client.rateUsage({ usage });
      else if (kind === 'cancel') await rating.client.cancelUsage({ account: to.account, usageId });
      else await rating.client.amendUsage({ usage });
      if (kind === 'amend' && isSame) return;
      if (earlier !== undefined) moves.push({ day: earlier.day, units: -earlier.units });
      if (kind === 'cancel') kept.delete(usageId);
      else {
        kept.set(usageId, { day, units });
        moves.push({ day, units });
      }
    }
  });
});

type Moved = { readonly day: string; readonly units: number };

/** All moves one by one, the slow way: what those meant come to by the second revision, and the units of February's counter. */
function reference(strategy: string, moves: readonly Moved[], isMeant: (day: string) => boolean) {
  const totals = new Map<string, number>();
  const windowOf = (day: string) => day.slice(0, strategy === 'years' ? 4 : 7);
  let amount = 0;
  for (const { day, units } of moves) {
    const before = totals.get(windowOf(day)) ?? 0;
    const after = before + units;
    totals.set(windowOf(day), after);
    if (isMeant(day)) amount += price(2, after) - price(2, before);
  }
  return { amount, total: totals.get(windowOf('2026-02')) ?? 0 };
}

/** Halves and quarters, which doubles hold exactly. */
function price(revision: 1 | 2, units: number): number {
  const [bound, first, then] = revision === 1 ? [10, 1, 0.5] : [5, 3, 0.25];
  return Math.min(units, bound) * first + Math.max(units - bound, 0) * then;
}
