/** Digits of a pound after its point. */
export const PENCE = 2;

/** A whole number of the smallest parts of a unit as a decimal of that unit: 250 pennies are 2.5. */
export function scaledText(parts: bigint, fractionDigits: number): string {
  const digits = (parts < 0n ? -parts : parts).toString().padStart(fractionDigits + 1, '0');
  const fraction = digits.slice(-fractionDigits).replace(/0+$/, '');
  const whole = (parts < 0n ? '-' : '') + digits.slice(0, -fractionDigits);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
