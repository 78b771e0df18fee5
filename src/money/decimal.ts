import { type Parsed, parsed, refused } from '../errors/parsed.js';
import { type Wide, wide, wideOfUnits } from './wide.js';

/**
 * An exact decimal number: units × 10^-places. Prices and quantities are short numbers, so that nearly all arithmetic is
 * that of whole numbers which a double holds exactly; what leaves their range is computed by decimal.js, and comes back
 * as soon as it fits. Equal numbers are equal data: 1.50 is kept as 15 × 10^-1, and nothing is wide that need not be.
 */
export type Decimal = {
  /** A safe integer; 0 when the number is wide. */
  readonly units: number;
  /** 0 or more. */
  readonly places: number;
  readonly wide: Wide | undefined;
};

/** Digits before and after the point that a number in a file or a fact may have. Together they fit Decimal128. */
const INTEGER_DIGITS = 16;
export const FRACTION_DIGITS = 18;

export const ZERO: Decimal = { units: 0, places: 0, wide: undefined };
export const ONE: Decimal = { units: 1, places: 0, wide: undefined };
export const HUNDRED: Decimal = { units: 100, places: 0, wide: undefined };

/** Units up to here are exact; the result of a double operation is exact too when it stays within. */
export const LARGEST = Number.MAX_SAFE_INTEGER;

const POWERS = Array.from({ length: 64 }, (_, exponent) => Number(`1e${exponent}`));

/** 10^exponent: exact to 10^22, and beyond it large enough for any product with units to be seen to leave their range. */
export function power(exponent: number): number {
  return POWERS[exponent] ?? Infinity;
}

/** units × 10^-places of safe units, without zeros at the end. */
export function ofUnits(units: number, places: number): Decimal {
  if (units === 0) return ZERO;
  let kept = units;
  let left = places;
  while (left > 0) {
    const tenth = kept / 10;
    // A safe integer is too short for a quotient with a rest to be rounded to a whole number.
    if (Math.trunc(tenth) !== tenth) break;
    kept = tenth;
    left -= 1;
  }
  return { units: kept, places: left, wide: undefined };
}

/** A number that decimal.js computed, in the form that is one for each number. */
export function ofWide(value: Wide): Decimal {
  const places = value.decimalPlaces();
  if (value.precision() <= 16) {
    const units = Number(value.toFixed(places).replace('.', ''));
    if (Math.abs(units) <= LARGEST) return ofUnits(units, places);
  }
  return { units: 0, places: 0, wide: value };
}

export function toWide({ units, places, wide: value }: Decimal): Wide {
  return value ?? wideOfUnits(units, places);
}

/** A constant of the program. Input goes through `parseDecimal`. */
export function decimal(value: string | number | bigint): Decimal {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return ofUnits(value, 0);
  return ofWide(wide(typeof value === 'bigint' ? value.toString() : value));
}

/** 10^-places, the unit of numbers that have so many fraction digits. */
export function unitOf(places: number): Decimal {
  return { units: 1, places, wide: undefined };
}

export function isDecimal(value: unknown): value is Decimal {
  return typeof value === 'object' && value !== null && 'wide' in value;
}

export function isZero({ units, wide: value }: Decimal): boolean {
  return units === 0 && value === undefined;
}

/** Below zero. */
export function isNegative({ units, wide: value }: Decimal): boolean {
  return value === undefined ? units < 0 : value.isNegative();
}

export function isWhole({ places, wide: value }: Decimal): boolean {
  return value === undefined ? places === 0 : value.isInteger();
}

/** For counts and positions, never for amounts: the nearest binary number. */
export function toNumber(value: Decimal): number {
  return value.wide === undefined ? value.units / power(value.places) : value.wide.toNumber();
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;
const LONGEST_TEXT = 64;

/** Reads a number from its text: at most 16 integer and 18 fraction digits, never NaN or infinite. */
export function parseDecimal(text: string): Parsed<Decimal> {
  const short = parseShort(text);
  if (short !== undefined) return parsed(short);
  if (text.length > LONGEST_TEXT) return refused(`a number of ${text.length} characters is too long`);
  if (!NUMBER.test(text)) return refused(`"${text}" is not a number`);
  const value = wide(text);
  return fits(value)
    ? parsed(ofWide(value))
    : refused(`${text} has more than ${INTEGER_DIGITS} integer or ${FRACTION_DIGITS} fraction digits`);
}

/** Digits and at most one point, so few that they are units as they stand: nearly every number that is sent. */
function parseShort(text: string): Decimal | undefined {
  if (text.length > 16) return undefined;
  const start = text.startsWith('-') ? 1 : 0;
  let units = 0;
  let digits = 0;
  let point = -1;
  for (let i = start; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9) {
      units = units * 10 + digit;
      digits += 1;
    } else if (digit === -2 && point < 0) point = i;
    else return undefined;
  }
  if (digits === 0 || digits > 15) return undefined;
  return ofUnits(start === 1 ? -units : units, point < 0 ? 0 : text.length - 1 - point);
}

/** Whether the number is within what files, facts and the database hold. */
function fits(value: Wide): boolean {
  return value.isFinite() && value.e < INTEGER_DIGITS && value.decimalPlaces() <= FRACTION_DIGITS;
}

/** Plain notation without an exponent or trailing zeros: the canonical text of a number. */
export function formatDecimal({ units, places, wide: value }: Decimal): string {
  if (value !== undefined) return value.toFixed();
  if (places === 0) return units.toString();
  const digits = Math.abs(units)
    .toString()
    .padStart(places + 1, '0');
  const point = digits.length - places;
  return `${units < 0 ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
}
