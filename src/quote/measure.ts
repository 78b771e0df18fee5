import { plus, times } from '../money/arithmetic.js';
import { compareDecimals, greaterThan } from '../money/compare.js';
import { type Decimal, ZERO, decimal, isNegative, isZero } from '../money/decimal.js';
import { fraction, toDecimal } from '../money/fraction.js';
import type { Measured } from '../pricing/price.js';
import { daysOf } from '../time/proration.js';
import { type Instant, SECOND, type Span } from '../time/instant.js';
import { windowOf } from '../time/window.js';
import { floorDivide } from '../time/zone.js';

/** One recorded use of what is measured. */
export type Sample = {
  readonly at: Instant;
  readonly quantity: Decimal;
  /** Of the fact that is counted, as a text: what `unique` tells apart. */
  readonly value: string;
  readonly usageId: string;
};

/** A quantity to price, and the id of the use that decided it; undefined where more than one did. */
export type MeasuredQuantity = {
  readonly quantity: Decimal;
  readonly decidedBy: string | undefined;
  /** The bucket that is priced alone; the whole period unless there is one. */
  readonly span: Span;
};

export type ToMeasure = {
  readonly measured: Measured;
  /** The whole period, of which a part may have been served. */
  readonly period: Span;
  readonly zone: string;
};

/**
 * What the samples of one period and group come to, given in the order in which they happened: one quantity, or without
 * `over` one for each bucket in which there was any. Nothing without samples.
 */
export function measure(samples: readonly Sample[], to: ToMeasure): readonly MeasuredQuantity[] {
  const { measured, period } = to;
  if (samples.length === 0) return [];
  if (measured.bucket === undefined) return [aggregated(samples, measured.aggregate, period)];
  const buckets = inBuckets(samples, to).map(({ span, own }) => aggregated(own, measured.aggregate, span));
  return measured.over === undefined ? buckets : [joined(buckets, measured.over, to)];
}

function aggregated(
  samples: readonly Sample[],
  aggregate: Measured['aggregate'],
  span: Span,
): MeasuredQuantity {
  const of = (quantity: Decimal, decidedBy?: string) => ({ quantity, decidedBy, span });
  switch (aggregate) {
    case 'sum':
      return of(sumOf(samples));
    case 'count':
      return of(decimal(samples.length));
    case 'unique':
      return of(decimal(new Set(samples.map(({ value }) => value)).size));
    case 'average':
      return of(averageOf(samples, span));
    case 'last': {
      const last = samples.at(-1);
      return of(last?.quantity ?? ZERO, last?.usageId);
    }
    case 'max': {
      // Of equal ones the first has decided it.
      const highest = samples.reduce((a, b) => (greaterThan(b.quantity, a.quantity) ? b : a));
      return of(highest.quantity, highest.usageId);
    }
  }
}

function sumOf(items: readonly { readonly quantity: Decimal }[]): Decimal {
  return items.reduce((total, { quantity }) => plus(total, quantity), ZERO);
}

/** Each value holds until the next one, the last to the end; before the first one there was nothing. */
function averageOf(samples: readonly Sample[], { start, end }: Span): Decimal {
  const weighted = samples.reduce((total, { at, quantity }, i) => {
    const until = samples[i + 1]?.at ?? end;
    return plus(total, times(quantity, decimal(until - at)));
  }, ZERO);
  return toDecimal(fraction(weighted, decimal(end - start)));
}

type Bucket = { readonly span: Span; readonly own: Sample[] };

const LENGTHS = {
  '5m': 300n * SECOND,
  '15m': 900n * SECOND,
  '30m': 1800n * SECOND,
  hour: 3600n * SECOND,
} as const;

/** Those buckets in which there is anything. */
function inBuckets(samples: readonly Sample[], to: ToMeasure): readonly Bucket[] {
  const buckets: Bucket[] = [];
  for (const sample of samples) {
    const last = buckets.at(-1);
    if (last !== undefined && sample.at < last.span.end) last.own.push(sample);
    else buckets.push({ span: bucketAt(sample.at, to), own: [sample] });
  }
  return buckets;
}

/** Days are those of the zone's calendar; shorter buckets are counted from the start of the period, whatever clocks do. */
function bucketAt(at: Instant, { measured: { bucket = 'day' }, period, zone }: ToMeasure): Span {
  if (bucket === 'day') return windowOf(at, 'day', zone);
  const length = LENGTHS[bucket];
  const start = period.start + floorDivide(at - period.start, length) * length;
  return { start, end: start + length };
}

/** Buckets in which there was nothing count as 0. */
function joined(
  buckets: readonly MeasuredQuantity[],
  over: NonNullable<Measured['over']>,
  to: ToMeasure,
): MeasuredQuantity {
  const span = to.period;
  const all = bucketsOf(to);
  switch (over) {
    case 'sum':
      return { quantity: sumOf(buckets), decidedBy: undefined, span };
    case 'average':
      return { quantity: toDecimal(fraction(sumOf(buckets), decimal(all))), decidedBy: undefined, span };
    case 'max':
      return { ...ranked(buckets, all, all), span };
    default: {
      const percent = BigInt(over.slice(1));
      return { ...ranked(buckets, all, (percent * all + 99n) / 100n), span };
    }
  }
}

/** How many buckets the period has, those included in which there was nothing. */
function bucketsOf({ measured: { bucket = 'day' }, period, zone }: ToMeasure): bigint {
  if (bucket === 'day') return BigInt(daysOf(period, zone));
  const length = LENGTHS[bucket];
  return (period.end - period.start + length - 1n) / length;
}

/** What stands at a rank, from 1, when the quantities of all buckets are put in ascending order. */
function ranked(
  buckets: readonly MeasuredQuantity[],
  all: bigint,
  rank: bigint,
): Pick<MeasuredQuantity, 'quantity' | 'decidedBy'> {
  const ordered = buckets.toSorted((a, b) => compareDecimals(a.quantity, b.quantity));
  const below = BigInt(ordered.filter(({ quantity }) => isNegative(quantity) && !isZero(quantity)).length);
  const empty = all - BigInt(ordered.length);
  if (rank > below && rank <= below + empty) return { quantity: ZERO, decidedBy: undefined };
  const { quantity, decidedBy } = ordered[Number(rank > below ? rank - empty : rank) - 1] ?? {
    quantity: ZERO,
  };
  return { quantity, decidedBy };
}
