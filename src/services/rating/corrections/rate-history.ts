import { RatebookError } from '../../../errors/error.js';
import { plus } from '../../../money/arithmetic.js';
import { ZERO } from '../../../money/decimal.js';
import { givingWay } from '../../../platform/slices.js';
import { takeOver } from '../../../quote/moves.js';
import type { RatedUse } from '../../../quote/quote.js';
import { type StoredCounter, byWindow, countedBy } from '../../../quote/stored-totals.js';
import { type Totals, countedBefore, inZone, remember, restoreTotals } from '../../../quote/totals.js';
import { answerSoon } from '../../../strategy/engine/matcher.js';
import type { Instant } from '../../../time/instant.js';
import { type Payer, rateSent } from '../recording/rate-use.js';
import { calculationOf, revisionOfRating } from '../recording/recompute.js';
import type { Rating, SentUsage } from '../recording/usage.js';
import type { LoadedRevision, RevisionBook } from '../revisions/revision-book.js';
import { coveringAgain } from '../wallets/cover.js';
import { type Begun, type Counters, type Entry, counterKey, keyOf } from './history.js';

/** What one rating of a history comes to anew. */
export type Outcome = {
  readonly entry: Entry;
  /** As a use that is sent now, without its place; undefined when it has no price any more, and then it stays. */
  readonly anew: Rating | undefined;
  readonly error: RatebookError | undefined;
};

export type RatedAgain = {
  /** Of those that were to be rated again, in the order of the history. */
  readonly outcomes: readonly Outcome[];
  /** Where all counters stand in the end that the history has moved, before or now. */
  readonly counters: Counters;
};

export type How = {
  readonly payer: Omit<Payer, 'revision'>;
  readonly book: RevisionBook;
  readonly recordedAt: Instant;
  /** Which are rated again; the others keep their amounts and only count. */
  readonly isMeant: (rating: Rating) => boolean;
  /** Throws REVISION_NOT_FOUND. */
  readonly revisionFor: (at: Instant) => LoadedRevision;
};

/**
 * Goes through a history once more from where its counters stood. What was taken back at the totals of its time is taken
 * back at those of now, under the revision that its use has now, so that what stays adds up as it did.
 */
export async function rateHistory(
  history: readonly Entry[],
  { start, moved, others }: Begun,
  how: How,
): Promise<RatedAgain> {
  const [first] = history;
  if (first === undefined) return { outcomes: [], counters: new Map() };
  const { strategy } = revisionOfRating(first.rating, how.book);
  const totals = restoreTotals(strategy, byWindow([...start.values()]));
  const counters = new Map([...moved].map(([key, counter]) => [key, start.get(key) ?? emptied(counter)]));
  const renewed = new Map<string, Rating>();
  const outcomes: Outcome[] = [];
  const calls = givingWay();
  for (const entry of history) {
    await calls();
    for (const more of others.get(entry.rating) ?? []) {
      const counter = countShared(totals, more);
      counters.set(counterKey(counter), counter);
    }
    const { used, outcome } = await rateEntry(entry, { totals, renewed }, how);
    takeOver(used.moves);
    for (const counter of countedBy(used.moves)) counters.set(counterKey(counter), counter);
    if (outcome === undefined) continue;
    const { number } = entry.rating;
    if (outcome.anew !== undefined) renewed.set(keyOf(entry.rating, number), outcome.anew);
    outcomes.push(outcome);
  }
  return { outcomes, counters };
}

/** Counts what other subscriptions of the account have counted together with this one. */
function countShared(totals: Totals, { key, window, ...more }: StoredCounter): StoredCounter {
  const counter = { name: key, resets: 'account', key } as const;
  const { quantity = ZERO, events = ZERO } = countedBefore(totals, counter, undefined, undefined);
  const now = { quantity: plus(quantity, more.quantity), events: plus(events, more.events) };
  remember(totals, counter, undefined, now);
  return { window, key, ...now };
}

function emptied({ window, key }: StoredCounter): StoredCounter {
  return { window, key, quantity: ZERO, events: ZERO };
}

type SoFar = {
  readonly totals: Totals;
  /** By `keyOf` what they stand for. */
  readonly renewed: ReadonlyMap<string, Rating>;
};

type RatedEntry = { readonly used: RatedUse; readonly outcome: Outcome | undefined };

async function rateEntry(entry: Entry, soFar: SoFar, how: How): Promise<RatedEntry> {
  if (!how.isMeant(entry.rating))
    return { used: await countAgain(entry, soFar.totals, how.book), outcome: undefined };
  try {
    const { used, anew } = await (entry.original === undefined
      ? rateAgain(entry.rating, soFar.totals, how)
      : takeBackAgain(entry.rating, entry.original, { ...soFar, how }));
    return { used, outcome: { entry, anew, error: undefined } };
  } catch (error) {
    if (!(error instanceof RatebookError)) throw error;
    const used = await countAgain(entry, soFar.totals, how.book);
    return { used, outcome: { entry, anew: undefined, error } };
  }
}

/** Units that keep their amounts count as they did, by the revision that has rated them. */
function countAgain(
  { rating, original }: Entry,
  totals: Totals,
  book: RevisionBook,
): RatedUse | Promise<RatedUse> {
  const { engine, strategy } = revisionOfRating(rating, book);
  return answerSoon(engine.match, calculationOf(rating, original, book, inZone(totals, strategy)));
}

type Anew = { readonly used: RatedUse; readonly anew: Rating };

async function rateAgain(
  rating: Rating,
  totals: Totals,
  { payer, recordedAt, revisionFor }: How,
): Promise<Anew> {
  const { account, usageId, subscription, occurredAt, given, fingerprint } = rating;
  const target = { kind: 'subscription', id: subscription } as const;
  const sent: SentUsage = { account, usageId, target, occurredAt, given, fingerprint };
  const revision = revisionFor(occurredAt);
  const own = inZone(totals, revision.strategy);
  const recorded = { recordedAt, place: 0 };
  const start = { totals: own, covering: coveringAgain(rating) };
  const { rated, rating: anew } = await rateSent(sent, { ...payer, revision }, start, recorded);
  return { used: rated, anew };
}

async function takeBackAgain(
  rating: Rating,
  original: Rating,
  { totals, renewed, how: { book } }: SoFar & { readonly how: How },
): Promise<Anew> {
  const now = renewed.get(keyOf(rating, original.number));
  if (now === undefined) {
    const message = `What it takes back, rating ${original.number} of "${rating.usageId}", has no price any more.`;
    throw new RatebookError('NO_PRICE', message);
  }
  const { engine, strategy } = revisionOfRating(now, book);
  const calculation = calculationOf(now, now, book, inZone(totals, strategy));
  const used = await answerSoon(engine.match, calculation);
  const { amount, lines, discounts } = used.evaluation;
  const { before } = used;
  return {
    used,
    anew: { ...now, amount, lines, discounts, before, reverses: original.number, settlements: [] },
  };
}
