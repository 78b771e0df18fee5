import type { Instant } from '../../../time/instant.js';
import { endOfPeriod } from '../periods/main-period.js';
import type { Account, Subscription } from './account.js';
import type { AccountPorts } from './ports.js';

/** When a change counts: from an instant on, now where none is named, or from the end of the period of now. */
export type When =
  { readonly kind: 'at'; readonly at: Instant | undefined } | { readonly kind: 'period_end' };

/** Throws STRATEGY_NOT_FOUND where the end of a period is asked for that nobody knows. */
export function instantOf(
  when: When,
  changed: { readonly account: Account; readonly subscription: Subscription },
  { clock, book }: AccountPorts,
): Instant {
  if (when.kind === 'at') return when.at ?? clock.now();
  return endOfPeriod(book, changed, clock.now());
}
