import { type Part, hold as reserve } from '../../../ledger/funds.js';
import { negate } from '../../../money/arithmetic.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import type { Store } from '../store.js';
import type { Batch } from '../recording/batch.js';
import type { Draft } from '../recording/draft.js';
import type { UsageOutcome } from '../recording/usage.js';
import type { Purse } from '../wallets/purse.js';
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
