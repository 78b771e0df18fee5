import { minorUnits } from './currency.js';
import { type Decimal, type RoundingMode, round } from './decimal.js';

/** Rounds to the minor unit of a currency, whose code must have been checked with `isCurrency`. */
export function roundToMinorUnit(value: Decimal, currency: string, mode: RoundingMode): Decimal {
  const places = minorUnits(currency);
  if (places === undefined) throw new RangeError(`${currency} is not a currency of ISO 4217`);
  return round(value, places, mode);
}
