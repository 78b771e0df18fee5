import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  RerateDifferenceSchema,
  RerateRequest,
  RerateResponseSchema,
} from '../../../gen/ratebook/v1/rate_pb.js';
import { type Parsed, parsed, refused } from '../../../errors/parsed.js';
import { RatebookError } from '../../../errors/error.js';
import { readRequest, taking } from '../../../platform/grpc/read-request.js';
import { toRpcStatus } from '../../../platform/grpc/status.js';
import { toTimestamp } from '../../../platform/grpc/timestamp.js';
import { parseSubscriptionName } from '../accounts/account.js';
import { takeStoredInstant } from '../accounts/convert-account.js';
import type { Difference } from './plan.js';
import type { RerateAnswer, RerateInput } from './rerate.js';

export function fromProtoRerate(request: RerateRequest): RerateInput {
  return readRequest((complain) => {
    const take = taking(complain);
    const from = takeStoredInstant('from', request.from, take);
    const to = takeStoredInstant('to', request.to, take);
    if (from !== undefined && to !== undefined && to <= from) complain('to', 'is not after from');
    return {
      ...take('parent', parseSubscriptionName(request.parent), { account: '', id: '' }),
      ...{ from, to },
      revision: take('revision', parseRevision(request.revision), undefined),
      plan: request.plan === '' ? undefined : take('plan', parsePlan(request.plan), ''),
    };
  });
}

function parseRevision(number: bigint): Parsed<number | undefined> {
  if (number === 0n) return parsed(undefined);
  if (number > 0n && number <= 999_999_999n) return parsed(Number(number));
  return refused(
    `${number} is not the number of a revision; leave it out for those that would be chosen now`,
  );
}

function parsePlan(plan: string): Parsed<string> {
  return /^[0-9a-f]{64}$/.test(plan) ? parsed(plan) : refused('is not the plan of an earlier answer');
}

export function toProtoRerated(answer: RerateAnswer): MessageInitShape<typeof RerateResponseSchema> {
  const { plan, applied, usages, currency, before, after, differences } = answer;
  return {
    ...{ plan, applied, currency, before, after },
    usageCount: BigInt(usages),
    differences: differences.map(toProtoDifference),
  };
}

function toProtoDifference(difference: Difference): MessageInitShape<typeof RerateDifferenceSchema> {
  const { usageId, occurredAt, before, after, error } = difference;
  return {
    ...{ usageId, before, after },
    occurredAt: toTimestamp(occurredAt),
    revisionBefore: BigInt(difference.revisionBefore),
    revisionAfter: BigInt(difference.revisionAfter),
    error: error && toRpcStatus(new RatebookError(error.reason, error.message)),
  };
}
