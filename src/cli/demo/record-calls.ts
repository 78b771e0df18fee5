import type { MessageInitShape } from '@bufbuild/protobuf';
import { RatebookError } from '../../errors/error.js';
import type { RecordedUsageSchema, UsageOutcome } from '../../gen/ratebook/v1/rate_pb.js';
import type { TokenUsage } from '../../intake/token-usage.js';
import { type Decimal, ZERO, decimal, formatDecimal } from '../../money/decimal.js';
import { plus } from '../../money/arithmetic.js';
import { fromRpcStatus } from '../../platform/grpc/status.js';
import { toTimestamp } from '../../platform/grpc/timestamp.js';
import { accountName, subscriptionName, walletName } from '../../services/rating/client.js';
import { formatInstant } from '../../time/instant.js';
import type { Services } from '../server.js';

/** A customer of the demo: whose calls, and whether they are billed afterwards or paid from a wallet. */
export type Customer = { readonly account: string; readonly model: string; readonly prepaid: boolean };

/** What recording the calls of a customer came to. */
export type Recorded = {
  readonly customer: Customer;
  rated: number;
  duplicate: number;
  amount: Decimal;
  topUps: number;
  /** The wallet after some of the batches. */
  readonly burnDown: { readonly at: string; readonly balance: string }[];
};

/** Two customers, one for each model of the trace. */
export const CUSTOMERS: readonly Customer[] = [
  { account: 'demo-code', model: 'code', prepaid: false },
  { account: 'demo-chat', model: 'conv', prepaid: true },
];

const STRATEGY = 'llm-api';
const BATCH = 500;
/** Put into a wallet whenever it cannot pay for a call: a card on file would be charged. */
export const TOP_UP = '15';
/** A call that costs more than so many of them is none of the demo's. */
const MOST_TOP_UPS = 1_000;
/** Rows of the picture of a wallet. */
const SHOWN = 12;

/** Opens the account and its subscription, with a wallet where it is prepaid; what is there already stays. */
export async function openCustomer({ accounts }: Services, { account, prepaid }: Customer): Promise<void> {
  const name = accountName(account);
  const subscription = {
    name: subscriptionName({ account, id: 'main' }),
    strategy: `strategies/${STRATEGY}`,
    prepaid,
  };
  await unlessThere(() => accounts.createAccount({ account: { name, currency: 'USD' } }));
  await unlessThere(() => accounts.createSubscription({ subscription }));
  if (!prepaid) return;
  const wallet = { name: walletName({ account, wallet: 'main' }), unit: 'USD' };
  await unlessThere(() => accounts.createWallet({ wallet }));
}

const THERE: ReadonlySet<string> = new Set(['ACCOUNT_EXISTS', 'SUBSCRIPTION_EXISTS', 'WALLET_EXISTS']);

async function unlessThere(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!(error instanceof RatebookError && THERE.has(error.reason))) throw error;
  }
}

/** Records the calls of a customer in their order, each under an id of its own. Again, it changes nothing. */
export async function recordCalls(
  services: Services,
  customer: Customer,
  usages: readonly TokenUsage[],
): Promise<Recorded> {
  const own = usages.filter(({ model }) => model === customer.model);
  const recorded: Recorded = { customer, rated: 0, duplicate: 0, amount: ZERO, topUps: 0, burnDown: [] };
  const batches = Math.ceil(own.length / BATCH);
  for (let i = 0; i < batches; i++) {
    const batch = own.slice(i * BATCH, (i + 1) * BATCH);
    await recordBatch(services, recorded, { batch, first: i * BATCH });
    if (customer.prepaid && (i + 1) % Math.ceil(batches / SHOWN) === 0)
      recorded.burnDown.push({
        at: formatInstant(batch.at(-1)?.at ?? 0n),
        balance: await balanceOf(services, customer),
      });
  }
  return recorded;
}

type Batch = { readonly batch: readonly TokenUsage[]; readonly first: number };

/** What a wallet cannot pay is rejected and not stored: it is topped up, and those are sent again. */
async function recordBatch(services: Services, recorded: Recorded, { batch, first }: Batch): Promise<void> {
  let usages = batch.map((usage, i) => toRecordedUsage(recorded.customer, usage, first + i));
  for (;;) {
    const { outcomes } = await services.rating.batchRateUsage({ usages });
    usages = usages.filter((_, i) => isTooDear(recorded, outcomes[i]));
    if (usages.length === 0) return;
    await topUp(services, recorded);
  }
}

/** Notes what became of a call; true when there was not enough money for it. Throws for what a demo does not meet. */
function isTooDear(recorded: Recorded, told: UsageOutcome | undefined): boolean {
  switch (told?.outcome.case) {
    case 'rated':
      recorded.rated += 1;
      recorded.amount = plus(recorded.amount, decimal(told.outcome.value.amount));
      return false;
    case 'duplicate':
      recorded.duplicate += 1;
      return false;
    case 'rejected': {
      const error = fromRpcStatus(told.outcome.value);
      if (error.reason === 'BALANCE_TOO_LOW' && recorded.topUps < MOST_TOP_UPS) return true;
      throw error;
    }
    case 'unpriced':
    case undefined:
      throw new RatebookError('INTERNAL', `A call of the demo was ${told?.outcome.case ?? 'not answered'}.`);
  }
}

/** A reference counts the top-ups, so that one that was made is never made again. */
async function topUp({ accounts }: Services, recorded: Recorded): Promise<void> {
  const wallet = walletName({ account: recorded.customer.account, wallet: 'main' });
  const { grants } = await accounts.listGrants({ parent: wallet, usedUp: true });
  const reference = `demo-top-up-${grants.length + 1}`;
  await accounts.grantCredit({ grant: { reference, wallet, amount: TOP_UP }, paid: true });
  recorded.topUps += 1;
}

async function balanceOf({ accounts }: Services, { account }: Customer): Promise<string> {
  const { wallet } = await accounts.getWallet({ name: walletName({ account, wallet: 'main' }) });
  return wallet?.balance ?? '';
}

type ToRecord = MessageInitShape<typeof RecordedUsageSchema>;

function toRecordedUsage(
  { account }: Customer,
  { at, model, input, cached, output }: TokenUsage,
  place: number,
): ToRecord {
  const tokens = (count: Decimal) => ({
    kind: { case: 'decimalValue' as const, value: formatDecimal(count) },
  });
  return {
    account: accountName(account),
    usageId: `call-${place + 1}`,
    strategy: `strategies/${STRATEGY}`,
    occurredAt: toTimestamp(at),
    facts: {
      model: { kind: { case: 'stringValue', value: model } },
      input_tokens: tokens(input),
      cached_tokens: tokens(cached),
      output_tokens: tokens(output),
    },
  };
}
