/** How often a second something can be done, measured for about `seconds`; what it comes to is kept alive. */
export async function rateOf<T>(
  sets: readonly T[],
  answer: (facts: T) => number | Promise<number>,
  seconds: number,
): Promise<number> {
  let done = 0;
  const start = performance.now();
  const until = start + 1000 * seconds;
  // The clock is read once for as many as take a millisecond or so.
  let batch = 1;
  for (let at = 0; ; ) {
    const before = performance.now();
    for (let i = 0; i < batch; i++) {
      const found = answer(sets[at]!);
      kept += typeof found === 'number' ? found : await found;
      at = at + 1 === sets.length ? 0 : at + 1;
    }
    done += batch;
    const now = performance.now();
    if (now >= until) return (1000 * done) / (now - start);
    if (now - before < 1) batch *= 2;
  }
}

/** What all answers come to, so that none can be left out. */
export let kept = 0;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** `12.3 M`, `4.5 k`, `12` */
export function shortly(number: number): string {
  if (number >= 1e6) return `${(number / 1e6).toFixed(1)} M`;
  if (number >= 1e3) return `${(number / 1e3).toFixed(number >= 1e5 ? 0 : 1)} k`;
  return number.toFixed(number >= 10 ? 0 : 1);
}
