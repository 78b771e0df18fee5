import { times } from '../../money/arithmetic.js';
import { decimal, formatDecimal, isDecimal } from '../../money/decimal.js';
import { divide } from '../../money/rounding.js';
import { DAY, SECOND, formatInstant } from '../../time/instant.js';
import { floorDivide, startOfDate } from '../../time/zone.js';
import type { FactType, FactValue } from '../strategy.js';

/** Types whose values stand in an order; false comes before true. */
export type OrderedType = Exclude<FactType, 'string' | 'list'>;

/**
 * Where the values of a type lie on its grid of whole numbers: a number counts units of the 18th fraction digit, an
 * instant nanoseconds, a date days since 1970, a time of day minutes.
 */
type Grid = {
  /** Both inclusive. */
  readonly low: bigint;
  readonly high: bigint;
  /** Values are multiples of it. */
  readonly step: bigint;
  /** Examples are taken at multiples of `round` and near `usual` where they can be. */
  readonly round: bigint;
  readonly usual: bigint;
};

const UNIT = 10n ** 18n;
const LARGEST = 10n ** 34n - 1n;
const UNITS = decimal(UNIT);

export const GRIDS: Readonly<Record<OrderedType, Grid>> = {
  boolean: { low: 0n, high: 1n, step: 1n, round: 1n, usual: 0n },
  integer: { low: -LARGEST, high: LARGEST, step: UNIT, round: UNIT, usual: 0n },
  decimal: { low: -LARGEST, high: LARGEST, step: 1n, round: UNIT, usual: 0n },
  instant: {
    low: startOf('0001-01-02'),
    high: startOf('9999-12-31') - 1n,
    step: 1n,
    round: SECOND,
    usual: startOf('2026-01-05'),
  },
  date: {
    low: dayOf('0001-01-01'),
    high: dayOf('9999-12-31'),
    step: 1n,
    round: 1n,
    usual: dayOf('2026-01-05'),
  },
  time: { low: 0n, high: 1439n, step: 1n, round: 60n, usual: 720n },
};

export function toGrid(type: OrderedType, value: FactValue): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (isDecimal(value)) return BigInt(formatDecimal(times(value, UNITS)));
  const text = String(value);
  if (type === 'date') return dayOf(text);
  const [hours = '', minutes = ''] = text.split(':');
  return BigInt(hours) * 60n + BigInt(minutes);
}

export function fromGrid(type: OrderedType, at: bigint): FactValue {
  switch (type) {
    case 'boolean':
      return at === 1n;
    case 'integer':
    case 'decimal':
      return divide(decimal(at), UNITS);
    case 'instant':
      return at;
    case 'date':
      return formatInstant(at * DAY).slice(0, '2026-01-05'.length);
    case 'time':
      return `${twoDigits(at / 60n)}:${twoDigits(at % 60n)}`;
  }
}

/** The least multiple of `step` at or above. */
export function ceilingOf(at: bigint, step: bigint): bigint {
  return -floorOf(-at, step);
}

/** The greatest multiple of `step` at or below. */
export function floorOf(at: bigint, step: bigint): bigint {
  return floorDivide(at, step) * step;
}

function startOf(date: string): bigint {
  return startOfDate(date, 'UTC');
}

function dayOf(date: string): bigint {
  return startOf(date) / DAY;
}

function twoDigits(n: bigint): string {
  return n.toString().padStart(2, '0');
}
