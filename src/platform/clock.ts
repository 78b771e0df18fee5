/** Where the present comes from. Passed in, so that a test or a back-test can set it. */
export type Clock = {
  /** Nanoseconds since 1970-01-01T00:00:00Z. */
  now(): bigint;
};

/** The computer's clock, exact to the millisecond: the finest that replicas and MongoDB agree on. */
export const systemClock: Clock = {
  now: () => BigInt(Date.now()) * 1_000_000n,
};
