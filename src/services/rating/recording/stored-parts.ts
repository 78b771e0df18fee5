import type { Discount, Line } from '../../../quote/line.js';
import {
  type StoredDiscount,
  type StoredLine,
  type StoredPart,
  fromDecimal128,
  toDecimal128,
} from '../store.js';
import type { RatedPart } from './usage.js';

/** Parts of a rating as the database has them, and back. */

export function toStoredPart({ totals, ...part }: RatedPart): StoredPart {
  return {
    ...part,
    totals: totals.map(({ price, quantity, decidedBy }) => ({
      price,
      quantity: toDecimal128(quantity),
      ...(decidedBy !== undefined && { decidedBy }),
    })),
  };
}

export function fromStoredPart({ totals, ...part }: StoredPart): RatedPart {
  return {
    ...part,
    totals: totals.map(({ price, quantity, decidedBy }) => ({
      price,
      quantity: fromDecimal128(quantity),
      decidedBy,
    })),
  };
}

export function toStoredLine({ quantity, usedBefore, amount, net, shares, ...plain }: Line): StoredLine {
  return {
    ...plain,
    quantity: toDecimal128(quantity),
    usedBefore: toDecimal128(usedBefore),
    amount: toDecimal128(amount),
    net: toDecimal128(net),
    shares: shares.map(({ tier, upTo, ...share }) => ({
      tier,
      ...(upTo !== undefined && { upTo: toDecimal128(upTo) }),
      quantity: toDecimal128(share.quantity),
      unitPrice: toDecimal128(share.unitPrice),
      per: toDecimal128(share.per),
      flat: toDecimal128(share.flat),
      amount: toDecimal128(share.amount),
    })),
  };
}

export function fromStoredLine({
  kind,
  quantity,
  usedBefore,
  amount,
  net,
  shares,
  ...plain
}: StoredLine): Line {
  return {
    ...plain,
    kind: kind as Line['kind'],
    quantity: fromDecimal128(quantity),
    usedBefore: fromDecimal128(usedBefore),
    amount: fromDecimal128(amount),
    net: fromDecimal128(net),
    shares: shares.map(({ tier, upTo, ...share }) => ({
      tier,
      upTo: upTo && fromDecimal128(upTo),
      quantity: fromDecimal128(share.quantity),
      unitPrice: fromDecimal128(share.unitPrice),
      per: fromDecimal128(share.per),
      flat: fromDecimal128(share.flat),
      amount: fromDecimal128(share.amount),
    })),
  };
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
