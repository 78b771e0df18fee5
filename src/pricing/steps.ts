import { absolute, minus, plus, times } from '../money/arithmetic.js';
import { equals, greaterThan, lessThan } from '../money/compare.js';
import { type Decimal, ONE, ZERO, decimal, formatDecimal, isZero } from '../money/decimal.js';
import { fraction, toDecimal } from '../money/fraction.js';
import type { Bounds, Price, Running, Share } from './price.js';
import { type Rated, countedUsage, rate } from './rate.js';
import { countedTotal } from './total.js';

/** One line of arithmetic in plain words; the value is what the expression comes to. */
export type Step = { readonly label: string; readonly expression: string; readonly value: Decimal };

/** The arithmetic of `rate` with the same arguments; the value of the last step is the rated amount. */
export function explainRating(
  price: Price<Decimal>,
  before: Running,
  quantity: Decimal,
  bounds: Bounds = {},
): readonly Step[] {
  const rated = rate(price, before, quantity, bounds);
  return [
    ...quantitySteps(price, before, quantity),
    ...freeSteps(price, rated),
    ...rated.shares.map((share) => shareStep(price, share)),
    ...chargedSteps(rated),
    ...roundingSteps(price, rated),
  ];
}

/** How the units of this usage come about: rounded, by themselves or by what they move the running total. */
function quantitySteps(price: Price<Decimal>, before: Running, quantity: Decimal): readonly Step[] {
  const { roundQuantity } = price;
  const counted = countedUsage(price, quantity);
  const after = plus(before.quantity, counted);
  const steps: Step[] = [];
  if (roundQuantity?.each === true) {
    const expression = `${show(quantity)} rounded ${words(roundQuantity.mode)} to a multiple of ${show(roundQuantity.to)}`;
    steps.push({ label: 'Quantity', expression, value: counted });
  }
  if (!isZero(before.quantity) || steps.length === 0) {
    const expression = `${show(before.quantity)} used before + ${show(counted)} now`;
    steps.push({ label: 'Running total', expression, value: after });
  }
  const units = countedTotal(price, after);
  if (!equals(units, after)) {
    const expression =
      roundQuantity === undefined || roundQuantity.each
        ? `${show(after)} is below 0 and counts as 0`
        : `${show(after)} rounded ${words(roundQuantity.mode)} to a multiple of ${show(roundQuantity.to)}`;
    steps.push({ label: 'Rounded total', expression, value: units });
  }
  return steps;
}

function freeSteps(price: Price<Decimal>, { freed }: Rated): readonly Step[] {
  if (price.free === undefined || isZero(freed)) return [];
  const expression = `${show(freed)} of ${show(price.free.quantity)} free units`;
  return [{ label: 'Free', expression, value: freed }];
}

function shareStep(price: Price<Decimal>, share: Share): Step {
  const { tier, upTo, quantity, unitPrice, per, flat, amount } = share;
  const hasTiers = 'tiers' in price.model;
  const range = upTo === undefined ? 'the last' : `up to ${show(upTo)}`;
  const usage = times(quantity, unitPrice);
  const units = `${show(quantity)} × ${show(unitPrice)}${equals(per, ONE) ? '' : ` ÷ ${show(per)}`}`;
  const exact = toDecimal(fraction(plus(usage, times(flat, per)), per));
  const held = greaterThan(absolute(minus(exact, amount)), CUT) ? `, held to ${show(amount)}` : '';
  return {
    label: hasTiers ? `Tier ${tier + 1}, ${range}` : 'Price',
    expression: `${units}${isZero(flat) ? '' : ` + ${show(flat)}`}${held}`,
    value: amount,
  };
}

/** More than the shares of a quotient that does not end may differ from it, each being cut to 18 fraction digits. */
const CUT = decimal('1e-17');

function chargedSteps({ shares, charged }: Rated): readonly Step[] {
  if (shares.length === 1) return [];
  const expression =
    shares.length === 0 ? 'nothing to charge' : shares.map(({ amount }) => show(amount)).join(' + ');
  return [{ label: 'Charged', expression, value: charged }];
}

function roundingSteps({ roundRating }: Price<Decimal>, { charged, amount }: Rated): readonly Step[] {
  if (roundRating === undefined) return [];
  const expression = `${show(charged)} rounded ${words(roundRating.mode)} to a multiple of ${show(roundRating.to)}`;
  return [{ label: 'Rounded', expression, value: amount }];
}

function show(value: Decimal): string {
  return lessThan(value, ZERO) ? `(${formatDecimal(value)})` : formatDecimal(value);
}

function words(mode: string): string {
  return mode.replace('_', ' ');
}
