/** The least and the greatest value of one coordinate; undefined: any value. */
export type Hull = { readonly low: bigint | string; readonly high: bigint | string } | undefined;
export type Pair = readonly [first: number, second: number];

/**
 * The pairs of `count` boxes that no coordinate tells apart, by position, first below second. `coordinates` has for
 * each coordinate a hull for each box. For each coordinate one sweep strikes out of a bit matrix what ends before a box
 * starts: 10,000 disjoint boxes take milliseconds, where a look at each pair would take minutes.
 */
export function* overlaps(count: number, coordinates: Iterable<readonly Hull[]>): Generator<Pair> {
  const words = (count + 31) >>> 5;
  const candidates = new Uint32Array(count * words).fill(0xffff_ffff);
  for (const hulls of coordinates) strikeOut(candidates, words, hulls);
  for (let first = 0; first < count; first++) {
    for (let word = (first + 1) >>> 5; word < words; word++) {
      // A pair is struck out in the row of the one that starts later, so both rows are asked.
      for (let bits = candidates[first * words + word] ?? 0; bits !== 0; bits &= bits - 1) {
        const second = word * 32 + 31 - Math.clz32(bits & -bits);
        if (second > first && second < count && has(candidates, second * words, first)) yield [first, second];
      }
    }
  }
}

/** Clears in the row of each box the boxes that end before it starts. */
function strikeOut(candidates: Uint32Array, words: number, hulls: readonly Hull[]): void {
  const bounded = hulls.flatMap((hull, box) => (hull === undefined ? [] : [{ ...hull, box }]));
  const byLow = bounded.toSorted((a, b) => order(a.low, b.low));
  const byHigh = bounded.toSorted((a, b) => order(a.high, b.high));
  const ended = new Uint32Array(words);
  let next = 0;
  for (const { low, box } of byLow) {
    for (let other = byHigh[next]; other !== undefined && other.high < low; other = byHigh[++next]) {
      const word = other.box >>> 5;
      ended[word] = (ended[word] ?? 0) | (1 << (other.box & 31));
    }
    const row = box * words;
    for (let word = 0; word < words; word++) {
      candidates[row + word] = (candidates[row + word] ?? 0) & ~(ended[word] ?? 0);
    }
  }
}

function has(candidates: Uint32Array, row: number, box: number): boolean {
  return ((candidates[row + (box >>> 5)] ?? 0) & (1 << (box & 31))) !== 0;
}

function order(a: bigint | string, b: bigint | string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
