import { createHash } from 'node:crypto';
import type {
  CommitRequest,
  RecordedUsage as ProtoUsage,
  ReserveRequest,
} from '../../../gen/ratebook/v1/rate_pb.js';
import { type Hold as ProtoHold, HoldState as ProtoState } from '../../../gen/ratebook/v1/wallet_pb.js';
import { violationError } from '../../../errors/error.js';
import { formatDecimal } from '../../../money/decimal.js';
import { type Take, readRequest, taking } from '../../../platform/grpc/read-request.js';
import { toTimestamp } from '../../../platform/grpc/timestamp.js';
import { parseAccountName, subscriptionName } from '../accounts/account.js';
import { takeStoredInstant } from '../accounts/convert-account.js';
import { fromProtoUsageId, readUsage } from '../recording/convert-usage.js';
import type { SentUsage } from '../recording/usage.js';
import type { Hold, HoldKey, HoldRequest, HoldState } from './hold.js';

export function fromProtoReserve(request: ReserveRequest): HoldRequest {
  return readRequest((complain) => {
    const take = taking(complain);
    const holdId = takeHoldId(request.holdId, take);
    // A hold's use has no id of its own yet.
    const usage = takeUsage({ ...given(request.usage), usageId: 'hold' }, take);
    const expiresAt = takeStoredInstant('expires_at', request.expiresAt, take);
    const fingerprint = createHash('sha256')
      .update(JSON.stringify([usage.fingerprint, usage.target, expiresAt?.toString()]))
      .digest('hex');
    return { kind: 'reserve', key: { account: usage.account, holdId }, usage, expiresAt, fingerprint };
  });
}

export function fromProtoCommit(request: CommitRequest): HoldRequest {
  return readRequest((complain) => {
    const take = taking(complain);
    const holdId = takeHoldId(request.holdId, take);
    const usage = takeUsage(given(request.usage), take);
    return { kind: 'commit', key: { account: usage.account, holdId }, usage };
  });
}

export function fromProtoHoldKey(request: { readonly account: string; readonly holdId: string }): HoldKey {
  return readRequest((complain) => {
    const take = taking(complain);
    const account = take('account', parseAccountName(request.account), '');
    return { account, holdId: takeHoldId(request.holdId, take) };
  });
}

function given(usage: ProtoUsage | undefined): ProtoUsage {
  if (usage !== undefined) return usage;
  throw violationError('INVALID_REQUEST', [{ field: 'usage', description: 'is missing' }]);
}

function takeUsage(message: ProtoUsage, take: Take): SentUsage {
  return readUsage(message, (field, result, standIn) => take(`usage.${field}`, result, standIn));
}

function takeHoldId(id: string, take: Take): string {
  return take('hold_id', fromProtoUsageId(id), '');
}

export function toProtoHold(hold: Hold): ProtoHold {
  const { account, holdId, subscription, amount, unit, expiresAt, state, usageId = '' } = hold;
  return {
    $typeName: 'ratebook.v1.Hold',
    holdId,
    subscription: subscriptionName({ account, id: subscription }),
    amount: formatDecimal(amount),
    unit,
    expiresAt: toTimestamp(expiresAt),
    state: toProtoState(state),
    usageId,
  };
}

function toProtoState(state: HoldState): ProtoState {
  switch (state) {
    case 'open':
      return ProtoState.OPEN;
    case 'committed':
      return ProtoState.COMMITTED;
    case 'released':
      return ProtoState.RELEASED;
    case 'expired':
      return ProtoState.EXPIRED;
  }
}
