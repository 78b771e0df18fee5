import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Status } from '../../../../src/gen/google/rpc/status_pb.js';
import { type RecordedUsageSchema, type UsageOutcome } from '../../../../src/gen/ratebook/v1/rate_pb.js';
import { fromRpcStatus } from '../../../../src/platform/grpc/status.js';
import type { Rating } from '../rating.js';
import { openRating } from '../rating.js';

/** Rating with the strategy `tokens` and the account `acme`, which is on it as `main`. */
export async function openRecording(): Promise<Rating> {
  const rating = await openRating();
  await rating.catalog.client.publishRevision({
    source: { fileName: 'tokens.yaml', text: TOKENS },
    effectiveFrom: stamp('2026-01-01T00:00:00Z'),
  });
  await openAccount(rating, 'acme');
  return rating;
}

export async function openAccount({ accounts }: Rating, id: string, currency = 'USD'): Promise<void> {
  await accounts.createAccount({ account: { name: `accounts/${id}`, currency } });
  await accounts.createSubscription({
    subscription: { name: `accounts/${id}/subscriptions/main`, strategy: 'strategies/tokens' },
  });
}

let opened = 0;

/** A fresh account on `tokens`, as the fields of a use name it. */
export async function freshAccount(rating: Rating) {
  const id = `fresh-${++opened}`;
  await openAccount(rating, id);
  return { account: `accounts/${id}`, subscription: `accounts/${id}/subscriptions/main` };
}

/** The first ten units of a month at 1.00 each, the next at 0.50; nothing has a price that is of kind `odd`. */
export const TOKENS = `
strategy: tokens
currency: USD
time_zone: UTC
period: month
facts:
  units: { type: decimal, billable: true }
  kind: { type: string, one_of: [ plain, odd, banned ], default: plain }
prices:
  units: { model: graduated, quantity: units, tiers: [ { up_to: 10, unit_price: 1 }, { unit_price: 0.5 } ] }
rules:
  - name: units
    conditions: { all: [ { fact: kind, operator: equal, value: plain } ] }
    event: { type: charge, params: { price: units } }
  - name: not sold
    conditions: { all: [ { fact: kind, operator: equal, value: banned } ] }
    event: { type: reject, params: { code: BANNED, message: This is not for sale. } }
`;

type Use = MessageInitShape<typeof RecordedUsageSchema>;

export function use(
  usageId: string,
  units: string,
  more: Partial<Use> = {},
  facts: Record<string, string> = {},
): Use {
  return {
    account: 'accounts/acme',
    usageId,
    subscription: 'accounts/acme/subscriptions/main',
    occurredAt: stamp('2026-02-10T12:00:00Z'),
    facts: {
      units: { kind: { case: 'decimalValue', value: units } },
      ...Object.fromEntries(
        Object.entries(facts).map(([name, value]) => [name, { kind: { case: 'textValue' as const, value } }]),
      ),
    },
    ...more,
  } as Use;
}

export const stamp = (text: string) => timestampFromDate(new Date(text));

/** `rated 10`, `duplicate 10`, `unpriced NO_PRICE`, `rejected NOT_LIVE`: what became of a use in a few words. */
export function told(answer: UsageOutcome | undefined): string {
  const outcome = answer?.outcome;
  switch (outcome?.case) {
    case 'rated':
    case 'duplicate':
      return `${outcome.case} ${outcome.value.amount}`;
    case 'unpriced':
      return `unpriced ${reasonIn(outcome.value.reason)}`;
    case 'rejected':
      return `rejected ${reasonIn(outcome.value)}`;
    case undefined:
      return 'nothing';
  }
}

function reasonIn(status: Status | undefined): string {
  return status === undefined ? '' : fromRpcStatus(status).reason;
}
