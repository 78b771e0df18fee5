import { RatebookError } from '../../../errors/error.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import { DAY, type Instant, formatInstant } from '../../../time/instant.js';
import { windowOf } from '../../../time/window.js';
import { type Subscription, subscriptionName } from '../accounts/account.js';
import { firstUpTo } from '../statements/statement-store.js';
import type { Store } from '../store.js';
import { ownerOf } from './batch.js';
import type { RevisionBook } from '../revisions/revision-book.js';
import type { Draft } from './draft.js';
import { revisionOfRating } from './recompute.js';
import type { Rating } from './usage.js';

/** When something of a subscription falls due, and for how many days after a statement it is still taken. */
export type Limited = {
  readonly subscription: Subscription;
  readonly dueAt: Instant;
  readonly lateLimitDays: number;
};

type Looking = { readonly store: Store; readonly now: Instant };

/**
 * The refusal of what comes too late: a statement has covered it, and the strategy's `late_limit`, counted from the
 * instant that this statement goes up to, is over. Undefined while it is in time.
 */
export async function lateness(
  { subscription, dueAt, lateLimitDays }: Limited,
  { store, now }: Looking,
  session?: Session,
): Promise<RatebookError | undefined> {
  const limit = BigInt(lateLimitDays) * DAY;
  // The statement that covers it goes up to then or further.
  if (subscription.billed === undefined || subscription.billed.upTo < dueAt || now <= dueAt + limit)
    return undefined;
  const upTo = await firstUpTo(store, ownerOf(subscription), dueAt, session);
  if (upTo === undefined || now <= upTo + limit) return undefined;
  const message = `A statement of ${subscriptionName(subscription)} up to ${formatInstant(upTo)} has covered it, and it could be recorded or corrected until ${formatInstant(upTo + limit)}, ${lateLimitDays} days after that; record the difference as another use, or raise the strategy's late_limit.`;
  return new RatebookError('LATE', message, { metadata: { up_to: formatInstant(upTo) } });
}

/** What limits the correction of a rating. */
export function limitOfRating(rating: Rating, subscription: Subscription, book: RevisionBook): Limited {
  const { lateLimitDays } = revisionOfRating(rating, book).strategy;
  return { subscription, dueAt: rating.dueAt, lateLimitDays };
}

/** Those that come too late are refused; all others are as they were. */
export async function refuseLate(
  drafts: readonly Draft[],
  looking: Looking,
  session?: Session,
): Promise<readonly Draft[]> {
  const known = new Map<string, RatebookError | undefined>();
  const checked: Draft[] = [];
  for (const draft of drafts) {
    const limited = limitOf(draft, looking.now);
    const key = limited && `${ownerOf(limited.subscription)} ${limited.dueAt}`;
    if (limited !== undefined && key !== undefined && !known.has(key))
      known.set(key, await lateness(limited, looking, session));
    const error = key === undefined ? undefined : known.get(key);
    checked.push(error === undefined ? draft : { usage: draft.usage, found: { kind: 'refused', error } });
  }
  return checked;
}

/** Undefined for what cannot be late, as almost everything: it is younger than the limit, or nothing of it is billed. */
function limitOf({ usage, found }: Draft, now: Instant): Limited | undefined {
  if (found.kind !== 'payer' || found.subscription.billed === undefined) return undefined;
  const { subscription } = found;
  const { lateLimitDays, period, timeZone } = found.revision.strategy;
  if (now <= usage.occurredAt + BigInt(lateLimitDays) * DAY) return undefined;
  const { end } = windowOf(usage.occurredAt, period, timeZone);
  return { subscription, dueAt: end, lateLimitDays };
}
