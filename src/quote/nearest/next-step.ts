import { minus, plus } from '../../money/arithmetic.js';
import { atMost, equals, greaterThan, greatest } from '../../money/compare.js';
import { type Decimal, ONE, ZERO, formatDecimal, isZero } from '../../money/decimal.js';
import { roundTo } from '../../money/rounding.js';
import { lessFree } from '../../pricing/free.js';
import type { Model, PercentTier, Tier } from '../../pricing/price.js';
import { rate } from '../../pricing/rate.js';
import { countedTotal, total } from '../../pricing/total.js';
import type { Rating } from '../charge.js';
import type { Evaluation } from '../quote.js';

/** How far a line is from where more of it costs something else. */
export type NextStep = {
  readonly line: string;
  readonly price: string;
  readonly kind: 'free' | 'tier' | 'package' | 'maximum';
  /** Units; money of a `maximum` and of tiers on an amount. 0: more lies beyond. */
  readonly left: Decimal;
  /** One sentence. */
  readonly what: string;
};

type Ahead = Omit<NextStep, 'line' | 'price'>;

/** For each line the next bound of its units, and what is left of its maximum; nothing for a price that has neither. */
export function nextSteps({ charges }: Evaluation): readonly NextStep[] {
  return charges.flatMap(({ line, rating }) => {
    const ahead = rating === undefined ? [] : [unitsAhead(rating), maximumAhead(rating)];
    return ahead
      .filter((step) => step !== undefined)
      .map((step) => ({ line: line.line, price: line.price, ...step }));
  });
}

/** Free units end first, then the tier or the package that the charged ones are in. */
function unitsAhead({ price, before, quantity, bounds }: Rating): Ahead | undefined {
  const { after } = rate(price, before, quantity, bounds);
  const counted = {
    before: countedTotal(price, before.quantity),
    after: countedTotal(price, after.quantity),
  };
  const charged = lessFree(price, bounds, counted);
  const { free, model } = price;
  if (free !== undefined) {
    const used = bounds.freeUsed ?? minus(counted.before, charged.before);
    const left = minus(free.quantity, plus(used, charged.freed));
    const what = `${show(left)} of ${show(free.quantity)} free units are left.`;
    if (greaterThan(left, ZERO)) return { kind: 'free', left, what };
  }
  const units = greatest(charged.after, ZERO);
  if (model.kind === 'package') return packageAhead(model, units);
  return 'tiers' in model ? tierAhead(model, units) : undefined;
}

function packageAhead(
  { size, partial }: Extract<Model<Decimal>, { kind: 'package' }>,
  units: Decimal,
): Ahead | undefined {
  if (partial === 'down') {
    const left = minus(plus(roundTo(units, size, 'down'), size), units);
    return { kind: 'package', left, what: `${show(left)} units below the next package of ${show(size)}.` };
  }
  const left = minus(roundTo(units, size, 'up'), units);
  if (isZero(left)) return undefined;
  return { kind: 'package', left, what: `${show(left)} units are left of the package of ${show(size)}.` };
}

type Tiered = Extract<Model<Decimal>, { tiers: unknown }>;

function tierAhead({ kind, tiers }: Tiered, units: Decimal): Ahead | undefined {
  const position = tiers.findIndex(({ upTo }) => upTo === undefined || atMost(units, upTo));
  const [tier, next] = [tiers[position], tiers[position + 1]];
  if (tier?.upTo === undefined || next === undefined) return undefined;
  const left = minus(tier.upTo, units);
  const distance = `${show(left)}${'percent' in tier ? '' : ' units'} below the next tier`;
  const where = isZero(left) ? 'At the end of its tier' : distance;
  const what =
    kind === 'volume' || kind === 'volume_percentage'
      ? `${where}: up to ${show(tier.upTo)} all at ${rateOf(tier)}, beyond it all at ${rateOf(next)}.`
      : `${where}: up to ${show(tier.upTo)} at ${rateOf(tier)}, then ${rateOf(next)}.`;
  return { kind: 'tier', left, what };
}

function rateOf(tier: Tier<Decimal> | PercentTier<Decimal>): string {
  const ofUnits =
    'percent' in tier
      ? `${show(tier.percent)} %`
      : `${show(tier.unitPrice)}${equals(tier.per, ONE) ? '' : ` per ${show(tier.per)}`}`;
  return isZero(tier.flat) ? ofUnits : `${ofUnits} and ${show(tier.flat)} once`;
}

/** What the price has charged is counted where it is shared or hangs on single events; otherwise its total says it. */
function maximumAhead({ price, before, quantity, bounds }: Rating): Ahead | undefined {
  const { maximum } = price;
  if (maximum === undefined) return undefined;
  const { after, charged } = rate(price, before, quantity, bounds);
  const earlier = maximum.own === undefined ? bounds.chargedBefore : bounds.maximumUsed;
  const known = earlier ?? (price.model.kind === 'percentage' ? ZERO : undefined);
  const spent = known === undefined ? total(price, after.quantity) : plus(known, charged);
  const left = greatest(minus(maximum.amount, spent), ZERO);
  const what = isZero(left)
    ? `It has reached the most that it costs, ${show(maximum.amount)}.`
    : `${show(left)} below the most that it costs, ${show(maximum.amount)}.`;
  return { kind: 'maximum', left, what };
}

function show(value: Decimal): string {
  return formatDecimal(value);
}
