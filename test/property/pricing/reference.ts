import type { Model, Price } from '../../../src/pricing/price.js';
import { type Decimal, HUNDRED, ZERO, decimal, formatDecimal } from '../../../src/money/decimal.js';
import { atLeast } from '../../../src/money/compare.js';

/**
 * The price models once more, as slowly and plainly as they can be said: whole units counted one by one, every amount a
 * fraction of two integers. It shares no arithmetic with the code under test.
 */
export type Ratio = { readonly n: bigint; readonly d: bigint };

export function ratio(n: bigint, d = 1n): Ratio {
  const divisor = gcd(n < 0n ? -n : n, d);
  return { n: n / divisor, d: d / divisor };
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}

export const plus = (a: Ratio, b: Ratio) => ratio(a.n * b.d + b.n * a.d, a.d * b.d);
export const minus = (a: Ratio, b: Ratio) => plus(a, { n: -b.n, d: b.d });
export const times = (a: Ratio, b: Ratio) => ratio(a.n * b.n, a.d * b.d);
export const over = (a: Ratio, b: Ratio) => ratio(a.n * b.d, a.d * b.n);
export const isMore = (a: Ratio, b: Ratio) => a.n * b.d > b.n * a.d;
export const lesser = (a: Ratio, b: Ratio) => (isMore(a, b) ? b : a);

export function ratioOf(value: Decimal): Ratio {
  const [whole = '0', places = ''] = formatDecimal(value).split('.');
  return ratio(BigInt(whole + places), 10n ** BigInt(places.length));
}

/** Plain digits: all of them where they end, otherwise 18 places, half even. */
export function textOf({ n, d }: Ratio): string {
  if (n < 0n) return `-${textOf({ n: -n, d })}`;
  let rest = d;
  while (rest % 2n === 0n) rest /= 2n;
  while (rest % 5n === 0n) rest /= 5n;
  const places = rest === 1n ? 200n : 18n;
  const scaled = n * 10n ** places;
  const [cut, left] = [scaled / d, (scaled % d) * 2n];
  const rounded = left > d || (left === d && cut % 2n === 1n) ? cut + 1n : cut;
  const digits = rounded.toString().padStart(Number(places) + 1, '0');
  const point = digits.length - Number(places);
  return `${digits.slice(0, point)}.${digits.slice(point)}`.replace(/\.?0+$/, '');
}

/** P(q) of whole units, for a price without bounds of its own. */
export function slowTotal(price: Price<Decimal>, quantity: bigint): Ratio {
  let units = quantity;
  if (price.roundQuantity !== undefined && !price.roundQuantity.each) {
    const step = BigInt(formatDecimal(price.roundQuantity.to));
    while (units % step !== 0n) units++;
  }
  for (let free = BigInt(formatDecimal(price.free?.quantity ?? ZERO)); free > 0n && units > 0n; free--)
    units--;
  const cost = slowModel(price.model, units);
  return price.maximum === undefined ? cost : lesser(cost, ratioOf(price.maximum.amount));
}

function slowModel(model: Model<Decimal>, units: bigint): Ratio {
  switch (model.kind) {
    case 'flat':
      return times(ratioOf(model.amount), ratio(units));
    case 'dynamic':
      return times(ratioOf(model.multiplier), ratio(units));
    case 'per_unit':
      return over(times(ratioOf(model.unitPrice), ratio(units)), ratioOf(model.per));
    case 'package': {
      const size = BigInt(formatDecimal(model.size));
      let [count, held] = [0n, 0n];
      while (model.partial === 'up' ? held < units : held + size <= units)
        [count, held] = [count + 1n, held + size];
      return times(ratioOf(model.price), ratio(count));
    }
    case 'graduated':
    case 'volume':
    case 'graduated_percentage':
    case 'volume_percentage':
      return slowTiers(model, units);
    case 'percentage':
      throw new Error('a percentage prices events');
  }
}

type Tiered = Extract<Model<Decimal>, { readonly tiers: unknown }>;

function slowTiers(model: Tiered, units: bigint): Ratio {
  const counts = model.tiers.map(() => 0n);
  const tierOf = (unit: bigint) =>
    model.tiers.findIndex((tier) => tier.upTo === undefined || atLeast(tier.upTo, decimal(unit)));
  const isVolume = model.kind === 'volume' || model.kind === 'volume_percentage';
  for (let unit = 1n; unit <= units; unit++) counts[isVolume ? tierOf(units) : tierOf(unit)]! += 1n;

  let sum = ratio(0n);
  for (const [i, tier] of model.tiers.entries()) {
    const isEntered = counts[i]! > 0n || (units === 0n && i === 0);
    if (!isEntered) continue;
    const asTier =
      'percent' in tier
        ? { ...tier, unitPrice: tier.percent, per: HUNDRED, block: undefined, maximum: undefined }
        : tier;
    let charged = counts[i]!;
    while (asTier.block !== undefined && charged % BigInt(formatDecimal(asTier.block)) !== 0n) charged++;
    const unitPrice = over(ratioOf(asTier.unitPrice), ratio(BigInt(formatDecimal(asTier.per))));
    const cost = plus(times(ratio(charged), unitPrice), ratioOf(tier.flat));
    sum = plus(sum, asTier.maximum === undefined ? cost : lesser(cost, ratioOf(asTier.maximum)));
  }
  return sum;
}
