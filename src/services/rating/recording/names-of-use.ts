import { groupsOfUse } from '../../../quote/groups.js';
import type { GivenFacts, QuoteInput } from '../../../quote/input.js';
import { windowsOfUse } from '../../../quote/pieces/course.js';
import type { Strategy } from '../../../strategy/strategy.js';
import type { Instant } from '../../../time/instant.js';
import { groupName, windowName } from './window-store.js';

type Counting = {
  /** `ACCOUNT/SUBSCRIPTION` */
  readonly owner: string;
  readonly strategy: Strategy;
  readonly given: GivenFacts;
  readonly at: Instant;
};

/**
 * Names of all windows and groups that an evaluation may read, count in or be billed with. Its input is asked for only
 * where the strategy counts in groups.
 */
export function namesOfUse(
  { owner, strategy, given, at }: Counting,
  input: () => QuoteInput,
): readonly string[] {
  const windows = windowsOfUse(strategy, given, at).map((window) => windowName(owner, window));
  if (!strategy.prepared.hasGroups) return windows;
  return [...windows, ...groupsOfUse(strategy, input()).map((group) => groupName(owner, group))];
}
