import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Pin, type RevisionHead, byEffect, chooseRevision } from '../../src/strategy/choose-revision.js';

const head = (number: number, from: number, rest: Partial<RevisionHead> = {}): RevisionHead => ({
  number,
  effectiveFrom: BigInt(from),
  appliesTo: 'everyone',
  withdrawn: false,
  ...rest,
});
const follow: Pin = { kind: 'follow' };
const subscription = (startedAt: number, periodStart: number): Pin => ({
  kind: 'subscription',
  startedAt: BigInt(startedAt),
  periodStart: () => BigInt(periodStart),
});
const pinned = (number: number): Pin => ({ kind: 'revision', number });

const plain = [head(1, 10), head(2, 20), head(3, 30)];
const toNew = [head(1, 10), head(2, 20, { appliesTo: 'new_subscriptions' })];
const toNext = [head(1, 10), head(2, 20, { appliesTo: 'next_period' })];
const backdated = [head(1, 10), head(2, 30), head(3, 20)];
const withdrawn = [head(1, 10), head(2, 20, { withdrawn: true })];

describe('strategy/choose-revision', () => {
  for (const [what, revisions, pin, at, expected] of [
    ['none at all', [], follow, 10, undefined],
    ['before the first', plain, follow, 9, undefined],
    ['at the instant it takes effect', plain, follow, 20, 2],
    ['a nanosecond earlier', plain, follow, 19, 1],
    ['after the last', plain, follow, 1000, 3],
    ['backdated: before the later one', backdated, follow, 25, 3],
    ['backdated: the later one still wins from its time on', backdated, follow, 30, 2],
    ['withdrawn', withdrawn, follow, 25, 1],
    ['withdrawn, though pinned', withdrawn, pinned(2), 25, undefined],
    ['one effective time: the higher number', [head(2, 10), head(3, 10), head(1, 10)], follow, 10, 3],
    ['pinned', plain, pinned(1), 1000, 1],
    ['pinned, before it takes effect', plain, pinned(2), 19, undefined],
    ['pinned to one that is not there', plain, pinned(9), 1000, undefined],
    ['pinned to one for new subscriptions', toNew, pinned(2), 25, 2],
    ['new subscriptions: an old one keeps its revision', toNew, subscription(19, 25), 30, 1],
    ['new subscriptions: one that starts then', toNew, subscription(20, 20), 30, 2],
    ['new subscriptions: a quote is a new one', toNew, follow, 20, 2],
    ['next period: this one runs on', toNext, subscription(10, 15), 30, 1],
    ['next period: one that starts then', toNext, subscription(10, 20), 30, 2],
    ['next period: a quote starts its first', toNext, follow, 20, 2],
    ['only ones that do not reach it', toNew.slice(1), subscription(10, 10), 30, undefined],
  ] as const) {
    it(what, () => {
      assert.equal(chooseRevision(revisions.toSorted(byEffect), pin, BigInt(at))?.number, expected);
    });
  }

  const instant = fc.bigInt(0n, 20n);
  const revision = fc.record({
    effectiveFrom: instant,
    appliesTo: fc.constantFrom('everyone', 'new_subscriptions', 'next_period'),
    withdrawn: fc.boolean(),
  });
  const revisions = fc
    .uniqueArray(revision, { selector: (head) => head.effectiveFrom, maxLength: 8 })
    .map((heads) => heads.map((rest, i): RevisionHead => ({ number: i + 1, ...rest })).toSorted(byEffect));
  const pin: fc.Arbitrary<Pin> = fc.oneof(
    fc.constant(follow),
    fc.integer({ min: 1, max: 8 }).map(pinned),
    fc.tuple(instant, instant).map(([start, period]) => subscription(Number(start), Number(period))),
  );

  it('is the first that fits when the newest are looked at first', () => {
    const fits = (head: RevisionHead, whose: Pin, at: bigint) =>
      !head.withdrawn &&
      head.effectiveFrom <= at &&
      (whose.kind !== 'revision' || head.number === whose.number) &&
      (whose.kind !== 'subscription' ||
        head.appliesTo === 'everyone' ||
        head.effectiveFrom <= (head.appliesTo === 'next_period' ? whose.periodStart(head) : whose.startedAt));
    fc.assert(
      fc.property(revisions, pin, instant, (heads, whose, at) => {
        const newestFirst = heads.toSorted((a, b) => Number(b.effectiveFrom - a.effectiveFrom));
        assert.equal(
          chooseRevision(heads, whose, at),
          newestFirst.find((head) => fits(head, whose, at)),
        );
      }),
    );
  });

  it('goes by the periods of the revision that it follows, not by its own', () => {
    const heads = [
      head(1, 0),
      head(2, 12, { appliesTo: 'new_subscriptions' }),
      head(3, 15, { appliesTo: 'next_period' }),
      head(4, 25, { appliesTo: 'next_period' }),
    ];
    /** How long the periods of each revision are. */
    const lengths = [0, 10, 50, 4, 7];
    const at = (instant: number) => {
      const periodStart = ({ number }: RevisionHead) => {
        const length = lengths[number] ?? 0;
        return BigInt(instant - (instant % length));
      };
      return chooseRevision(heads, { kind: 'subscription', startedAt: 0n, periodStart }, BigInt(instant))
        ?.number;
    };
    // Tens to 20, then fours, and from the first four that begins at or after 25 on sevens.
    assert.deepEqual([14, 15, 19, 20, 25, 27, 28, 40].map(at), [1, 1, 1, 3, 3, 3, 4, 4]);
  });

  it('a later revision changes nothing before it', () => {
    fc.assert(
      fc.property(revisions, revision, pin, instant, (heads, rest, whose, at) => {
        fc.pre(rest.effectiveFrom > at);
        const later = { number: heads.length + 1, ...rest };
        assert.equal(
          chooseRevision([...heads, later].toSorted(byEffect), whose, at),
          chooseRevision(heads, whose, at),
        );
      }),
    );
  });
});
