import { times } from '../../money/arithmetic.js';
import { greaterThan } from '../../money/compare.js';
import { type Decimal, ONE, ZERO, decimal, formatDecimal, isDecimal } from '../../money/decimal.js';
import { roundTo } from '../../money/rounding.js';
import { parseFactValue } from '../../strategy/fact-value.js';
import { type Lasting, MOST_PIECES } from '../../strategy/prepared.js';
import type { Strategy } from '../../strategy/strategy.js';
import { clockCuts, windowStarts } from '../../time/cuts.js';
import { DAY, HOUR, type Instant, MINUTE, SECOND, type Span, checkInstant } from '../../time/instant.js';
import type { Window } from '../../time/window.js';
import { offsetAt } from '../../time/zone.js';
import { type Facts, invalidFacts } from '../facts.js';
import type { GivenFacts } from '../input.js';
import { type WindowName, windowNames } from '../totals.js';

/** How a use that lasts goes through time. */
export type Course = {
  readonly span: Span;
  /** In order, inside the span. */
  readonly cuts: readonly Cut[];
  /** Length of all of it, in the measure of `elapsed`. */
  readonly length: Decimal;
};

/** Where another price may begin, and the windows that start again there. */
export type Cut = { readonly at: Instant; readonly restarts: readonly Window[] };

const UNITS: Readonly<Record<Lasting['unit'], bigint>> = {
  second: SECOND,
  minute: MINUTE,
  hour: HOUR,
  day: DAY,
};

/**
 * Where a use that lasts may have to be cut; undefined where nothing can change inside. Throws INVALID_FACTS when that
 * would be in more than MOST_PIECES places, or runs past the year 9999.
 */
export function courseOf({ prepared: { lasting }, timeZone }: Strategy, facts: Facts): Course | undefined {
  const { occurredAt: start } = facts;
  if (lasting === undefined || start === undefined) return undefined;
  const { minutes, windows } = lasting;
  const lasts = facts.values.get(lasting.fact);
  if (!isDecimal(lasts) || !greaterThan(lasts, ZERO) || minutes.length + windows.length === 0)
    return undefined;
  const end = endOf(lasting, { start, lasts, timeZone });
  if (end === undefined) throw refused(lasting, facts, 'ends after the year 9999');
  const span = { start, end };
  const most = MOST_PIECES + 1;
  const restarts = new Map<Instant, Window[]>();
  if (minutes.length > 0) for (const at of clockCuts(span, timeZone, minutes, most)) restarts.set(at, []);
  for (const window of windows)
    for (const at of windowStarts(span, window, timeZone, most))
      restarts.set(at, [...(restarts.get(at) ?? []), window]);
  if (restarts.size === 0) return undefined;
  if (restarts.size >= MOST_PIECES) {
    const most = `its price may change more than ${MOST_PIECES - 1} times meanwhile`;
    throw refused(lasting, facts, `is too long: ${most}; send it as several uses`);
  }
  const cuts = [...restarts]
    .map(([at, own]) => ({ at, restarts: own }))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  return { span, cuts, length: lengthOf(lasting, lasts) };
}

function refused({ fact, unit }: Lasting, facts: Facts, why: string) {
  const lasts = facts.values.get(fact);
  const shown = isDecimal(lasts) ? `${formatDecimal(lasts)} × 1 ${unit} ` : '';
  return invalidFacts([{ field: facts.path(fact), description: `${shown}${why}` }]);
}

function lengthOf({ unit }: Lasting, lasts: Decimal): Decimal {
  return times(lasts, decimal(UNITS[unit]));
}

type Lasts = { readonly start: Instant; readonly lasts: Decimal; readonly timeZone: string };

/**
 * The first instant at which a use is over, undefined beyond the years that instants have. Days are those of the
 * calendar: a stay of two days ends when clocks show the time at which it began, also when they were changed meanwhile.
 */
function endOf(lasting: Lasting, { start, lasts, timeZone }: Lasts): Instant | undefined {
  const length = BigInt(formatDecimal(roundTo(lengthOf(lasting, lasts), ONE, 'up')));
  const end = start + length;
  if (!checkInstant(end + DAY).ok) return undefined;
  if (lasting.unit !== 'day') return end;
  const offset = offsetAt(end, timeZone);
  const shown = end + offsetAt(start, timeZone) - offset;
  // Where clocks skip that time, the use ends as long after its start as days of 24 hours say.
  return offsetAt(shown, timeZone) === offset ? shown : end;
}

/** Time from the start of a use, in nanoseconds; where it lasts for days, those that clocks on the wall have gone on. */
export function elapsed({ prepared: { lasting }, timeZone }: Strategy, start: Instant, at: Instant): Decimal {
  const changed = lasting?.unit === 'day' ? offsetAt(at, timeZone) - offsetAt(start, timeZone) : 0n;
  return decimal(at - start + changed);
}

/** When a use that was sent is over: at once, unless a fact says that it lasts. What is wrong with it is told when it is priced. */
function endOfUse({ prepared, facts, timeZone }: Strategy, given: GivenFacts, start: Instant): Instant {
  const { lasting } = prepared;
  if (lasting === undefined) return start;
  const sent = given.get(lasting.fact);
  const type = facts.get(lasting.fact)?.type ?? 'decimal';
  const read = sent?.kind === 'text' ? parseFactValue(type, sent.text) : undefined;
  const lasts = read?.ok === true ? read.value : prepared.defaults.get(lasting.fact);
  if (!isDecimal(lasts) || !greaterThan(lasts, ZERO)) return start;
  return endOf(lasting, { start, lasts, timeZone }) ?? start;
}

/** The windows that a use which was sent may count in or is billed with, to its end where it lasts. */
export function windowsOfUse(strategy: Strategy, given: GivenFacts, start: Instant): readonly WindowName[] {
  return windowNames(strategy, start, endOfUse(strategy, given, start));
}
