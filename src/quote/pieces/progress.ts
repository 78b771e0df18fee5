import { allocate } from '../../money/allocation.js';
import { minus, plus } from '../../money/arithmetic.js';
import { greatest, least } from '../../money/compare.js';
import {
  type Decimal,
  FRACTION_DIGITS,
  ZERO,
  formatDecimal,
  isNegative,
  isZero,
} from '../../money/decimal.js';
import type { Operand, Price } from '../../pricing/price.js';
import { roundRating } from '../../pricing/rate.js';
import type { Piece } from './piece.js';

/** How far a use that is priced in pieces has come. */
export type Progress = {
  readonly weights: readonly Decimal[];
  /** Where each piece ends in a quantity that is shared by time, by the text of the whole. */
  readonly ends: Map<string, readonly Decimal[]>;
  /** How much of a quantity is paid on a line: past the end of a piece where a block was begun in it. */
  readonly paid: Map<string, Decimal>;
  /** What a line has charged for: units of the use and in each counter, and what of them was free, and came to. */
  readonly counted: Map<string, Decimal>;
  readonly money: Map<string, Money>;
};

/** What a line has come to before `round_rating`, and after it. */
type Money = { readonly charged: Decimal; readonly amount: Decimal };

export function startProgress(pieces: readonly Piece[]): Progress {
  const weights = pieces.map(({ weight }) => weight);
  return { weights, ends: new Map(), paid: new Map(), counted: new Map(), money: new Map() };
}

/** A quantity of the whole use, on the line that charges for it in this piece. */
export type ToShare = {
  /** Positions of the first and the last piece that it is charged for at once. */
  readonly index: number;
  readonly last: number;
  readonly line: string;
  readonly counted: Operand;
  /** Whether time shares it; what it does not share is charged where the line appears first. */
  readonly byTime: boolean;
  readonly whole: Decimal;
};

/** What a piece has of a quantity: how much is its own, and how much there is from its start to the end of the use. */
export type Part = { readonly quantity: Decimal; readonly most: Decimal };

/** Undefined where all of it is paid: by time in an earlier piece, or in a block that was begun there. */
export function partOf(progress: Progress, share: ToShare): Part | undefined {
  const { index, last, byTime, whole } = share;
  const paid = progress.paid.get(paidKey(share));
  if (!byTime) return paid === undefined ? { quantity: whole, most: whole } : undefined;
  const ends = endsOf(progress, whole);
  const [begin, end] = [ends[index - 1] ?? ZERO, ends[last] ?? whole];
  const farther = isNegative(whole) ? least : greatest;
  const from = paid === undefined ? begin : farther(begin, paid);
  const quantity = minus(farther(end, from), from);
  return paid !== undefined && isZero(quantity) ? undefined : { quantity, most: minus(whole, from) };
}

/**
 * Notes that a piece pays for a quantity as far as its blocks reach, but not past the end of the use; answers how much
 * that is. What is below zero fills no blocks.
 */
export function payPart(
  progress: Progress,
  share: ToShare,
  { quantity: own, most }: Part,
  reach: Decimal,
): Decimal {
  const quantity = isNegative(share.whole) ? own : least(reach, most);
  progress.paid.set(paidKey(share), plus(minus(share.whole, most), quantity));
  return quantity;
}

function paidKey({ line, counted }: ToShare): string {
  return `${line} of ${counted.kind === 'fact' ? counted.fact : formatDecimal(counted.value)}`;
}

function endsOf({ ends, weights }: Progress, whole: Decimal): readonly Decimal[] {
  const key = formatDecimal(whole);
  const known = ends.get(key);
  if (known !== undefined) return known;
  let end = ZERO;
  const found = allocate(whole, weights, FRACTION_DIGITS).map((part) => (end = plus(end, part)));
  ends.set(key, found);
  return found;
}

/** What an amount comes to on its line: where the price rounds each rating, all pieces together are rounded. */
export function roundedOnLine(
  money: Progress['money'],
  line: string,
  price: Price<Decimal>,
  charged: Decimal,
): Decimal {
  const before = money.get(line) ?? { charged: ZERO, amount: ZERO };
  const all = plus(before.charged, charged);
  const amount = price.roundRating === undefined ? charged : minus(roundRating(price, all), before.amount);
  money.set(line, { charged: all, amount: plus(before.amount, amount) });
  return amount;
}
