import { type Part, hold as reserve } from '../../../ledger/funds.js';
import { negate } from '../../../money/arithmetic.js';
import type { Batch } from '../recording/batch.js';
import type { Draft } from '../recording/draft.js';
import type { UsageOutcome } from '../recording/usage.js';
import type { Purse } from '../wallets/purse.js';
import type { Hold, HoldRequest } from './hold.js';
import { holdKey } from './hold-store.js';

/** What one transaction is to do to the holds of an account, while it is worked out. */
export type HoldBatch = {
  readonly batch: Batch;
  /** Undefined where no subscription of the account is prepaid. */
  readonly purse: Purse | undefined;
  /** As they stand, by `holdKey`. */
  readonly holds: Map<string, Hold>;
  /** Those that are to be stored, by `holdKey`. */
  readonly moved: Map<string, Hold>;
  /** What was recorded before, by `usageKey`. */
  readonly known: Map<string, UsageOutcome>;
  /** What the uses of the requests are rated by. */
  readonly drafts: ReadonlyMap<HoldRequest, Draft>;
};

/** Notes a hold as it is to be stored. */
export function keepHold({ holds, moved }: HoldBatch, hold: Hold): Hold {
  holds.set(holdKey(hold), hold);
  moved.set(holdKey(hold), hold);
  return hold;
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
