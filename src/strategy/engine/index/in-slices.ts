/**
 * Work that stops now and then, so that whoever has others to serve can do so: after each stop it is run on with `next`.
 * A stop comes at least about every millisecond.
 */
export type InSlices<T> = Generator<undefined, T, undefined>;

/** What was done since the last stop, in units that take about as long as to make a small object. */
export type Pace = { work: number };

/** So much takes a twentieth of a millisecond, and many times as long where the code has hardly run yet. */
const WORK_AT_ONCE = 500;

/** Counts what was done; true when it is time for a stop. */
export function isDue(pace: Pace, work = 1): boolean {
  pace.work += work;
  if (pace.work < WORK_AT_ONCE) return false;
  pace.work = 0;
  return true;
}

/** Runs to the end without a stop. */
export function atOnce<T>(work: InSlices<T>): T {
  let step = work.next();
  while (step.done !== true) step = work.next();
  return step.value;
}

/** Items that are sorted between two stops. */
const SORTED_AT_ONCE = 250;

/** The items in order. Those that compare as equal keep their order. */
export function* sortInSlices<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
): InSlices<readonly T[]> {
  let runs: T[][] = [];
  for (let start = 0; start < items.length; start += SORTED_AT_ONCE) {
    runs.push(items.slice(start, start + SORTED_AT_ONCE).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      merged.push(yield* merge(runs[i] ?? [], runs[i + 1] ?? [], compare));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

function* merge<T>(left: readonly T[], right: readonly T[], compare: (a: T, b: T) => number): InSlices<T[]> {
  const merged: T[] = [];
  const pace: Pace = { work: 0 };
  let [i, j] = [0, 0];
  for (;;) {
    const [a, b] = [left[i], right[j]];
    if (a === undefined || b === undefined) break;
    if (compare(a, b) <= 0) {
      merged.push(a);
      i++;
    } else {
      merged.push(b);
      j++;
    }
    if (isDue(pace)) yield;
  }
  return merged.concat(left.slice(i), right.slice(j));
}
