import { equals } from '../../../money/compare.js';
import { type Decimal, ONE, ZERO } from '../../../money/decimal.js';
import type { Share } from '../../../pricing/price.js';
import type { Discount, Line } from '../../../quote/line.js';
import type { StoredCounter } from '../../../quote/stored-totals.js';
import {
  type RatingDocument,
  type StoredDecimal,
  type StoredDiscount,
  type StoredLine,
  type StoredPart,
  type StoredSettlement,
  type StoredShare,
  type StoredStand,
  type UnpricedDocument,
  fromDecimal128,
  toDecimal128,
} from '../store.js';
import { ratingId, usageKey } from './usage-key.js';
import type { KeptUsage, RatedPart, Rating, Settlement, UnpricedUsage } from './usage.js';

/** What is undefined is not stored. */
export function toDocument(rating: Rating): RatingDocument {
  const { reverses, given, filled, facts, amount, lines, discounts, before, settlements, part, ...plain } =
    rating;
  return {
    _id: ratingId(rating),
    ...plain,
    ...(reverses !== undefined && { reverses }),
    part: part && toStoredPart(part),
    given: Object.fromEntries(given),
    filled: filled.size === 0 ? undefined : Object.fromEntries(filled),
    facts: Object.fromEntries(facts),
    amount: toDecimal128(amount),
    lines: lines.map(toStoredLine),
    discounts: discounts.length === 0 ? undefined : discounts.map(toStoredDiscount),
    before: before.length === 0 ? undefined : before.map(toStand),
    settlements: settlements.length === 0 ? undefined : settlements.map(toStoredSettlement),
  };
}

export function fromDocument(document: RatingDocument): Rating {
  const { reverses, part, filled = {}, facts, amount, lines } = document;
  const { discounts = [], before = [], settlements = [] } = document;
  return {
    ...keptOf(document),
    number: document.number,
    revision: document.revision,
    contentHash: document.contentHash,
    currency: document.currency,
    moment: document.moment,
    period: document.period,
    dueAt: document.dueAt,
    ...(part !== undefined && { part: fromStoredPart(part) }),
    reverses,
    ...(document.isExact && { isExact: true }),
    ...(document.replaces && { replaces: document.replaces }),
    filled: new Map(Object.entries(filled)),
    facts: new Map(Object.entries(facts)),
    amount: fromDecimal128(amount),
    lines: lines.map(fromStoredLine),
    discounts: discounts.map(fromStoredDiscount),
    before: before.map(fromStand),
    settlements: settlements.map(fromStoredSettlement),
  };
}

function toStand({ window, key, quantity, events }: StoredCounter): StoredStand {
  return { window, key, quantity: toDecimal128(quantity), events: toDecimal128(events) };
}

function fromStand({ window, key, quantity, events }: StoredStand): StoredCounter {
  return { window, key, quantity: fromDecimal128(quantity), events: fromDecimal128(events) };
}

function toStoredSettlement({ amount, ...settlement }: Settlement): StoredSettlement {
  return { ...settlement, amount: toDecimal128(amount) };
}

function fromStoredSettlement({ amount, ...settlement }: StoredSettlement): Settlement {
  return { ...settlement, amount: fromDecimal128(amount) };
}

function toStoredPart({ totals, ...part }: RatedPart): StoredPart {
  return {
    ...part,
    totals: totals.map(({ price, quantity, decidedBy }) => ({
      price,
      quantity: toDecimal128(quantity),
      ...(decidedBy !== undefined && { decidedBy }),
    })),
  };
}

function fromStoredPart({ totals, ...part }: StoredPart): RatedPart {
  return {
    ...part,
    totals: totals.map(({ price, quantity, decidedBy }) => ({
      price,
      quantity: fromDecimal128(quantity),
      decidedBy,
    })),
  };
}

export function toUnpriced(usage: UnpricedUsage): UnpricedDocument {
  return { _id: usageKey(usage), ...usage, given: Object.fromEntries(usage.given) };
}

export function fromUnpriced(document: UnpricedDocument): UnpricedUsage {
  const { reason, message } = document;
  return { ...keptOf(document), reason, message };
}

/** What a rating and a use that waits for one have in common. */
function keptOf(document: RatingDocument | UnpricedDocument): KeptUsage {
  const { account, usageId, subscription, strategy, occurredAt, recordedAt } = document;
  const { turn, place, fingerprint } = document;
  const order = { recordedAt, turn, place };
  const given = new Map(Object.entries(document.given));
  return { account, usageId, subscription, strategy, occurredAt, ...order, fingerprint, given };
}

function toStoredLine({ line, kind, price, rule, ...numbers }: Line): StoredLine {
  const { quantity, usedBefore, amount, net, shares } = numbers;
  return {
    line,
    kind,
    price,
    rule,
    quantity: toDecimal128(quantity),
    usedBefore: unless(ZERO, usedBefore),
    amount: toDecimal128(amount),
    net: unless(amount, net),
    shares: shares.length === 0 ? undefined : shares.map((share) => toStoredShare(share, numbers)),
  };
}

type OfLine = Pick<Line, 'quantity' | 'amount'>;

function toStoredShare({ tier, upTo, ...share }: Share, line: OfLine): StoredShare {
  return {
    tier,
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

function fromStoredLine({ line, kind, price, rule, ...stored }: StoredLine): Line {
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

function toStoredDiscount({ amount, lines, ...plain }: Discount): StoredDiscount {
  return {
    ...plain,
    amount: toDecimal128(amount),
    lines: [...lines].map(([line, loss]) => [line, toDecimal128(loss)]),
  };
}

function fromStoredDiscount({ kind, amount, lines, ...plain }: StoredDiscount): Discount {
  return {
    ...plain,
    kind: kind as Discount['kind'],
    amount: fromDecimal128(amount),
    lines: new Map(lines.map(([line, loss]) => [line, fromDecimal128(loss)])),
  };
}
