import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { RecordedUsage, RecordedUsageSchema } from '../../src/gen/ratebook/v1/rate_pb.js';

/** One use as the test means it. */
export type Use = {
  readonly account: string;
  readonly id: string;
  /** Who sends it, and as its how manieth: what one client sends to an account is recorded in that order. */
  readonly client: string;
  readonly place: number;
  /** Of February 2026. */
  readonly day: number;
  readonly units: number;
  readonly region: 'east' | 'west';
  /** What becomes of it: `odd` has no price, `banned` is refused. */
  readonly kind: 'plain' | 'odd' | 'banned';
};

/** The next use of a client. */
export function useOf(
  { client, random }: { readonly client: string; readonly random: (below: number) => number },
  account: string,
  place: number,
): Use {
  return {
    account,
    id: `${client}-${place}`,
    client,
    place,
    day: 1 + random(28),
    units: 1 + random(40),
    region: random(2) === 0 ? 'east' : 'west',
    kind: 'plain',
  };
}

export function toMessage(use: Use): Exclude<MessageInitShape<typeof RecordedUsageSchema>, RecordedUsage> {
  return {
    account: `accounts/${use.account}`,
    usageId: use.id,
    subscription: `accounts/${use.account}/subscriptions/main`,
    occurredAt: timestampFromMs(Date.UTC(2026, 1, use.day) + use.units),
    facts: {
      units: { kind: { case: 'decimalValue', value: String(use.units) } },
      region: { kind: { case: 'textValue', value: use.region } },
      kind: { kind: { case: 'textValue', value: use.kind } },
    },
  };
}
