import type { Instant } from '../../../time/instant.js';

/** Something that has happened, for others to hear of. */
export type RatingEvent = {
  /** The same whenever it is delivered again. */
  readonly id: string;
  readonly type: EventType;
  readonly account: string;
  readonly at: Instant;
  /** Amounts are decimals in plain notation. */
  readonly data: Readonly<Record<string, string>>;
};

/** Ratings and uses that wait for a price are stored as such, and tell of themselves. */
export const EVENT_TYPES = [
  'ratebook.usage.rated',
  'ratebook.usage.unpriced',
  'ratebook.usage.rejected',
  'ratebook.wallet.low',
  'ratebook.wallet.top_up_requested',
  'ratebook.wallet.spent',
  'ratebook.wallet.shortfall',
  'ratebook.hold.expired',
  'ratebook.period.closed',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];
