import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { RecordedUsage, RecordedUsageSchema } from '../../src/gen/ratebook/v1/rate_pb.js';
import type { Service } from './replica.js';

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

/** Units are counted for a month, calls for a day and region. Every amount is a whole number. */
const STRATEGY = `
strategy: faults
currency: USD
time_zone: UTC
period: month
facts:
  units: { type: integer, billable: true }
  region: { type: string, one_of: [ east, west ] }
  kind: { type: string, one_of: [ plain, odd, banned ] }
prices:
  units: { model: graduated, quantity: units, tiers: [ { up_to: 50, unit_price: 2 }, { unit_price: 1 } ] }
  calls:
    model: graduated
    quantity: 1
    tiers: [ { up_to: 3, unit_price: 7 }, { unit_price: 5 } ]
    group_by: [ region ]
    resets: day
rules:
  - name: units
    conditions: { all: [ { fact: kind, operator: equal, value: plain } ] }
    event: { type: charge, params: { price: units } }
  - name: calls
    conditions: { all: [ { fact: kind, operator: equal, value: plain } ] }
    event: { type: charge, params: { price: calls } }
  - name: not sold
    conditions: { all: [ { fact: kind, operator: equal, value: banned } ] }
    event: { type: reject, params: { code: BANNED, message: This is not for sale. } }
`;

/** The graduated totals of the strategy above, once more and on their own. */
export const TOTAL: Readonly<Record<string, (quantity: number) => number>> = {
  units: (quantity) => 2 * Math.min(quantity, 50) + Math.max(quantity - 50, 0),
  calls: (quantity) => 7 * Math.min(quantity, 3) + 5 * Math.max(quantity - 3, 0),
};

/** What a use adds to which counter; a window's id and a counter's name as they are stored. */
export type Move = { readonly window: string; readonly counter: string; readonly by: number };

export function movesOf({ account, day, units, region }: Use): Readonly<Record<string, Move>> {
  const month = `${account}/main month ${nanoseconds(1)}`;
  return {
    units: { window: month, counter: 'units', by: units },
    calls: {
      window: `${account}/main day ${nanoseconds(day)}`,
      counter: `calls/${region.length}:${region}`,
      by: 1,
    },
  };
}

function milliseconds(day: number): number {
  return Date.UTC(2026, 1, day);
}

function nanoseconds(day: number): bigint {
  return BigInt(milliseconds(day)) * 1_000_000n;
}

export function toMessage(use: Use): Exclude<MessageInitShape<typeof RecordedUsageSchema>, RecordedUsage> {
  return {
    account: `accounts/${use.account}`,
    usageId: use.id,
    subscription: `accounts/${use.account}/subscriptions/main`,
    occurredAt: timestampFromMs(milliseconds(use.day) + use.units),
    facts: {
      units: { kind: { case: 'decimalValue', value: String(use.units) } },
      region: { kind: { case: 'textValue', value: use.region } },
      kind: { kind: { case: 'textValue', value: use.kind } },
    },
  };
}

export async function publish({ strategies }: Service): Promise<void> {
  await strategies.publishRevision({
    source: { fileName: 'faults.yaml', text: STRATEGY },
    effectiveFrom: timestampFromMs(Date.UTC(2026, 0, 1)),
  });
}

export async function openAccounts({ accounts }: Service, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await accounts.createAccount({ account: { name: `accounts/${id}`, currency: 'USD' } });
    await accounts.createSubscription({
      subscription: { name: `accounts/${id}/subscriptions/main`, strategy: 'strategies/faults' },
    });
  }
}
