import { RatebookError } from '../errors/error.js';
import { formatDecimal, isDecimal } from '../money/decimal.js';
import { compareFactValues } from './fact-order.js';
import type { FactValue, Lookup, LookupBucket, LookupRows, LookupValue } from './strategy.js';

/** One row of a lookup: a value for each fact of `by`. With `up_to` the last one may be undefined: no upper bound. */
export type LookupRow = { readonly keys: readonly (FactValue | undefined)[]; readonly value: LookupValue };

export type BuiltRows = {
  readonly rows: LookupRows;
  /** Rows with the same keys, by position: `second` repeats `first` and is left out. */
  readonly doubles: readonly { readonly first: number; readonly second: number }[];
};

/** Arranges rows so that one is found without a look at the others. */
export function buildRows(rows: readonly LookupRow[], match: Lookup['match']): BuiltRows {
  const seen = new Map<string, number>();
  const doubles: { first: number; second: number }[] = [];
  const buckets = new Map<string, LookupRow[]>();
  rows.forEach((row, position) => {
    const key = joinKeys(row.keys, row.keys.length);
    const first = seen.get(key);
    if (first !== undefined) {
      doubles.push({ first, second: position });
      return;
    }
    seen.set(key, position);
    const bucketKey = bucketKeyOf(row.keys);
    const bucket = buckets.get(bucketKey);
    if (bucket === undefined) buckets.set(bucketKey, [row]);
    else bucket.push(row);
  });
  const build = match === 'up_to' ? byBound : byText;
  return { rows: new Map([...buckets].map(([key, bucket]) => [key, build(bucket)])), doubles };
}

function byText(rows: readonly LookupRow[]): LookupBucket {
  const values = new Map(rows.map((row) => [keyText(row.keys.at(-1)), row.value]));
  let longest = 0;
  for (const text of values.keys()) longest = Math.max(longest, text.length);
  return { kind: 'by_text', values, longest };
}

function byBound(rows: readonly LookupRow[]): LookupBucket {
  const bounds = rows.map((row) => ({ upTo: row.keys.at(-1), value: row.value }));
  bounds.sort((a, b) => {
    if (a.upTo === undefined) return b.upTo === undefined ? 0 : 1;
    return b.upTo === undefined ? -1 : compareFactValues(a.upTo, b.upTo);
  });
  return { kind: 'by_bound', bounds };
}

/** The value of the row for these values of the lookup's `by`, else its `otherwise`, else undefined. */
export function findRow(lookup: Lookup, keys: readonly FactValue[]): LookupValue | undefined {
  const bucket = lookup.rows.get(bucketKeyOf(keys));
  const last = keys.at(-1);
  const found = bucket === undefined || last === undefined ? undefined : findIn(bucket, last, lookup.match);
  return found ?? lookup.otherwise;
}

/** Which bucket of the rows is meant: the texts of all keys but the last. */
function bucketKeyOf(keys: readonly (FactValue | undefined)[]): string {
  return joinKeys(keys, keys.length - 1);
}

function findIn(bucket: LookupBucket, key: FactValue, match: Lookup['match']): LookupValue | undefined {
  if (bucket.kind === 'by_bound') return firstBoundAtOrAbove(bucket.bounds, key);
  const text = keyText(key);
  if (match !== 'longest_prefix') return bucket.values.get(text);
  for (let length = Math.min(text.length, bucket.longest); length >= 0; length--) {
    const value = bucket.values.get(text.slice(0, length));
    if (value !== undefined) return value;
  }
  return undefined;
}

type Bounds = Extract<LookupBucket, { kind: 'by_bound' }>['bounds'];

function firstBoundAtOrAbove(bounds: Bounds, key: FactValue): LookupValue | undefined {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const bound = bounds[middle]?.upTo;
    if (bound === undefined || compareFactValues(bound, key) >= 0) high = middle;
    else low = middle + 1;
  }
  return bounds[low]?.value;
}

/** The first so many; each text with its length before it, so that no two lists of keys ever join to the same text. */
function joinKeys(keys: readonly (FactValue | undefined)[], count: number): string {
  let joined = '';
  for (let i = 0; i < count; i++) {
    const text = keyText(keys[i]);
    joined += `${text.length}:${text}`;
  }
  return joined;
}

/** One text for each value of a type: 1.50 and 1.5 are one key, "007" and "7" are two. */
function keyText(value: FactValue | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (isDecimal(value)) return formatDecimal(value);
  throw new RatebookError('INTERNAL', `A lookup cannot go by the list ${value.join(', ')}.`);
}
