import { create } from '@bufbuild/protobuf';
import { type Timestamp, TimestampSchema } from '@bufbuild/protobuf/wkt';

const SECOND = 1_000_000_000n;

/** Nanoseconds since 1970 of a Timestamp. */
export function fromTimestamp({ seconds, nanos }: Timestamp): bigint {
  return seconds * SECOND + BigInt(nanos);
}

export function toTimestamp(nanoseconds: bigint): Timestamp {
  const nanos = ((nanoseconds % SECOND) + SECOND) % SECOND;
  return create(TimestampSchema, { seconds: (nanoseconds - nanos) / SECOND, nanos: Number(nanos) });
}
