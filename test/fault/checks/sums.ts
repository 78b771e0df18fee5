/** Numbers under texts. */
export type Sums = Map<string, number>;

export function noSums(): Sums {
  return new Map();
}

export function add(sums: Sums, what: string, amount: number): void {
  sums.set(what, (sums.get(what) ?? 0) + amount);
}

/** The first text under which two differ; what is not there is zero. */
export function otherSum(
  of: string,
  found: ReadonlyMap<string, number>,
  wanted: ReadonlyMap<string, number>,
) {
  for (const what of new Set([...found.keys(), ...wanted.keys()])) {
    const [a, b] = [found.get(what) ?? 0, wanted.get(what) ?? 0];
    if (a !== b) return `${of}: ${what} comes to ${a}, expected ${b}.`;
  }
  return undefined;
}
