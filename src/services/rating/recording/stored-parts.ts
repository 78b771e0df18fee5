import { equals } from '../../../money/compare.js';
import { type Decimal, ONE, ZERO } from '../../../money/decimal.js';
import type { Share } from '../../../pricing/price.js';
import type { Discount, Line } from '../../../quote/line.js';
import { fromDecimal128, toDecimal128 } from '../decimal128.js';
import type { StoredDecimal, StoredDiscount, StoredLine, StoredPart, StoredShare } from '../store.js';
import type { RatedPart } from './usage.js';

export function toStoredPart({ totals, earned, ...part }: RatedPart): StoredPart {
  return {
    ...part,
    ...(earned !== undefined && { earned: { ...earned, amount: toDecimal128(earned.amount) } }),
    totals: totals.map(({ price, quantity, decidedBy }) => ({
      price,
      quantity: toDecimal128(quantity),
      ...(decidedBy !== undefined && { decidedBy }),
    })),
  };
}

export function fromStoredPart({ totals, earned, ...part }: StoredPart): RatedPart {
  return {
    ...part,
    ...(earned !== undefined && { earned: { ...earned, amount: fromDecimal128(earned.amount) } }),
    totals: totals.map(({ price, quantity, decidedBy }) => ({
      price,
      quantity: fromDecimal128(quantity),
      decidedBy,
    })),
  };
}

export function toStoredLine(whole: Line): StoredLine {
  const { line, kind, price, rule, quantity, usedBefore, amount, net, shares } = whole;
  return {
    line,
    kind,
    price,
    rule,
    quantity: toDecimal128(quantity),
    usedBefore: unless(ZERO, usedBefore),
    amount: toDecimal128(amount),
    net: unless(amount, net),
    shares: shares.length === 0 ? undefined : shares.map((share) => toStoredShare(share, whole)),
  };
}

type OfLine = Pick<Line, 'quantity' | 'amount'>;

function toStoredShare(share: Share, line: OfLine): StoredShare {
  const { upTo } = share;
  return {
    tier: share.tier,
    upTo: upTo && toDecimal128(upTo),
    quantity: unless(line.quantity, share.quantity),
    unitPrice: toDecimal128(share.unitPrice),
    per: unless(ONE, share.per),
    flat: unless(ZERO, share.flat),
    amount: unless(line.amount, share.amount),
  };
}

/** What is left out: undefined is not stored. */
function unless(usual: Decimal, value: Decimal): StoredDecimal | undefined {
  return equals(usual, value) ? undefined : toDecimal128(value);
}

export function fromStoredLine({ line, kind, price, rule, ...stored }: StoredLine): Line {
  const [quantity, amount] = [fromDecimal128(stored.quantity), fromDecimal128(stored.amount)];
  return {
    line,
    kind: kind as Line['kind'],
    price,
    rule,
    quantity,
    usedBefore: orUsual(ZERO, stored.usedBefore),
    amount,
    net: orUsual(amount, stored.net),
    shares: (stored.shares ?? []).map((share) => fromStoredShare(share, { quantity, amount })),
  };
}

function fromStoredShare({ tier, upTo, ...share }: StoredShare, line: OfLine): Share {
  return {
    tier,
    upTo: upTo && fromDecimal128(upTo),
    quantity: orUsual(line.quantity, share.quantity),
    unitPrice: fromDecimal128(share.unitPrice),
    per: orUsual(ONE, share.per),
    flat: orUsual(ZERO, share.flat),
    amount: orUsual(line.amount, share.amount),
  };
}

function orUsual(usual: Decimal, stored: StoredDecimal | undefined): Decimal {
  return stored === undefined ? usual : fromDecimal128(stored);
}

export function toStoredDiscount({ amount, lines, ...plain }: Discount): StoredDiscount {
  return {
    ...plain,
    amount: toDecimal128(amount),
    lines: [...lines].map(([line, loss]) => [line, toDecimal128(loss)]),
  };
}

export function fromStoredDiscount({ kind, amount, lines, ...plain }: StoredDiscount): Discount {
  return {
    ...plain,
    kind: kind as Discount['kind'],
    amount: fromDecimal128(amount),
    lines: new Map(lines.map(([line, loss]) => [line, fromDecimal128(loss)])),
  };
}
