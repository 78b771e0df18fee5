import { RatebookError } from '../../../errors/error.js';
import { takeOver } from '../../../quote/moves.js';
import { type Batch, keepRating, ownerOf, totalsOf } from './batch.js';
import type { Draft } from './draft.js';
import { type Payer, type Recorded, rateSent } from './rate-use.js';
import type { Settling } from '../wallets/settle.js';
import { coveringOf } from '../wallets/cover.js';
import { type SentUsage, UNPRICED_REASONS, type UnpricedUsage, type UsageOutcome } from './usage.js';

/** Rates the next use after all before it, and notes what is to be stored. A use that is refused leaves no trace. */
export async function rateIn(
  batch: Batch,
  { usage, found }: Draft,
  settling: Settling = { mayOwe: false },
): Promise<UsageOutcome> {
  switch (found.kind) {
    case 'refused':
      return { kind: 'rejected', error: found.error };
    case 'no_revision':
      return refusedOrUnpriced(batch, usage, found);
    case 'payer': {
      const { subscription, revision } = found;
      const totals = totalsOf(batch, ownerOf(subscription), revision.strategy);
      const recorded: Recorded = { recordedAt: batch.recordedAt, place: batch.ratings.length };
      const covering = coveringOf(batch.purses, subscription, batch.recordedAt, settling.letGo);
      try {
        const rated = await rateSent(usage, found, { totals, covering }, recorded);
        const rating = keepRating(batch, rated, settling);
        takeOver(rated.rated.moves);
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
