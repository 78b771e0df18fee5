import { type Decimal, ZERO, decimal, sum } from '../money/decimal.js';
import { toDecimal } from '../money/fraction.js';
import type { FactType, FactValue, Moment, Strategy } from '../strategy/strategy.js';
import { daysOf, shareOf } from '../time/proration.js';
import type { Instant, Span } from '../time/instant.js';
import { windowOf } from '../time/window.js';
import { localTime } from '../time/zone.js';
import type { Facts } from './facts.js';
import type { Gathering, Use } from './gather-facts.js';
import type { QuoteInput } from './input.js';
import { eventsUsed, unitsUsed } from './totals.js';

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

/** Adds the built-in facts that the rules of the moment read, from the instant, the running totals and the bill's lines. */
export function builtInFacts(
  strategy: Strategy,
  input: QuoteInput,
  use: Use & { occurredAt: Instant | undefined },
  into: Gathering,
): void {
  const reads = strategy.moments[input.moment].reads;
  const wanted = (name: string) => reads.has(name);
  const set = (name: string, value: FactValue) => {
    if (wanted(name)) into.values.set(name, value);
  };

  const local = [...reads].filter((name) => name.startsWith('local_'));
  if (use.occurredAt !== undefined) {
    if (local.length > 0) localFacts(strategy, use.occurredAt, set);
  } else if (
    (local.length > 0 || wanted('occurred_at')) &&
    !into.violations.some(({ field }) => field === into.path('occurred_at'))
  ) {
    const reason =
      local.length > 0
        ? `${local.join(', ')} ${local.length > 1 ? 'are' : 'is'} read from it`
        : 'a rule reads it';
    into.violations.push({ field: into.path('occurred_at'), description: `is missing; ${reason}` });
  }
  for (const name of BUILT_IN_GIVEN.keys()) {
    if (name !== 'occurred_at' && wanted(name) && !into.values.has(name)) {
      into.violations.push({
        field: into.path(name),
        description: 'is missing; a quote without an account sends it itself',
      });
    }
  }

  usedFacts(strategy, use, { values: into.values, gaps: into.gaps, occurredAt: use.occurredAt }, set);
  if (input.moment === 'period') periodFacts(strategy, input, use.occurredAt, set);
  if (input.moment === 'invoice') billFacts(strategy, input, set);
}

type Set_ = (name: string, value: FactValue) => void;

function localFacts(strategy: Strategy, at: Instant, set: Set_): void {
  const local = localTime(at, strategy.timeZone);
  set('local_hour', decimal(local.hour));
  set('local_time', local.time);
  set('local_weekday', decimal(local.weekday));
  set('local_day', decimal(local.day));
  set('local_month', decimal(local.month));
  set('local_date', local.date);
}

function usedFacts(strategy: Strategy, { totals }: Use, facts: Facts, set: Set_): void {
  for (const price of strategy.prices.values()) {
    set(`used.${price.id}`, unitsUsed(totals, price, facts));
    set(`used.${price.id}.events`, eventsUsed(totals, price, facts));
  }
}

function periodFacts(
  strategy: Strategy,
  input: QuoteInput,
  occurredAt: Instant | undefined,
  set: Set_,
): void {
  for (const price of strategy.prices.keys()) set(`total.${price}`, input.totals.get(price) ?? ZERO);
  const span = periodOf(strategy, input, occurredAt);
  if (span === undefined) return;
  set('period_start', span.start);
  set('period_end', span.end);
  set('period_days', decimal(daysOf(span, strategy.timeZone)));
  set('period_fraction', toDecimal(shareOf(servedOf(span, input), span, 'days', strategy.timeZone)));
}

/** The calendar period that a quote is about: the one in which the use, or the service, begins. */
export function periodOf(
  strategy: Strategy,
  input: QuoteInput,
  occurredAt: Instant | undefined,
): Span | undefined {
  const at = occurredAt ?? input.service.start;
  return at === undefined ? undefined : windowOf(at, strategy.period, strategy.timeZone);
}

/** The part of the period in which the subscription runs. */
export function servedOf(period: Span, { service }: QuoteInput): Span {
  const start = service.start !== undefined && service.start > period.start ? service.start : period.start;
  const end = service.end !== undefined && service.end < period.end ? service.end : period.end;
  return { start, end: end > start ? end : start };
}

function billFacts(strategy: Strategy, input: QuoteInput, set: Set_): void {
  set('subtotal', sum(input.lines.map(({ amount }) => amount)));
  for (const line of strategy.lines) set(`line.${line}`, amountOfLine(input, line));
}

function amountOfLine(input: QuoteInput, line: string): Decimal {
  return sum(input.lines.filter((billed) => billed.line === line).map(({ amount }) => amount));
}
