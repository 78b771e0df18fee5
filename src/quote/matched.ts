import { RatebookError } from '../errors/error.js';
import type { Fraction } from '../money/fraction.js';
import type { Matches, Rule } from '../strategy/strategy.js';
import type { Facts } from './facts.js';
import type { Cover } from './gathering.js';
import type { Moves } from './moves.js';
import type { Piece } from './pieces/piece.js';

/** Everything that one evaluation goes by. Only `moves` changes: a charge moves its counters on. */
export type Matched = {
  readonly facts: Facts;
  readonly matches: Matches;
  readonly moves: Moves;
  /** Of a use that is priced in pieces; its facts are those of the first, and its matches those of all. */
  readonly pieces?: readonly Piece[];
  readonly cover?: Cover | undefined;
  /** What part of a fixed amount counts here; all of it but for pieces of a period. */
  readonly fixedShare: Fraction;
};

/** The rules of one event type among the matches, in their order. */
export function matchesOf<T extends Rule['event']['type']>(matches: Matches, type: T): readonly RuleOf<T>[] {
  let found: RuleOf<T>[] | undefined;
  for (const rule of matches) {
    if (!isOfType(rule, type)) continue;
    if (found === undefined) found = [rule];
    else found.push(rule);
  }
  return found ?? [];
}

function isOfType<T extends Rule['event']['type']>(rule: Rule, type: T): rule is RuleOf<T> {
  return rule.event.type === type;
}

export type RuleOf<T extends Rule['event']['type']> = Rule & {
  readonly event: Extract<Rule['event'], { type: T }>;
};

/** A use that is not for sale has no price, whatever else matches. Throws REJECTED. */
export function refuseRejected(matches: Matches): void {
  for (const rule of matches) {
    if (rule.event.type !== 'reject') continue;
    const { code, message } = rule.event;
    throw new RatebookError('REJECTED', message, { metadata: { code, rule: rule.name } });
  }
}
