import type { Decimal } from '../../../money/decimal.js';
import type { Instant } from '../../../time/instant.js';
import type { Settlement, SentUsage, UsageOutcome } from '../recording/usage.js';

/** An amount that is reserved for a use before it happens. */
export type Hold = HoldKey & {
  /** The id of the subscription. */
  readonly subscription: string;
  /** The most that the use can cost, in the currency of the account; in units where it costs nothing but those. */
  readonly amount: Decimal;
  readonly unit: string;
  /** What is reserved: money and units, grant by grant. */
  readonly parts: readonly Settlement[];
  readonly expiresAt: Instant;
  readonly state: HoldState;
  /** The use that it was committed with. */
  readonly usageId: string | undefined;
  /** What tells a repeat from another hold under the same id. */
  readonly fingerprint: string;
  readonly reservedAt: Instant;
};

/** Names a hold for ever. */
export type HoldKey = { readonly account: string; readonly holdId: string };

export type HoldState = 'open' | 'committed' | 'released' | 'expired';

/** What is asked of holds; each is of one account. */
export type HoldRequest =
  | {
      readonly kind: 'reserve';
      readonly key: HoldKey;
      /** As large as it can become. */
      readonly usage: SentUsage;
      /** In ten minutes unless given. */
      readonly expiresAt: Instant | undefined;
      readonly fingerprint: string;
    }
  | { readonly kind: 'commit'; readonly key: HoldKey; readonly usage: SentUsage }
  | { readonly kind: 'release'; readonly key: HoldKey }
  /** Falls back if it is still open and its time has come. */
  | { readonly kind: 'expire'; readonly key: HoldKey };

export type HoldAnswer = {
  /** As it is afterwards. */
  readonly hold: Hold;
  /** What became of the use that it was committed with. */
  readonly outcome: UsageOutcome | undefined;
};

/** A hold as it counts at an instant: one that is open past its time has expired, also before that is stored. */
export function holdAt(hold: Hold, at: Instant): Hold {
  return hold.state === 'open' && hold.expiresAt <= at ? { ...hold, state: 'expired' } : hold;
}
