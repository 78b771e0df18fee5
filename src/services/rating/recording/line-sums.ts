import { negate, plus, sum } from '../../../money/arithmetic.js';
import { equals } from '../../../money/compare.js';
import { type Decimal, ZERO } from '../../../money/decimal.js';
import type { Rating } from './usage.js';

/** What several ratings come to on one line of the bill. */
export type LineSum = { readonly quantity: Decimal; readonly amount: Decimal };

/** What all have in common that are summed up together: what a line of a statement says but for its numbers. */
export type LineKey = {
  readonly line: string;
  readonly kind: string;
  readonly price: string;
  readonly rule: string;
  readonly revision: number;
  /** From 1; 0: of no tier. */
  readonly tier: number;
};

/** By the text of the key. */
export type LineSums = ReadonlyMap<string, LineSum>;

/** A key as a text; the order of its parts never changes, since it is stored. */
export function lineKeyText({ line, kind, price, rule, revision, tier }: LineKey): string {
  return JSON.stringify([line, kind, price, rule, revision, tier]);
}

export function parseLineKey(text: string): LineKey {
  const [line, kind, price, rule, revision, tier] = JSON.parse(text) as [
    string,
    string,
    string,
    string,
    number,
    number,
  ];
  return { line, kind, price, rule, revision, tier };
}

/** Adds what a rating comes to, its lines tier by tier, then what discounts took off each of them and what wallets paid, to what was there before. */
export function addRating(moved: Map<string, LineSum>, before: LineSums | undefined, rating: Rating): void {
  const sums: Summing = { moved, before };
  const { revision } = rating;
  for (const { line, kind, price, rule, quantity, amount, shares } of rating.lines) {
    // A measured line has no amount before its period closes, and then it is a charge.
    if (kind === 'measured') continue;
    const key = { line, kind, price, rule, revision };
    // A maximum or a proration leaves other than what the tiers come to; a surcharge has none.
    const ofTiers = sum(shares.map((share) => share.amount));
    if (shares.length === 0 || !equals(ofTiers, amount)) add(sums, { ...key, tier: 0 }, { quantity, amount });
    else for (const share of shares) add(sums, { ...key, tier: share.tier + 1 }, share);
  }
  for (const { rule, lines } of rating.discounts)
    for (const [line, loss] of lines)
      add(
        sums,
        { line, kind: 'discount', price: '', rule, revision, tier: 0 },
        { quantity: ZERO, amount: negate(loss) },
      );
  const paid = rating.settlements.filter(({ unit }) => unit === rating.currency);
  if (paid.length > 0) add(sums, SETTLED, { quantity: ZERO, amount: sum(paid.map(({ amount }) => amount)) });
}

/** What wallets have paid of all lines together, or have taken over as owed to them. */
const SETTLED: LineKey = { line: '', kind: 'settled', price: '', rule: '', revision: 0, tier: 0 };

type Summing = { readonly moved: Map<string, LineSum>; readonly before: LineSums | undefined };

function add({ moved, before: found }: Summing, key: LineKey, { quantity, amount }: LineSum): void {
  const text = lineKeyText(key);
  const before = moved.get(text) ?? found?.get(text) ?? NOTHING;
  moved.set(text, { quantity: plus(before.quantity, quantity), amount: plus(before.amount, amount) });
}

const NOTHING: LineSum = { quantity: ZERO, amount: ZERO };
