import { times } from '../money/arithmetic.js';
import { type Decimal, ONE, ZERO } from '../money/decimal.js';
import { type Fraction, fraction, toDecimal } from '../money/fraction.js';
import type { Price } from '../pricing/price.js';
import type { Strategy } from '../strategy/strategy.js';
import { shareOf } from '../time/proration.js';
import { windowOf } from '../time/window.js';
import { servedOf } from './built-in.js';
import type { Facts } from './facts.js';
import type { QuoteInput } from './input.js';

export const WHOLE: Fraction = fraction(ONE);
const NONE: Fraction = fraction(ZERO);

/** The share of its period for which a price is due: that of the part served, unless the price is not prorated. */
export function periodShare(
  strategy: Strategy,
  input: QuoteInput,
  { price, facts }: { price: Price<Decimal>; facts: Facts },
): Fraction {
  const { prorate: by, period: own } = price.recurring;
  const at = facts.occurredAt ?? input.service.start;
  if (by === 'none' || at === undefined) return WHOLE;
  const period = windowOf(at, own ?? strategy.period, strategy.timeZone);
  const served = servedOf(period, input);
  return served.start === served.end ? NONE : shareOf(served, period, by, strategy.timeZone);
}

/** Amounts are prorated, not quantities; the product is one fraction, divided last. */
export function prorate(amount: Decimal, share: Fraction): Decimal {
  if (share === WHOLE) return amount;
  return toDecimal(fraction(times(amount, share.numerator), share.denominator));
}
