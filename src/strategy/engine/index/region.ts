/**
 * Some of the segments 0, 1, … of one fact as a flat list of half-open intervals: [2, 5, 7, 8] is 2, 3, 4 and 7. The
 * intervals stand in order and never touch.
 */
export type Region = readonly number[];

export function union(regions: readonly Region[]): Region {
  const [only, second] = regions;
  if (only === undefined) return [];
  if (second === undefined) return only;
  const intervals: (readonly [from: number, to: number])[] = [];
  for (const region of regions) eachInterval(region, (from, to) => intervals.push([from, to]));
  intervals.sort(([a], [b]) => a - b);
  const united: number[] = [];
  for (const [from, to] of intervals) extend(united, from, to);
  return united;
}

/** Adds an interval that starts no earlier than the last one did. */
export function extend(region: number[], from: number, to: number): void {
  const end = region.at(-1);
  if (end === undefined || end < from) region.push(from, to);
  else region[region.length - 1] = Math.max(end, to);
}

export function intersection(a: Region, b: Region): Region {
  const common: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [endA, endB] = [a[i + 1] ?? 0, b[j + 1] ?? 0];
    const from = Math.max(a[i] ?? 0, b[j] ?? 0);
    const to = Math.min(endA, endB);
    if (from < to) common.push(from, to);
    if (endA <= endB) i += 2;
    else j += 2;
  }
  return common;
}

/** What of the segments `from` to `to` is not in the region, which lies inside them. */
export function complement(region: Region, from: number, to: number): Region {
  const rest: number[] = [];
  let open = from;
  eachInterval(region, (start, end) => {
    if (open < start) rest.push(open, start);
    open = end;
  });
  if (open < to) rest.push(open, to);
  return rest;
}

export function isIn(region: Region, segment: number): boolean {
  let low = 0;
  let high = region.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((region[middle] ?? 0) <= segment) low = middle + 1;
    else high = middle;
  }
  // An odd number of ends at or below it: the last one opened an interval.
  return (low & 1) === 1;
}

export function eachInterval(region: Region, visit: (from: number, to: number) => void): void {
  for (let i = 0; i < region.length; i += 2) visit(region[i] ?? 0, region[i + 1] ?? 0);
}
