import type { StoredCounter } from '../../../quote/stored-totals.js';
import { fromDecimal128, toDecimal128 } from '../decimal128.js';
import {
  type RatingDocument,
  type StoredSettlement,
  type StoredStand,
  type UnpricedDocument,
  fromFields,
} from '../store.js';
import {
  fromStoredDiscount,
  fromStoredLine,
  fromStoredPart,
  toStoredDiscount,
  toStoredLine,
  toStoredPart,
} from './stored-parts.js';
import { ratingId, usageKey } from './usage-key.js';
import type { KeptUsage, Rating, Settlement, UnpricedUsage } from './usage.js';

/**
 * What is undefined is not stored. Each field is named, as in everything that is done for every rating: to copy all but
 * some takes several times as long.
 */
export function toDocument(rating: Rating): RatingDocument {
  const { filled, discounts, before, settlements, part } = rating;
  return {
    _id: ratingId(rating),
    account: rating.account,
    usageId: rating.usageId,
    number: rating.number,
    subscription: rating.subscription,
    strategy: rating.strategy,
    revision: rating.revision,
    contentHash: rating.contentHash,
    occurredAt: rating.occurredAt,
    turn: rating.turn,
    recordedAt: rating.recordedAt,
    place: rating.place,
    fingerprint: rating.fingerprint,
    currency: rating.currency,
    moment: rating.moment,
    period: rating.period,
    dueAt: rating.dueAt,
    isExact: rating.isExact,
    replaces: rating.replaces,
    reverses: rating.reverses,
    part: part && toStoredPart(part),
    given: rating.given,
    filled: filled.size === 0 ? undefined : filled,
    facts: rating.facts,
    amount: toDecimal128(rating.amount),
    lines: rating.lines.map(toStoredLine),
    discounts: discounts.length === 0 ? undefined : discounts.map(toStoredDiscount),
    before: before.length === 0 ? undefined : before.map(toStand),
    settlements: settlements.length === 0 ? undefined : settlements.map(toStoredSettlement),
  };
}

export function fromDocument(document: RatingDocument): Rating {
  const { reverses, part, filled = NO_FIELDS, facts, amount, lines } = document;
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
    filled: fromFields(filled),
    facts: fromFields(facts),
    amount: fromDecimal128(amount),
    lines: lines.map(fromStoredLine),
    discounts: discounts.map(fromStoredDiscount),
    before: before.map(fromStand),
    settlements: settlements.map(fromStoredSettlement),
  };
}

const NO_FIELDS = {};

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

export function toUnpriced(usage: UnpricedUsage): UnpricedDocument {
  return { _id: usageKey(usage), ...usage, given: usage.given };
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
  const given = fromFields(document.given);
  return { account, usageId, subscription, strategy, occurredAt, ...order, fingerprint, given };
}
