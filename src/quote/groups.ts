import type { Strategy } from '../strategy/strategy.js';
import { countersOfGroup, groupOfKey } from './counters.js';
import { gatherGroupFacts } from './gather-facts.js';
import type { QuoteInput } from './input.js';
import { type WindowName, windowNameAt } from './totals.js';

/** A window, and one of the groups that count in it. */
export type GroupOfWindow = { readonly window: WindowName; readonly group: string };

/**
 * The groups that the first use of the input may count in or read, whatever rules it matches: all that has to be known of
 * the many that a window may have. None where it does not say when it happened.
 */
export function groupsOfUse(strategy: Strategy, input: QuoteInput): readonly GroupOfWindow[] {
  const { prices } = strategy.prepared.moments[input.moment].groups;
  if (prices.length === 0) return [];
  const facts = gatherGroupFacts(strategy, input);
  const { occurredAt } = facts;
  if (occurredAt === undefined) return [];
  const found = new Map<string, GroupOfWindow>();
  for (const price of prices) {
    for (const { key, resets } of countersOfGroup(price, facts)) {
      const group = groupOfKey(key);
      if (group === undefined || resets === 'each') continue;
      const window = windowNameAt(resets, occurredAt, strategy.timeZone);
      found.set(`${window} ${group}`, { window, group });
    }
  }
  return [...found.values()];
}
