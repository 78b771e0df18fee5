import { minus, remainder } from '../../money/arithmetic.js';
import { atMost, greaterThan } from '../../money/compare.js';
import { type Decimal, ZERO, formatDecimal, isNegative, isZero } from '../../money/decimal.js';
import type { Operand, Price } from '../../pricing/price.js';
import { checkOperand } from './derive.js';
import { isNumeric } from '../fact-value.js';
import { ALWAYS_THERE, isStanding } from './facts-of.js';
import type { Path } from '../source/place.js';
import type { PriceSource } from './price-schema.js';
import { factsOfNumbers, isMeasuredLate } from './reads.js';
import { fault, faultAtKey } from '../source/report.js';
import { type Scope, useFact } from './scope.js';

export type PricePlace = { readonly source: PriceSource; readonly price: Price<Operand> };

/** What a price means as a whole: its facts, its tiers, its signs and how it is measured. */
export function checkPrice(scope: Scope, { source, price }: PricePlace): void {
  const path = ['prices', price.id];
  checkFacts(scope, source, path);
  checkQuantity(scope, { source, price }, path);
  if (!price.negative) checkSigns(scope, source, path);
  if ('tiers' in source) checkTiers(scope, source.tiers, [...path, 'tiers']);
  checkMeasured(scope, { source, price }, path);
  checkMinimum(scope, price, [...path, 'minimum']);
}

/** Every operand of the price, wherever it stands, names a number. */
function checkFacts(scope: Scope, value: unknown, path: Path): void {
  if (Array.isArray(value)) {
    value.forEach((item, position) => {
      checkFacts(scope, item, [...path, position]);
    });
  } else if (isOperand(value)) {
    if (path.at(-1) !== 'quantity' || path.length > 3) checkOperand(scope, value, path);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) checkFacts(scope, inner, [...path, key]);
  }
}

