import { times } from './arithmetic.js';
import { equals } from './compare.js';
import {
  type Decimal,
  FRACTION_DIGITS,
  LARGEST,
  ONE,
  ZERO,
  ofUnits,
  ofWide,
  power,
  toWide,
} from './decimal.js';
import { WIDE_MODES, divideWide } from './wide.js';

/** `half_up` and `up` go away from zero, `down` goes towards it. */
export type RoundingMode = 'half_up' | 'half_even' | 'up' | 'down';

/** The quotient: exact when it ends, otherwise kept to 18 fraction digits, half even. The denominator is not 0. */
export function divide(numerator: Decimal, denominator: Decimal): Decimal {
  if (equals(denominator, ONE)) return numerator;
  if (numerator.wide === undefined && denominator.wide === undefined) {
    const short = shortQuotient(numerator, denominator);
    if (short !== undefined) return short;
  }
  return ofWide(divideWide(toWide(numerator), toWide(denominator), FRACTION_DIGITS));
}

/** The quotient where it ends after few digits: the numerator is filled up with zeros until nothing is left over. */
function shortQuotient(numerator: Decimal, denominator: Decimal): Decimal | undefined {
  if (numerator.units === 0) return ZERO;
  let units = numerator.units;
  let places = numerator.places - denominator.places;
  const shift = exponentOf(denominator.units);
  if (shift !== undefined && places + shift >= 0) return ofUnits(units, places + shift);
  for (; Math.abs(units) <= LARGEST; units *= 10, places += 1) {
    const quotient = units / denominator.units;
    if (places >= 0 && Number.isInteger(quotient)) return ofUnits(quotient, places);
  }
  return undefined;
}

/** The exponent of a power of ten; percentages and prices of a million are divided by one. */
function exponentOf(units: number): number | undefined {
  let exponent = 0;
  while (power(exponent) < units) exponent += 1;
  return power(exponent) === units ? exponent : undefined;
}

/** How often the step fits into the value, towards zero. */
export function wholeQuotient(value: Decimal, step: Decimal): Decimal {
  return ofWide(toWide(value).divToInt(toWide(step)));
}

/** Rounds to `places` fraction digits. */
export function round(value: Decimal, places: number, mode: RoundingMode): Decimal {
  if (value.wide !== undefined) return ofWide(value.wide.toDecimalPlaces(places, WIDE_MODES[mode]));
  if (value.places <= places) return value;
  return ofUnits(roundedQuotient(value.units, power(value.places - places), mode), places);
}

/** Rounds to a multiple of `step` (above 0). */
export function roundTo(value: Decimal, step: Decimal, mode: RoundingMode): Decimal {
  if (value.wide === undefined && step.wide === undefined) {
    const places = Math.max(value.places, step.places);
    const units = value.units * power(places - value.places);
    const stepUnits = step.units * power(places - step.places);
    if (Math.abs(units) <= LARGEST && stepUnits <= LARGEST)
      return times(ofUnits(roundedQuotient(units, stepUnits, mode), 0), step);
  }
  return ofWide(toWide(value).toNearest(toWide(step), WIDE_MODES[mode]));
}

/** units ÷ step as a whole number; units are safe, the step is above 0 and may be any power of ten. */
function roundedQuotient(units: number, step: number, mode: RoundingMode): number {
  const whole = Math.trunc(units / step);
  const rest = Math.abs(whole === 0 ? units : units - whole * step);
  return isRoundedAway(mode, { whole, rest, step }) ? whole + Math.sign(units) : whole;
}

type Rest = { readonly whole: number; readonly rest: number; readonly step: number };

function isRoundedAway(mode: RoundingMode, { whole, rest, step }: Rest): boolean {
  switch (mode) {
    case 'half_up':
      return rest * 2 >= step;
    case 'half_even':
      return rest * 2 > step || (rest * 2 === step && whole % 2 !== 0);
    case 'up':
      return rest > 0;
    case 'down':
      return false;
  }
}
