/** The calendar windows that running totals, subscriptions and invoices go by, in the strategy's time zone. */
export const WINDOWS = ['hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
export type Window = (typeof WINDOWS)[number];
