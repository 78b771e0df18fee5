import type { Instant } from '../../../time/instant.js';

/** Something that has happened, for others to hear of. */
export type RatingEvent = {
  readonly type: EventType;
  readonly account: string;
  readonly at: Instant;
  /** Amounts are decimals in plain notation. */
  readonly data: Readonly<Record<string, string>>;
};

/** An event with an id that is the same whenever it is delivered again. */
export type StoredEvent = RatingEvent & { readonly id: string };

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
