/** A point in time: nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted. */
export type Instant = bigint;