function isOperand(value: unknown): value is Operand {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

/** `unique` counts the different values of any fact; all else counts units of a number. */
function checkQuantity(scope: Scope, { source, price }: PricePlace, path: Path): void {
  source.group_by?.forEach((fact, position) => {
    const at = [...path, 'group_by', position];
    if (useFact(scope, fact, at) === 'list')
      fault(scope.report, at, `\`${fact}\` is a list; a group has one value.`);
    checkGroupIsKnown(scope, fact, at);
  });
  if (source.model === 'flat' || price.quantity.kind === 'number') return;
  const at = [...path, 'quantity' in source ? 'quantity' : 'of'];
  const type = useFact(scope, price.quantity.fact, at);
  if (type === undefined || isNumeric(type) || source.aggregate === 'unique') return;
  fault(scope.report, at, `\`${price.quantity.fact}\` is of type ${type}; a number was expected.`);
}

/** A use counts in a group that is looked up by its name, so the name cannot go by what is counted there. */
function checkGroupIsKnown(scope: Scope, fact: string, path: Path): void {
  const parts = new Set([fact]);
  // A set is gone through in the order of its items, those added meanwhile included.
  for (const part of parts) for (const inner of scope.parts.get(part) ?? []) parts.add(inner);
  const total = [...parts].find((part) => part.startsWith('used.'));
  if (total === undefined) return;
  const which = total === fact ? `\`${fact}\` is a running total` : `\`${fact}\` follows \`${total}\``;
  const message = `${which}; a group must be known before anything is counted.`;
  fault(scope.report, path, message, 'group by facts of the use or the account');
}

const SIGNED = ['amount', 'unit_price', 'price', 'percent', 'fixed', 'flat', 'multiplier'];

function checkSigns(scope: Scope, part: object, path: Path): void {
  for (const [key, value] of Object.entries(part) as [string, unknown][]) {
    const at = [...path, key];
    if (Array.isArray(value) && key === 'tiers') {
      value.forEach((tier: object, position) => {
        checkSigns(scope, tier, [...at, position]);
      });
    }
    const number = SIGNED.includes(key) && isOperand(value) ? literal(value) : undefined;
    if (number !== undefined && isNegative(number)) {
      const message = `${formatDecimal(number)} is below 0.`;
      fault(scope.report, at, message, 'write `negative: true` in the price if it pays the customer');
    }
  }
}

function literal(operand: Operand | undefined): Decimal | undefined {
  return operand?.kind === 'number' ? operand.value : undefined;
}

type TierSource = { readonly up_to?: Operand | undefined; readonly block?: Operand | undefined };

/** Bounds rise from tier to tier, all but the last have one, and blocks fill their tier. Facts are looked at when priced. */
function checkTiers(scope: Scope, tiers: readonly TierSource[], path: Path): void {
  let below: Decimal | undefined = ZERO;
  tiers.forEach((tier, position) => {
    const at = [...path, position];
    const isLast = position === tiers.length - 1;
    if (isLast && tier.up_to !== undefined) {
      const message = 'The last tier has an `up_to`; more than that would have no price.';
      fault(scope.report, [...at, 'up_to'], message, 'leave it out, or add a tier without one');
    }
    if (!isLast && tier.up_to === undefined) {
      fault(scope.report, at, '`up_to` is missing; only the last tier goes without.');
    }
    const upTo = literal(tier.up_to);
    if (upTo !== undefined && below !== undefined && atMost(upTo, below) && position > 0) {
      const message = `\`up_to\` is ${formatDecimal(upTo)}, not above the ${formatDecimal(below)} of the tier before.`;
      fault(scope.report, [...at, 'up_to'], message);
    }
    const block = literal(tier.block);
    if (block !== undefined && upTo !== undefined && below !== undefined && greaterThan(upTo, below)) {
      const width = minus(upTo, below);
      if (!isZero(remainder(width, block))) {
        const message = `The tier is ${formatDecimal(width)} wide, which is no multiple of its block of ${formatDecimal(block)}.`;
        fault(scope.report, [...at, 'block'], message);
      }
    }
    below = upTo;
  });
}

function checkMeasured(scope: Scope, { source, price }: PricePlace, path: Path): void {
  if (source.over !== undefined && source.bucket === undefined) {
    faultAtKey(scope.report, [...path, 'over'], '`over` joins buckets; `bucket` is missing.');
  }
  if (!isMeasuredLate(price)) return;
  for (const fact of new Set(factsOfNumbers(price))) {
    if (isThereAtClose(scope, price, fact)) continue;
    const message = `A price that is measured over its period cannot read \`${fact}\` for its numbers.`;
    faultAtKey(scope.report, path, message, 'it may read facts of the account and those of its `group_by`');
  }
}

/** It is looked at when a window closes, and not with a use, unless each use is a window. */
function checkMinimum(scope: Scope, price: Price<Operand>, path: Path): void {
  const { minimum, resets } = price;
  if (minimum === undefined || resets === 'each' || isMeasuredLate(price)) return;
  if (resets === 'never') {
    const message = 'A `minimum` is due when a window closes, and with `resets: never` none does.';
    fault(scope.report, path, message, 'leave one of them out, or let the price reset');
  }
  if (minimum.kind !== 'fact' || isThereAtClose(scope, price, minimum.fact)) return;
  const message = `A \`minimum\` cannot read \`${minimum.fact}\`, which is not known when a window closes.`;
  fault(scope.report, path, message, 'it may read facts of the account and those of its `group_by`');
}

function isThereAtClose(scope: Scope, price: Price<Operand>, fact: string): boolean {
  if (price.groupBy.includes(fact) || isStanding(fact)) return true;
  const parts = scope.parts.get(fact);
  if (parts !== undefined) return parts.every((part) => isThereAtClose(scope, price, part));
  return ALWAYS_THERE.has(fact) || !scope.types.has(fact);
}

/** What counts together must agree on when it starts again and on its groups. */
export function checkSharedCounters(scope: Scope, prices: readonly Price<Operand>[]): void {
  checkSame(
    scope,
    prices.map((price) => ({ price, key: ['counter'], counter: price.counter, resets: price.resets })),
  );
  const bounds = (key: 'free' | 'maximum') =>
    prices.flatMap((price): Counting[] => {
      const own = price[key]?.own;
      return own === undefined
        ? []
        : [{ price, key: [key, 'counter'], counter: own.counter, resets: own.per }];
    });
  checkSame(scope, bounds('free'));
  checkSame(scope, bounds('maximum'));
}

type Counting = {
  readonly price: Price<Operand>;
  /** Where the counter is named. */
  readonly key: Path;
  readonly counter: string;
  readonly resets: string;
};

function checkSame({ report }: Scope, counting: readonly Counting[]): void {
  const first = new Map<string, Counting>();
  for (const one of counting) {
    const other = first.get(one.counter);
    if (other === undefined) {
      first.set(one.counter, one);
      continue;
    }
    const shared = `\`${one.price.id}\` and \`${other.price.id}\` share the counter \`${one.counter}\``;
    const at = ['prices', one.price.id, ...one.key];
    if (one.resets !== other.resets) {
      fault(report, at, `${shared}, but start again by ${one.resets} and by ${other.resets}.`);
    }
    if (groups(one.price) !== groups(other.price))
      fault(report, at, `${shared}, but their \`group_by\` differ.`);
  }
}

function groups({ groupBy }: Price<Operand>): string {
  return groupBy.join();
}
