import { times } from '../money/arithmetic.js';
import { type Decimal, ONE, ZERO } from '../money/decimal.js';
import { type Fraction, fraction, toDecimal } from '../money/fraction.js';
import type { Price } from '../pricing/price.js';
import type { Strategy } from '../strategy/strategy.js';
import { shareOf } from '../time/proration.js';
import type { Instant, Span } from '../time/instant.js';
import { periodAround } from '../time/periods.js';
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
  const { prorate: by } = price.recurring;
  const at = facts.occurredAt ?? input.service.start;
  if (by === 'none' || at === undefined) return WHOLE;
  const period = input.due?.period ?? ownPeriod(strategy, input.service, { price, at });
  const served = servedOf(period, input);
  return served.start === served.end ? NONE : shareOf(served, period, by, strategy.timeZone);
}

/** A quote takes the start of the service for what the periods of a subscription begin with. */
function ownPeriod(
  { period, timeZone: zone }: Strategy,
  { start }: QuoteInput['service'],
  { price: { recurring }, at }: { readonly price: Price<Decimal>; readonly at: Instant },
): Span {
  const anchor = recurring.anchor === 'subscription' ? start : undefined;
  return periodAround(at, recurring.period ?? period, { zone, anchor });
}

/**
 * The share of what counts once for a period, such as a discount of a fixed amount, that is of this piece of it: all of
 * it unless a change has cut the period.
 */
export function shareOfFixed({ timeZone }: Strategy, { due, service }: QuoteInput): Fraction {
  if (due === undefined) return WHOLE;
  const { start, end } = due.served;
  const piece = { start: service.start ?? start, end: service.end ?? end };
  return piece.start === start && piece.end === end ? WHOLE : shareOf(piece, due.served, 'days', timeZone);
}

/** Amounts are prorated, not quantities; the product is one fraction, divided last. */
export function prorate(amount: Decimal, share: Fraction): Decimal {
  if (share === WHOLE) return amount;
  return toDecimal(fraction(times(amount, share.numerator), share.denominator));
}
