/** What lies at some shares of a distribution: `values[i]` is more than or equal to `shares[i]` of all. */
export type Quantiles = { readonly shares: readonly number[]; readonly values: readonly number[] };

/** The whole number at a share of a distribution, straight lines between its quantiles. */
export function draw({ shares, values }: Quantiles, share: number): number {
  const above = shares.findIndex((known) => known > share);
  const [from = 0, to = 1] = [shares[above - 1], shares[above]];
  const [low = 0, high = 0] = [values[above - 1], values[above]];
  return Math.round(low + (high - low) * ((share - from) / (to - from)));
}

/** Numbers from 0 to 1 by a linear congruential generator: plain, seeded, the same on every machine. */
export function random(seed: number): () => number {
  let state = BigInt(seed);
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number(state >> 33n) / 2 ** 31;
  };
}
