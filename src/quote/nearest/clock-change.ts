import { isDecimal, toNumber } from '../../money/decimal.js';
import { formatFactValue } from '../../strategy/fact-value.js';
import type { FactValue, Strategy } from '../../strategy/strategy.js';
import { toGrid } from '../../strategy/ties/fact-grid.js';
import { DAY, HOUR, type Instant } from '../../time/instant.js';
import { type LocalTime, localTime, offsetAt } from '../../time/zone.js';
import { localFacts } from '../built-in.js';

const MINUTE = HOUR / 60n;

/** Inclusive. A condition may compare with any number, but no clock shows hour 24. */
const SHOWN: Readonly<Record<string, readonly [number, number]>> = {
  local_hour: [0, 23],
  local_weekday: [1, 7],
  local_day: [1, 31],
  local_month: [1, 12],
};

/**
 * All `local_*` facts as they are when the clock on the wall is moved until one of them has another value: at hour 18 it
 * is 18:30 where it was 17:30, and Saturday has a date of its own. Undefined when there is no such time near by.
 */
export function clockMoved(
  { timeZone }: Strategy,
  at: Instant,
  fact: string,
  value: FactValue,
): ReadonlyMap<string, FactValue> | undefined {
  if (!isShown(fact, value)) return undefined;
  const straight = at + wayTo(fact, value, localTime(at, timeZone));
  // Where clocks change in between, the day moves and the hour stays.
  const moved = straight + offsetAt(at, timeZone) - offsetAt(straight, timeZone);
  const facts = new Map<string, FactValue>();
  localFacts(timeZone, moved, (name, local) => facts.set(name, local));
  const reached = facts.get(fact);
  return reached !== undefined && formatFactValue(reached) === formatFactValue(value) ? facts : undefined;
}

function isShown(fact: string, value: FactValue): boolean {
  const [low, high] = SHOWN[fact] ?? [];
  if (low === undefined || high === undefined || !isDecimal(value)) return true;
  return low <= toNumber(value) && toNumber(value) <= high;
}

/** How far the clock has to go. A later month is reached on its first day, an earlier one on its last. */
function wayTo(
  fact: string,
  value: FactValue,
  { hour, time, weekday, day, month, year, date }: LocalTime,
): bigint {
  const number = isDecimal(value) ? toNumber(value) : 0;
  switch (fact) {
    case 'local_hour':
      return BigInt(number - hour) * HOUR;
    case 'local_time':
      return (toGrid('time', value) - toGrid('time', time)) * MINUTE;
    case 'local_weekday':
      return BigInt(number - weekday) * DAY;
    case 'local_day':
      return BigInt(number - day) * DAY;
    case 'local_month': {
      const days = number > month ? firstOf(year, number) : firstOf(year, number + 1) - 1n;
      return (days - toGrid('date', date)) * DAY;
    }
    default:
      return (toGrid('date', value) - toGrid('date', date)) * DAY;
  }
}

/** The first day of a month as toGrid counts days. */
function firstOf(year: number, month: number): bigint {
  return toGrid('date', `${year.toString().padStart(4, '0')}-${month.toString().padStart(2, '0')}-01`);
}
