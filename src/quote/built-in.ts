import { sum } from '../money/arithmetic.js';
import { type Decimal, ZERO, decimal } from '../money/decimal.js';
import { toDecimal } from '../money/fraction.js';
import type { UsedFacts } from '../strategy/prepared.js';
import type { FactType, FactValue, Moment, Strategy } from '../strategy/strategy.js';
import { daysOf, shareOf } from '../time/proration.js';
import type { Instant, Span } from '../time/instant.js';
import { windowOf } from '../time/window.js';
import { type WallClock, dateOf, hourOf, timeOf, wallClock, weekdayOf } from '../time/zone.js';
import { runningOf } from './counters.js';
import type { Facts } from './facts.js';
import type { Gathering, Use } from './gathering.js';
import type { QuoteInput } from './input.js';
import { enterPiece, runningBefore, startMoves } from './moves.js';

const CHARGING: readonly Moment[] = ['purchase', 'usage', 'period'];
const ALL: readonly Moment[] = [...CHARGING, 'invoice'];

/** Built-in facts that a quote without an account sends itself. */
export const BUILT_IN_GIVEN: ReadonlyMap<
  string,
  { readonly type: FactType; readonly moments: readonly Moment[] }
> = new Map([
  ['occurred_at', { type: 'instant', moments: ALL }],
  ['account.id', { type: 'string', moments: ALL }],
  ['account_age_days', { type: 'integer', moments: ALL }],
  ['account_age_months', { type: 'integer', moments: ALL }],
  ['subscription_age_months', { type: 'integer', moments: ALL }],
]);

/** Adds the built-in facts that the rules of the moment read: from the instant, the period and the bill's lines. */
export function builtInFacts(
  strategy: Strategy,
  input: QuoteInput,
  occurredAt: Instant | undefined,
  into: Gathering,
): void {
  const { reads } = strategy.moments[input.moment];
  const { local, ofPeriod } = strategy.prepared.moments[input.moment];
  const set = (name: string, value: FactValue) => {
    if (reads.has(name)) into.values.set(name, value);
  };
  if (occurredAt !== undefined && local.length > 0) localFacts(strategy.timeZone, occurredAt, set, local);
  if (input.moment === 'period') periodFacts(strategy, input, occurredAt, set);
  if (input.moment === 'invoice') billFacts(input, reads, set);
  if (occurredAt !== undefined) return;

  const span = periodOf(strategy, input, occurredAt);
  const following = span === undefined ? [...local, ...ofPeriod] : local;
  requireInstant(input, { reads, following, span }, into);
}

type Dated = {
  readonly reads: ReadonlySet<string>;
  /** Facts that are read and that an instant would give. */
  readonly following: readonly string[];
  readonly span: Span | undefined;
};

function requireInstant({ service }: QuoteInput, { reads, following, span }: Dated, into: Gathering): void {
  const field = into.path('occurred_at');
  if (into.violations.some((violation) => violation.field === field)) return;
  const why =
    following.length > 0
      ? `${following.join(', ')} ${following.length > 1 ? 'are' : 'is'} read from it`
      : reads.has('occurred_at')
        ? 'a rule reads it'
        : service.end !== undefined && span === undefined
          ? 'it tells which period the end of the service is in'
          : undefined;
  if (why !== undefined) into.violations.push({ field, description: `is missing; ${why}` });
}

/**
 * Adds the running totals that the rules of the moment read. Called before the computed facts, which may read them, and
 * again after, for prices whose groups go by a computed fact.
 */
export function runningTotals(
  used: readonly UsedFacts[],
  { facts, use }: { readonly facts: Facts; readonly use: Use },
  into: Gathering,
): void {
  if (used.length === 0) return;
  const moves = startMoves(use.totals, facts.occurredAt, use.reads);
  if (facts.from !== undefined) enterPiece(moves, facts.from);
  for (const { price, units, events } of used) {
    const unknown = price.groupBy.find((fact) => !into.values.has(fact));
    if (unknown !== undefined) {
      const why = `is counted for each ${unknown}: ${into.gaps.get(unknown) ?? 'it is not there'}`;
      for (const name of [units, events]) if (name !== undefined) into.gaps.set(name, why);
      continue;
    }
    const before = runningBefore(moves, runningOf(price, facts));
    take(units, before.quantity, into);
    take(events, before.events, into);
  }
}

function take(name: string | undefined, value: Decimal, { values, gaps }: Gathering): void {
  if (name === undefined) return;
  gaps.delete(name);
  values.set(name, value);
}

type SetFact = (name: string, value: FactValue) => void;

const LOCAL_FACTS = ['local_hour', 'local_time', 'local_weekday', 'local_day', 'local_month', 'local_date'];

/** What the clock and the calendar on the wall say: all of it, or the facts that are named. */
export function localFacts(
  timeZone: string,
  at: Instant,
  set: SetFact,
  names: readonly string[] = LOCAL_FACTS,
): void {
  const clock = wallClock(at, timeZone);
  for (const name of names) set(name, localFact(name, clock));
}

function localFact(name: string, clock: WallClock): FactValue {
  switch (name) {
    case 'local_hour':
      return decimal(hourOf(clock));
    case 'local_time':
      return timeOf(clock);
    case 'local_weekday':
      return decimal(weekdayOf(clock));
    case 'local_day':
      return decimal(dateOf(clock).day);
    case 'local_month':
      return decimal(dateOf(clock).month);
    default:
      return dateOf(clock).date;
  }
}

function periodFacts(
  strategy: Strategy,
  input: QuoteInput,
  occurredAt: Instant | undefined,
  set: SetFact,
): void {
  for (const { name, price } of strategy.prepared.moments.period.measured)
    set(name, input.totals.get(price) ?? ZERO);
  const span = periodOf(strategy, input, occurredAt);
  if (span === undefined) return;
  set('period_start', span.start);
  set('period_end', span.end);
  set('period_days', decimal(daysOf(span, strategy.timeZone)));
  set('period_fraction', toDecimal(shareOf(servedOf(span, input), span, 'days', strategy.timeZone)));
}

/** The period that a quote is about: the one that falls due, or that of the calendar in which the use or the service begins. */
export function periodOf(
  strategy: Strategy,
  input: QuoteInput,
  occurredAt: Instant | undefined,
): Span | undefined {
  if (input.due !== undefined) return input.due.period;
  const at = occurredAt ?? input.service.start;
  return at === undefined ? undefined : windowOf(at, strategy.period, strategy.timeZone);
}

/** The part of the period in which the subscription runs. */
export function servedOf(period: Span, { service }: QuoteInput): Span {
  const start = service.start !== undefined && service.start > period.start ? service.start : period.start;
  const end = service.end !== undefined && service.end < period.end ? service.end : period.end;
  return { start, end: end > start ? end : start };
}

/** Of a document of taxes alone the lines are those of other documents, so what is read says which there are. */
function billFacts({ lines }: QuoteInput, reads: ReadonlySet<string>, set: SetFact): void {
  set('subtotal', sum(lines.map(({ amount }) => amount)));
  for (const name of reads) {
    if (!name.startsWith('line.')) continue;
    const named = lines.filter(({ line }) => name === `line.${line}`);
    set(name, sum(named.map(({ amount }) => amount)));
  }
}
