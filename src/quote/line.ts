import { plus } from '../money/arithmetic.js';
import { type Decimal, ZERO } from '../money/decimal.js';
import type { Share } from '../pricing/price.js';
import type { Strategy } from '../strategy/strategy.js';

/** A position on the bill. */
export type Line = {
  readonly line: string;
  /** What put it there; `billed` came in with a statement, `measured` has an amount only when its period closes. */
  readonly kind: 'charge' | 'measured' | 'surcharge' | 'minimum' | 'billed';
  /** Empty where no price is involved. */
  readonly price: string;
  readonly rule: string;
  readonly quantity: Decimal;
  /** The running total before this use. */
  readonly usedBefore: Decimal;
  /** Before discounts. */
  readonly amount: Decimal;
  /** What discounts have left. */
  readonly net: Decimal;
  /** The tiers that this use passed. */
  readonly shares: readonly Share[];
};

/** Something taken off lines; `amount` is the sum of `lines`, below zero where credits are reduced. */
export type Discount = {
  readonly kind: 'free_quantity' | 'percent' | 'amount' | 'maximum';
  readonly rule: string;
  readonly label: string;
  readonly amount: Decimal;
  /** What each line lost. */
  readonly lines: ReadonlyMap<string, Decimal>;
};

export type Tax = {
  /** Rules with this rate and label, in file order. */
  readonly rules: readonly string[];
  readonly label: string;
  readonly percent: Decimal;
  readonly included: boolean;
  /** The rounded lines that it is computed on. */
  readonly base: Decimal;
  /** Rounded once, to the minor unit. */
  readonly amount: Decimal;
};

/** A line that no price computed. */
export function plainLine(line: string, kind: Line['kind'], rule: string, amount: Decimal): Line {
  return { line, kind, price: '', rule, quantity: ZERO, usedBefore: ZERO, amount, net: amount, shares: [] };
}

/** What discounts have left of all lines. */
export function netOf(lines: readonly Line[]): Decimal {
  let total = ZERO;
  for (const { net } of lines) total = plus(total, net);
  return total;
}

/** Whether an `of` names the line; without one it means all. */
export function concerns(of: readonly string[] | undefined, line: Line): boolean {
  return of === undefined || of.includes(line.line);
}

/** In the order in which the document names the lines, unknown ones last; what stands on one line keeps its order. */
export function inDocumentOrder<T>(
  { prepared: { places } }: Strategy,
  items: readonly T[],
  lineOf: (item: T) => string,
): readonly T[] {
  const placeOf = (item: T) => places.get(lineOf(item)) ?? places.size;
  let last = 0;
  for (const item of items) {
    const place = placeOf(item);
    if (place < last) return items.toSorted((a, b) => placeOf(a) - placeOf(b));
    last = place;
  }
  return items;
}
