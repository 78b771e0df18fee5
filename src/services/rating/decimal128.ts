import { Decimal128 } from 'mongodb';
import { type Decimal, decimal, formatDecimal, ofUnits } from '../../money/decimal.js';

/**
 * A number as the database has it: 34 digits and an exponent. One that is not wide is written as it stands, since by way
 * of its text it would take twenty times as long, and a rating has dozens.
 */
export function toDecimal128(value: Decimal): Decimal128 {
  if (value.wide !== undefined) return Decimal128.fromString(formatDecimal(value));
  const units = Math.abs(value.units);
  const bytes = Buffer.allocUnsafe(16);
  bytes.writeUInt32LE(units % WORD, 0);
  bytes.writeUInt32LE(Math.floor(units / WORD), 4);
  bytes.writeUInt32LE(0, 8);
  const exponent = (EXPONENT_BIAS - value.places) << EXPONENT_SHIFT;
  bytes.writeUInt32LE((value.units < 0 ? exponent | SIGN : exponent) >>> 0, 12);
  return new Decimal128(bytes);
}

export function fromDecimal128(stored: Decimal128): Decimal {
  const bytes = Buffer.from(stored.bytes.buffer, stored.bytes.byteOffset, 16);
  const [high, top] = [bytes.readUInt32LE(4), bytes.readUInt32LE(12)];
  const places = EXPONENT_BIAS - ((top & ~SIGN) >>> EXPONENT_SHIFT);
  const isShort = bytes.readUInt32LE(8) === 0 && (top & COEFFICIENT) === 0 && high < SAFE;
  if (!isShort || places < 0 || places > EXPONENT_BIAS) return decimal(stored.toString());
  const units = high * WORD + bytes.readUInt32LE(0);
  return ofUnits((top & SIGN) === 0 ? units : -units, places);
}

/** The layout of IEEE 754 decimal128 with a binary coefficient, which lies in the low 113 bits. */
const WORD = 2 ** 32;
const EXPONENT_BIAS = 6176;
const EXPONENT_SHIFT = 17;
const SIGN = 0x8000_0000;
/** In the topmost word: the high bits of the coefficient. */
const COEFFICIENT = 2 ** EXPONENT_SHIFT - 1;
/** Coefficients whose second word is below this are safe integers. */
const SAFE = 2 ** 21;
