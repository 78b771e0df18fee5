import { ONE, ZERO } from '../../money/decimal.js';
import type { Bound, Measured, Model, Operand, PercentTier, Price, Tier } from '../../pricing/price.js';
import type { Window } from '../../time/window.js';
import type { PriceSource } from './price-schema.js';

const nothing: Operand = { kind: 'number', value: ZERO };
const one: Operand = { kind: 'number', value: ONE };

/** A price as the engine takes it, with everything that the document left out; what it means is checked apart. */
export function buildPrice(id: string, source: PriceSource, period: Window): Price<Operand> {
  const { free, maximum } = bounds(id, source, period);
  const measured = measuredOf(source);
  return {
    id,
    model: modelOf(source),
    quantity: quantityOf(source),
    ...(free && { free }),
    ...(maximum && { maximum }),
    ...(source.model !== 'percentage' && source.minimum && { minimum: source.minimum }),
    ...(source.round_quantity && { roundQuantity: source.round_quantity }),
    ...(source.round_rating && { roundRating: source.round_rating }),
    groupBy: (source.group_by ?? []).toSorted(),
    resets: source.resets === 'period' ? period : source.resets,
    counter: source.counter ?? id,
    negative: source.negative,
    ...(measured && { measured }),
    recurring: {
      bill: source.bill,
      prorate: source.prorate,
      ...(source.period && { period: source.period }),
      anchor: source.anchor,
    },
  };
}

function modelOf(source: PriceSource): Model<Operand> {
  switch (source.model) {
    case 'flat':
      return { kind: 'flat', amount: source.amount };
    case 'per_unit':
      return { kind: 'per_unit', unitPrice: source.unit_price, per: source.per ?? one };
    case 'graduated':
    case 'volume':
      return { kind: source.model, tiers: source.tiers.map(tierOf) };
    case 'package':
      return { kind: 'package', size: source.size, price: source.price, partial: source.partial };
    case 'percentage':
      return {
        kind: 'percentage',
        percent: source.percent,
        fixed: source.fixed ?? nothing,
        ...(source.free_events && { freeEvents: source.free_events }),
        ...(source.free_amount && { freeAmount: source.free_amount }),
        ...(source.minimum && { minimum: source.minimum }),
        ...(source.maximum && { maximum: source.maximum }),
      };
    case 'graduated_percentage':
    case 'volume_percentage':
      return { kind: source.model, tiers: source.tiers.map(percentTierOf) };
    case 'dynamic':
      return { kind: 'dynamic', multiplier: source.multiplier ?? one };
  }
}

type TierSource = Extract<PriceSource, { model: 'graduated' }>['tiers'][number];
type PercentTierSource = Extract<PriceSource, { model: 'graduated_percentage' }>['tiers'][number];

function tierOf(source: TierSource): Tier<Operand> {
  return {
    ...(source.up_to && { upTo: source.up_to }),
    unitPrice: source.unit_price ?? nothing,
    per: source.per ?? one,
    flat: source.flat ?? nothing,
    ...(source.block && { block: source.block }),
    ...(source.maximum && { maximum: source.maximum }),
  };
}

function percentTierOf(source: PercentTierSource): PercentTier<Operand> {
  return {
    ...(source.up_to && { upTo: source.up_to }),
    percent: source.percent,
    flat: source.flat ?? nothing,
  };
}

function quantityOf(source: PriceSource): Operand {
  switch (source.model) {
    case 'flat':
      return one;
    case 'percentage':
    case 'graduated_percentage':
    case 'volume_percentage':
    case 'dynamic':
      return { kind: 'fact', fact: source.of };
    case 'per_unit':
    case 'graduated':
    case 'volume':
    case 'package':
      return source.quantity;
  }
}

/** The short form is a bound of the price's own window; the long form has its own, and a counter that others may name. */
function bounds(id: string, source: PriceSource, period: Window): Pick<Price<Operand>, 'free' | 'maximum'> {
  const own = (
    form: { per?: Bound['per'] | undefined; counter?: string | undefined },
    key: string,
  ): Bound => ({
    per: form.per ?? period,
    counter: form.counter ?? `${id}.${key}`,
  });
  const { free } = source;
  const maximum = source.model === 'percentage' ? undefined : source.maximum;
  return {
    ...(free && {
      free: 'kind' in free ? { quantity: free } : { quantity: free.quantity, own: own(free, 'free') },
    }),
    ...(maximum && {
      maximum:
        'kind' in maximum ? { amount: maximum } : { amount: maximum.amount, own: own(maximum, 'maximum') },
    }),
  };
}

/** A plain sum needs no measuring: each usage is charged as it comes. */
function measuredOf({ aggregate = 'sum', bucket, over }: PriceSource): Measured | undefined {
  if (aggregate === 'sum' && bucket === undefined) return undefined;
  return { aggregate, ...(bucket && { bucket }), ...(over && { over }) };
}
