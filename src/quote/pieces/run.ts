import { formatFactValue } from '../../strategy/fact-value.js';
import { windowsOf } from '../../strategy/lasting.js';
import { factsOfEvent, factsOfPrice } from '../../strategy/read/reads.js';
import type { Rule, Strategy } from '../../strategy/strategy.js';
import { windowOf } from '../../time/window.js';
import type { RuleOf } from '../matched.js';
import type { Piece } from './piece.js';

type Run = {
  readonly pieces: readonly Piece[];
  /** The rules that win the lines of each piece. */
  readonly winning: readonly (readonly RuleOf<'charge'>[])[];
  /** The piece in which the run begins, and the rule that wins a line there. */
  readonly index: number;
  readonly rule: RuleOf<'charge'>;
};

/**
 * The last of the pieces, from one on, in which nothing changes for a line, though it may for others: the same rule wins
 * it, its price has the same numbers, groups and windows, and the same discounts and surcharges may be on it.
 */
export function lastOfRun(strategy: Strategy, { pieces, winning, index, rule }: Run): number {
  const first = pieces[index];
  const price = strategy.prices.get(rule.event.price);
  if (first === undefined || price === undefined) return index;
  const adjusting = first.matches.filter(adjusts);
  const facts = [...factsOfPrice(price), ...adjusting.flatMap(({ event }) => factsOfEvent(event))];
  const windows = windowsOf(price).map((window) => windowOf(first.span.start, window, strategy.timeZone));
  const goesOn = (piece: Piece, i: number) =>
    winning[i]?.includes(rule) === true &&
    windows.every(({ end }) => piece.span.start < end) &&
    areSame(adjusting, piece.matches.filter(adjusts)) &&
    facts.every((fact) => textOf(first, fact) === textOf(piece, fact));
  let last = index;
  for (let next = index + 1; next < pieces.length; next++) {
    const piece = pieces[next];
    if (piece === undefined || !goesOn(piece, next)) break;
    last = next;
  }
  return last;
}

function adjusts({ event }: Rule): boolean {
  return event.type === 'discount' || event.type === 'surcharge';
}

function areSame(a: readonly Rule[], b: readonly Rule[]): boolean {
  return a.length === b.length && a.every((rule, i) => rule === b[i]);
}

function textOf({ facts }: Piece, fact: string): string | undefined {
  const value = facts.values.get(fact);
  return value === undefined ? undefined : formatFactValue(value);
}
