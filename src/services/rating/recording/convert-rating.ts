import type {
  Rating as ProtoRating,
  Settlement as ProtoSettlement,
  UnpricedUsage as ProtoUnpriced,
  UsageOutcome as ProtoOutcome,
} from '../../../gen/ratebook/v1/rate_pb.js';
import { RatebookError } from '../../../errors/error.js';
import { formatDecimal } from '../../../money/decimal.js';
import { toRpcStatus } from '../../../platform/grpc/status.js';
import { toTimestamp } from '../../../platform/grpc/timestamp.js';
import { resourceName } from '../../../strategy/revision-name.js';
import { accountName, subscriptionName } from '../accounts/account.js';
import { toProtoDiscount, toProtoLine } from '../convert-quote.js';
import { toProtoMoment } from '../convert.js';
import { toProtoFacts } from '../convert-facts.js';
import { walletName } from '../wallets/wallet.js';
import type { Rating, Settlement, UnpricedUsage, UsageOutcome } from './usage.js';

/** Written out as the message that it is, as quotes are. */
export function toProtoRating(rating: Rating): ProtoRating {
  const { account, subscription, strategy, revision } = rating;
  const service = rating.part?.service;
  return {
    $typeName: 'ratebook.v1.Rating',
    account: accountName(account),
    usageId: rating.usageId,
    number: BigInt(rating.number),
    reverses: BigInt(rating.reverses ?? 0),
    subscription: subscriptionName({ account, id: subscription }),
    revision: resourceName({ strategy, number: revision }),
    contentHash: rating.contentHash,
    occurredAt: toTimestamp(rating.occurredAt),
    recordedAt: toTimestamp(rating.recordedAt),
    currency: rating.currency,
    amount: formatDecimal(rating.amount),
    lines: rating.lines.map(toProtoLine),
    discounts: rating.discounts.map(toProtoDiscount),
    given: toProtoFacts(rating.given),
    facts: Object.fromEntries(rating.facts),
    moment: toProtoMoment(rating.moment),
    periodStart: toTimestamp(rating.period.start),
    periodEnd: toTimestamp(rating.period.end),
    dueAt: toTimestamp(rating.dueAt),
    settlements: rating.settlements.map((one) => toProtoSettlement(rating, one)),
    serviceStart: service && toTimestamp(service.start),
    serviceEnd: service && toTimestamp(service.end),
  };
}

function toProtoSettlement(
  { account }: Rating,
  { wallet, grant, price, amount }: Settlement,
): ProtoSettlement {
  return {
    $typeName: 'ratebook.v1.Settlement',
    // What was bought is paid from outside.
    wallet: wallet === '' ? '' : walletName({ account, wallet }),
    grant,
    amount: formatDecimal(amount),
    price,
  };
}

export function toProtoUnpriced(usage: UnpricedUsage): ProtoUnpriced {
  const { account, subscription, strategy } = usage;
  return {
    $typeName: 'ratebook.v1.UnpricedUsage',
    usage: {
      $typeName: 'ratebook.v1.RecordedUsage',
      account: accountName(account),
      usageId: usage.usageId,
      subscription: subscriptionName({ account, id: subscription }),
      strategy: resourceName({ strategy }),
      occurredAt: toTimestamp(usage.occurredAt),
      facts: toProtoFacts(usage.given),
    },
    reason: toRpcStatus(new RatebookError(usage.reason, usage.message)),
    recordedAt: toTimestamp(usage.recordedAt),
  };
}

export function toProtoOutcome(outcome: UsageOutcome): ProtoOutcome {
  return { $typeName: 'ratebook.v1.UsageOutcome', outcome: told(outcome) };
}

function told(outcome: UsageOutcome): ProtoOutcome['outcome'] {
  switch (outcome.kind) {
    case 'rated':
    case 'duplicate':
      return { case: outcome.kind, value: toProtoRating(outcome.rating) };
    case 'unpriced':
      return { case: 'unpriced', value: toProtoUnpriced(outcome.usage) };
    case 'rejected':
      return { case: 'rejected', value: toRpcStatus(outcome.error) };
  }
}
