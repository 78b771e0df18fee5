import { RatebookError } from '../../../errors/error.js';
import type { Running } from '../../../pricing/price.js';
import { takeOver } from '../../../quote/moves.js';
import { type StoredCounter, countedBy } from '../../../quote/stored-totals.js';
import { type Totals, inZone, restoreTotals } from '../../../quote/totals.js';
import type { Strategy } from '../../../strategy/strategy.js';
import type { Instant } from '../../../time/instant.js';
import type { Subscription } from '../accounts/account.js';
import { type Draft, ownerOf } from './draft.js';
import { type Payer, type Recorded, rateSent } from './rate-use.js';
import type { Counted } from './rating-store.js';
import {
  type Rating,
  type SentUsage,
  UNPRICED_REASONS,
  type UnpricedUsage,
  type UsageOutcome,
} from './usage.js';

/** Uses while they are rated one after the other, and what is to be stored of them. */
export type Batch = {
  readonly recordedAt: Instant;
  /** What was counted before, by subscription and window. */
  readonly counted: Counted;
  /** By subscription. */
  readonly totals: Map<string, Totals>;
  readonly ratings: Rating[];
  readonly unpriced: UnpricedUsage[];
  /** Where counters stand now that were moved, by subscription and window. */
  readonly moved: Map<string, Map<string, Running>>;
};

export function openBatch(counted: Counted, recordedAt: Instant): Batch {
  return { recordedAt, counted, totals: new Map(), ratings: [], unpriced: [], moved: new Map() };
}

/** Rates the next use after all before it, and notes what is to be stored. A use that is refused leaves no trace. */
export async function rateIn(batch: Batch, { usage, found }: Draft): Promise<UsageOutcome> {
  switch (found.kind) {
    case 'refused':
      return { kind: 'rejected', error: found.error };
    case 'no_revision':
      return refusedOrUnpriced(batch, usage, found);
    case 'payer': {
      const { subscription, revision } = found;
      const totals = totalsOf(batch, subscription, revision.strategy);
      const recorded: Recorded = { recordedAt: batch.recordedAt, place: batch.ratings.length };
      try {
        const { rating, rated } = await rateSent(usage, found, totals, recorded);
        takeOver(rated.moves);
        noteMoves(batch.moved, ownerOf(subscription), countedBy(rated.moves));
        batch.ratings.push(rating);
        return { kind: 'rated', rating };
      } catch (error) {
        if (!(error instanceof RatebookError)) throw error;
        return refusedOrUnpriced(batch, usage, { ...found, error });
      }
    }
  }
}

type Refusal = Pick<Payer, 'subscription' | 'turn'> & { readonly error: RatebookError };

function refusedOrUnpriced(
  batch: Batch,
  sent: SentUsage,
  { subscription, turn, error }: Refusal,
): UsageOutcome {
  const reason = UNPRICED_REASONS.find((one) => one === error.reason);
  if (reason === undefined) return { kind: 'rejected', error };
  const { account, usageId, occurredAt, fingerprint, given } = sent;
  const usage: UnpricedUsage = {
    account,
    usageId,
    subscription: subscription.id,
    strategy: subscription.strategy,
    occurredAt,
    recordedAt: batch.recordedAt,
    turn,
    place: batch.unpriced.length,
    fingerprint,
    given,
    reason,
    message: error.message,
  };
  batch.unpriced.push(usage);
  return { kind: 'unpriced', usage };
}

function totalsOf(batch: Batch, subscription: Subscription, strategy: Strategy): Totals {
  const owner = ownerOf(subscription);
  const open = batch.totals.get(owner) ?? restoreTotals(strategy, windowsOfOwner(batch.counted, owner));
  const own = inZone(open, strategy);
  batch.totals.set(owner, own);
  return own;
}

/** What one subscription has counted, by window. */
export function windowsOfOwner(counted: Counted, owner: string): Counted {
  const prefix = `${owner} `;
  return new Map(
    [...counted].flatMap(([id, counters]) =>
      id.startsWith(prefix) ? [[id.slice(prefix.length), counters] as const] : [],
    ),
  );
}

/** Notes where counters of a subscription stand now. */
export function noteMoves(
  moved: Map<string, Map<string, Running>>,
  owner: string,
  counters: readonly StoredCounter[],
): void {
  for (const { window, key, quantity, events } of counters) {
    const id = `${owner} ${window}`;
    const known = moved.get(id) ?? new Map<string, Running>();
    moved.set(id, known.set(key, { quantity, events }));
  }
}
