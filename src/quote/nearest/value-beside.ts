import { minus, plus } from '../../money/arithmetic.js';
import { type Decimal, FRACTION_DIGITS, isDecimal, isWhole, unitOf } from '../../money/decimal.js';
import type { FactValue } from '../../strategy/strategy.js';
import { GRIDS, type OrderedType, fromGrid, toGrid } from '../../strategy/ties/fact-grid.js';
import { SECOND } from '../../time/instant.js';

/** The next value above (1) or below (-1), or the value itself (0); undefined where the type has none. */
export type Beside = (value: FactValue, direction: -1 | 0 | 1) => FactValue | undefined;

/**
 * Steps as someone would take them who reads these values: numbers of two fraction digits go by hundredths, whole
 * seconds by seconds.
 */
export function besideAmong(type: OrderedType, values: readonly FactValue[]): Beside {
  if (type === 'integer' || type === 'decimal') {
    const places = values.map((value) => (isDecimal(value) ? placesOf(value) : 0));
    const unit = unitOf(type === 'integer' ? 0 : Math.max(0, ...places));
    return (value, direction) => {
      if (!isDecimal(value) || direction === 0) return value;
      return direction > 0 ? plus(value, unit) : minus(value, unit);
    };
  }
  const { low, high, step } = GRIDS[type];
  const wholeSeconds = type === 'instant' && values.every((value) => toGrid(type, value) % SECOND === 0n);
  const stride = wholeSeconds ? SECOND : step;
  return (value, direction) => {
    const at = toGrid(type, value) + BigInt(direction) * stride;
    return at < low || at > high ? undefined : fromGrid(type, at);
  };
}

function placesOf(value: Decimal): number {
  if (value.wide === undefined) return value.places;
  return isWhole(value) ? 0 : FRACTION_DIGITS;
}
