import { negate, plus, sum } from '../../../money/arithmetic.js';
import { equals } from '../../../money/compare.js';
import { type Decimal, ZERO } from '../../../money/decimal.js';
import type { Share } from '../../../pricing/price.js';
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
function lineKeyText(key: LineKey): string {
  const { line, kind, price, rule, revision, tier } = key;
  const last = written.get(rule);
  const isSame =
    last?.key.line === line &&
    last.key.kind === kind &&
    last.key.price === price &&
    last.key.revision === revision;
  const known = isSame ? last.texts[tier] : undefined;
  if (known !== undefined) return known;
  const text = JSON.stringify([line, kind, price, rule, revision, tier]);
  if (isSame) last.texts[tier] = text;
  else remember(key, text);
  return text;
}

/** The texts that were written last for each rule, by tier: ratings that follow each other have mostly the same few. */
const written = new Map<string, { readonly key: LineKey; readonly texts: string[] }>();
const MOST_WRITTEN = 10_000;

function remember(key: LineKey, text: string): void {
  if (written.size >= MOST_WRITTEN) written.clear();
  const texts: string[] = [];
  texts[key.tier] = text;
  written.set(key.rule, { key, texts });
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
    const textOf = (tier: number) => lineKeyText({ line, kind, price, rule, revision, tier });
    // A maximum or a proration leaves other than what the tiers come to; a surcharge has none.
    if (shares.length === 0 || !equals(amountOf(shares), amount)) add(sums, textOf(0), { quantity, amount });
    else for (const share of shares) add(sums, textOf(share.tier + 1), share);
  }
  for (const { rule, lines } of rating.discounts)
    for (const [line, loss] of lines)
      add(sums, lineKeyText({ line, kind: 'discount', price: '', rule, revision, tier: 0 }), {
        quantity: ZERO,
        amount: negate(loss),
      });
  const paid = rating.settlements.filter(({ unit }) => unit === rating.currency);
  if (paid.length > 0) add(sums, SETTLED, { quantity: ZERO, amount: sum(paid.map(({ amount }) => amount)) });
}

/** What wallets have paid of all lines together, or have taken over as owed to them. */
const SETTLED = lineKeyText({ line: '', kind: 'settled', price: '', rule: '', revision: 0, tier: 0 });

type Summing = { readonly moved: Map<string, LineSum>; readonly before: LineSums | undefined };

function amountOf(shares: readonly Share[]): Decimal {
  let amount = ZERO;
  for (const share of shares) amount = plus(amount, share.amount);
  return amount;
}

function add({ moved, before: found }: Summing, text: string, { quantity, amount }: LineSum): void {
  const before = moved.get(text) ?? found?.get(text) ?? NOTHING;
  moved.set(text, { quantity: plus(before.quantity, quantity), amount: plus(before.amount, amount) });
}

const NOTHING: LineSum = { quantity: ZERO, amount: ZERO };
