import { groupsOfUse } from '../../../quote/groups.js';
import type { QuoteInput } from '../../../quote/input.js';
import { windowNames } from '../../../quote/totals.js';
import type { Strategy } from '../../../strategy/strategy.js';
import type { Instant } from '../../../time/instant.js';
import { groupName, windowName } from './window-store.js';

type Counting = {
  /** `ACCOUNT/SUBSCRIPTION` */
  readonly owner: string;
  readonly strategy: Strategy;
  readonly at: Instant;
};

/**
 * Names of all windows and groups that an evaluation may read, count in or be billed with. Its input is asked for only
 * where the strategy counts in groups.
 */
export function windowsOfUse({ owner, strategy, at }: Counting, input: () => QuoteInput): readonly string[] {
  const windows = windowNames(strategy, at).map((window) => windowName(owner, window));
  if (!strategy.prepared.hasGroups) return windows;
  return [...windows, ...groupsOfUse(strategy, input()).map((group) => groupName(owner, group))];
}
