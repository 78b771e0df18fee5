import { warn } from '../source/report.js';
import type { Scope } from './scope.js';
import type { Strategy } from '../strategy.js';

/**
 * Warns of what takes an account's history to act on, and so has no part in a quote, which
 * would show another amount than the rating of recorded usage will.
 */
export function warnOfRecordedOnly({ report }: Scope, strategy: Strategy): void {
  for (const { id, recurring } of strategy.prices.values()) {
    if (recurring.anchor === 'subscription')
      warn(
        report,
        ['prices', id, 'anchor'],
        'A quote takes the start of the service for the anchor, and without one the periods of the calendar.',
      );
  }
}
