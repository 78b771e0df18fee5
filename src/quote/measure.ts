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

/** What has been measured of one period and group so far: however many uses it has, no more is kept than is needed. */
export type Meter = {
  readonly to: ToMeasure;
  /** Buckets that are over in which there was anything. */
  readonly closed: MeasuredQuantity[];
  /** The bucket of the last sample. */
  open: Tally | undefined;
};

/** One bucket so far; each aggregate keeps its own part. */
type Tally = {
  readonly span: Span;
  sum: Decimal;
  count: number;
  readonly values: Set<string>;
  last: Sample;
  highest: Sample;
  /** What values before the last one came to, times the nanoseconds that they held. */
  weighted: Decimal;
};

export function startMeter(to: ToMeasure): Meter {
  return { to, closed: [], open: undefined };
}

/** Measures one more use; they come in the order in which they happened. */
export function addSample(meter: Meter, sample: Sample): void {
  const { to, open } = meter;
  if (open !== undefined && sample.at < open.span.end) {
    addTo(open, sample, to.measured.aggregate);
    return;
  }
  if (open !== undefined) meter.closed.push(aggregated(open, to.measured.aggregate));
  meter.open = startTally(sample, to);
}

function startTally(sample: Sample, to: ToMeasure): Tally {
  const span = to.measured.bucket === undefined ? to.period : bucketAt(sample.at, to);
  const values = new Set([sample.value]);
  const one = { last: sample, highest: sample };
  return { span, sum: sample.quantity, count: 1, values, ...one, weighted: ZERO };
}

function addTo(tally: Tally, sample: Sample, aggregate: Measured['aggregate']): void {
  switch (aggregate) {
    case 'sum':
      tally.sum = plus(tally.sum, sample.quantity);
      return;
    case 'count':
      tally.count += 1;
      return;
    case 'unique':
      tally.values.add(sample.value);
      return;
    case 'average':
      tally.weighted = weightedUntil(tally, sample.at);
      tally.last = sample;
      return;
    case 'last':
      tally.last = sample;
      return;
    case 'max':
      // Of equal ones the first has decided it.
      if (greaterThan(sample.quantity, tally.highest.quantity)) tally.highest = sample;
  }
}

/** Each value holds until the next one, the last to the end; before the first one there was nothing. */
function weightedUntil({ weighted, last }: Tally, at: Instant): Decimal {
  return plus(weighted, times(last.quantity, decimal(at - last.at)));
}

/**
 * What all samples come to: one quantity, or without `over` one for each bucket in which there was any. Nothing without
 * samples.
 */
export function readMeter({ to, closed, open }: Meter): readonly MeasuredQuantity[] {
  const { bucket, over, aggregate } = to.measured;
  if (open === undefined) return [];
  const all = [...closed, aggregated(open, aggregate)];
  return bucket === undefined || over === undefined ? all : [joined(all, over, to)];
}

function aggregated(tally: Tally, aggregate: Measured['aggregate']): MeasuredQuantity {
  const { span } = tally;
  const of = (quantity: Decimal, decidedBy?: string) => ({ quantity, decidedBy, span });
  switch (aggregate) {
    case 'sum':
      return of(tally.sum);
    case 'count':
      return of(decimal(tally.count));
    case 'unique':
      return of(decimal(tally.values.size));
    case 'average': {
      const length = decimal(span.end - span.start);
      return of(toDecimal(fraction(weightedUntil(tally, span.end), length)));
    }
    case 'last':
      return of(tally.last.quantity, tally.last.usageId);
    case 'max':
      return of(tally.highest.quantity, tally.highest.usageId);
  }
}

function sumOf(items: readonly { readonly quantity: Decimal }[]): Decimal {
  return items.reduce((total, { quantity }) => plus(total, quantity), ZERO);
}

const LENGTHS = {
  '5m': 300n * SECOND,
  '15m': 900n * SECOND,
  '30m': 1800n * SECOND,
  hour: 3600n * SECOND,
} as const;

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
