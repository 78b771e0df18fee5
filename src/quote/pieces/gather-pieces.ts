import { minus } from '../../money/arithmetic.js';
import { greatest, least } from '../../money/compare.js';
import { type Decimal, ZERO } from '../../money/decimal.js';
import type { MatchQuestion } from '../../strategy/engine/matcher.js';
import { formatFactValue } from '../../strategy/fact-value.js';
import { windowsOf } from '../../strategy/lasting.js';
import type { FactValue, Matches, Strategy } from '../../strategy/strategy.js';
import type { Instant } from '../../time/instant.js';
import type { Facts } from '../facts.js';
import { gatherFacts } from '../gather-facts.js';
import type { Use } from '../gathering.js';
import type { QuoteInput } from '../input.js';
import { matchesOf, refuseRejected } from '../matched.js';
import { type Course, type Cut, courseOf, elapsed } from './course.js';
import type { Piece } from './piece.js';

type Begun = { readonly facts: Facts; readonly matches: Matches; readonly use: Use };
type Stretch = Omit<Begun, 'use'> & { readonly at: Instant };

/**
 * Goes on through a use that lasts, asking at each cut which rules match from there on. Neighbours that come to the same
 * are one piece. Undefined where that leaves one alone, and the use is priced as any other. Throws as `gatherFacts`
 * does, and REJECTED where a part of the use is not for sale.
 */
export function* gatherPieces(
  strategy: Strategy,
  input: QuoteInput,
  { facts, matches, use }: Begun,
): Generator<MatchQuestion, readonly Piece[] | undefined, Matches> {
  const course = courseOf(strategy, facts);
  if (course === undefined) return undefined;
  let last: Stretch = { facts, matches, at: course.span.start };
  const stretches = [last];
  for (const cut of course.cuts) {
    const from = gatherFacts(strategy, input, { ...use, from: cut.at });
    const found = yield { moment: input.moment, facts: from.values, from: cut.at };
    refuseRejected(found);
    const next = { facts: from, matches: found, at: cut.at };
    if (!isRestarted(strategy, cut, found) && isSame(strategy, last, next)) continue;
    stretches.push(next);
    last = next;
  }
  return stretches.length === 1 ? undefined : weighed(strategy, course, stretches);
}

function weighed(
  strategy: Strategy,
  { span, length }: Course,
  stretches: readonly Stretch[],
): readonly Piece[] {
  let from: Decimal = ZERO;
  return stretches.map(({ facts, matches, at: start }, i) => {
    const end = stretches[i + 1]?.at ?? span.end;
    // An hour that clocks show twice counts once in a day.
    const to = end === span.end ? length : least(greatest(elapsed(strategy, span.start, end), from), length);
    const weight = minus(to, from);
    from = to;
    return { span: { start, end }, facts, matches, weight };
  });
}

/** Whether a window ends there that one of the charges counts in. */
function isRestarted({ prices }: Strategy, { restarts }: Cut, matches: Matches): boolean {
  if (restarts.length === 0) return false;
  return matchesOf(matches, 'charge').some(({ event }) => {
    const price = prices.get(event.price);
    return price !== undefined && windowsOf(price).some((window) => restarts.includes(window));
  });
}

function isSame({ prepared: { lasting } }: Strategy, before: Stretch, after: Stretch): boolean {
  const matches = after.matches;
  if (matches.length !== before.matches.length || matches.some((rule, i) => rule !== before.matches[i]))
    return false;
  const [was, is] = [before.facts.values, after.facts.values];
  if (was.size !== is.size) return false;
  for (const [name, value] of is) {
    if (name.startsWith('local_') && lasting?.asTheyAre.has(name) !== true) continue;
    if (!isEqual(was.get(name), value)) return false;
  }
  return true;
}

function isEqual(a: FactValue | undefined, b: FactValue): boolean {
  return a !== undefined && (a === b || formatFactValue(a) === formatFactValue(b));
}
