import { type Part, hold as reserve } from '../../../ledger/funds.js';
import { negate } from '../../../money/arithmetic.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import type { Store } from '../store.js';
import { type Batch, openBatch } from '../recording/batch.js';
import type { Draft } from '../recording/draft.js';
import type { UsageOutcome } from '../recording/usage.js';
import { NO_WINDOWS } from '../recording/window-store.js';
import type { Instant } from '../../../time/instant.js';
import { type Purse, openPurse } from '../wallets/purse.js';
import type { Named } from './find-named.js';
import type { Standing } from './standing.js';
import type { Hold, HoldRequest } from './hold.js';
import { holdKey, insertHolds, updateHolds } from './hold-store.js';

/** What one transaction is to do to the holds of an account, while it is worked out. */
export type HoldBatch = {
  readonly batch: Batch;
  /** Undefined where no subscription of the account is prepaid. */
  readonly purse: Purse | undefined;
  /** As they stand, by `holdKey`. */
  readonly holds: Map<string, Hold>;
  /** The keys of those that are new, and of those that were there before and have ended. */
  readonly made: Set<string>;
  readonly ended: Set<string>;
  /** What was recorded before, by `usageKey`. */
  readonly known: Map<string, UsageOutcome>;
  /** What the uses of the requests are rated by. */
  readonly drafts: ReadonlyMap<HoldRequest, Draft>;
};

/** Begins from how an account stands, or without one. */
export function openHoldBatch(
  standing: Standing | undefined,
  drafts: HoldBatch['drafts'],
  { holds, known }: Named,
  recordedAt: Instant,
): HoldBatch {
  const purse = standing && purseOf(standing);
  const purses = new Map(purse && [[purse.account, purse]]);
  const batch = openBatch(standing?.windows ?? NO_WINDOWS, purses, recordedAt);
  const own = { holds: new Map(holds), known: new Map(known) };
  return { batch, purse, ...own, made: new Set(), ended: new Set(), drafts };
}

function purseOf({ at: { account, subscriptions }, wallets }: Standing): Purse | undefined {
  const prepaid = subscriptions.filter((one) => one.prepaid).map(({ id }) => id);
  return prepaid.length === 0 ? undefined : openPurse(account.id, wallets, prepaid);
}

/** Notes a new hold. */
export function makeHold({ holds, made }: HoldBatch, hold: Hold): Hold {
  holds.set(holdKey(hold), hold);
  made.add(holdKey(hold));
  return hold;
}

/** Notes how a hold has ended. */
export function endHold({ holds, made, ended }: HoldBatch, hold: Hold): Hold {
  const key = holdKey(hold);
  holds.set(key, hold);
  if (!made.has(key)) ended.add(key);
  return hold;
}

/** Stores them as they stand. */
export async function writeHolds(
  store: Store,
  { holds, made, ended }: HoldBatch,
  session: Session,
): Promise<void> {
  const among = (keys: ReadonlySet<string>) => [...keys].flatMap((key) => holds.get(key) ?? []);
  await insertHolds(store, among(made), session);
  await updateHolds(store, among(ended), session);
}

export function reserveParts(purse: Purse | undefined, parts: readonly Part[]): void {
  if (purse !== undefined) purse.wallets = purse.wallets.map((wallet) => reserve(wallet, parts));
}

/** What an open hold has reserved is free again. */
export function letGo(purse: Purse | undefined, { state, parts }: Hold): void {
  if (state === 'open')
    reserveParts(
      purse,
      parts.map((part) => ({ ...part, amount: negate(part.amount) })),
    );
}
