import { RatebookError } from '../errors/error.js';
import type { Strategy } from '../strategy/strategy.js';
import type { Instant } from '../time/instant.js';
import { countersOfGroup, groupOfKey } from './counters.js';
import type { Facts } from './facts.js';
import { gatherGroupFacts } from './gather-facts.js';
import type { QuoteInput } from './input.js';
import { courseOf } from './pieces/course.js';
import { type WindowName, windowNameAt } from './totals.js';

/** A window, and one of the groups that count in it. */
export type GroupOfWindow = { readonly window: WindowName; readonly group: string };

/**
 * The groups that the first use of the input may count in or read, whatever rules it matches: all that has to be known of
 * the many that a window may have. None where it does not say when it happened.
 */
export function groupsOfUse(strategy: Strategy, input: QuoteInput): readonly GroupOfWindow[] {
  if (strategy.prepared.moments[input.moment].groups.prices.length === 0) return [];
  const begun = gatherGroupFacts(strategy, input);
  const { occurredAt } = begun;
  if (occurredAt === undefined) return [];
  const found = new Map<string, GroupOfWindow>();
  addGroups(found, strategy, input, { facts: begun, at: occurredAt });
  for (const at of cutsOf(strategy, input, begun))
    addGroups(found, strategy, input, { facts: gatherGroupFacts(strategy, input, at), at });
  return [...found.values()];
}

type Stretch = { readonly facts: Facts; readonly at: Instant };

function addGroups(
  found: Map<string, GroupOfWindow>,
  strategy: Strategy,
  { moment }: QuoteInput,
  { facts, at }: Stretch,
): void {
  for (const price of strategy.prepared.moments[moment].groups.prices) {
    for (const { key, resets } of countersOfGroup(price, facts)) {
      const group = groupOfKey(key);
      if (group === undefined || resets === 'each' || resets === 'account') continue;
      const window = windowNameAt(resets, at, strategy.timeZone);
      found.set(`${window} ${group}`, { window, group });
    }
  }
}

/** Where another piece of a use that lasts may begin. One that is refused for its length counts nowhere. */
function cutsOf(strategy: Strategy, { moment }: QuoteInput, facts: Facts): readonly Instant[] {
  if (moment !== 'usage') return [];
  try {
    return courseOf(strategy, facts)?.cuts.map(({ at }) => at) ?? [];
  } catch (error) {
    if (error instanceof RatebookError) return [];
    throw error;
  }
}
