import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Parsed, parsed, refused } from '../../../errors/parsed.js';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type {
  ChangePlanRequest,
  CreateSubscriptionRequest,
  EndSubscriptionRequest,
  ListSubscriptionsRequest,
  SetSubscriptionAttributesRequest,
  SetSubscriptionRevisionRequest,
  Subscription as ProtoSubscription,
  SubscriptionSchema,
} from '../../../gen/ratebook/v1/account_pb.js';
import { type Take, readRequest, taking } from '../../../platform/grpc/read-request.js';
import { toTimestamp } from '../../../platform/grpc/timestamp.js';
import { type PageInput, fromProtoPage } from '../../../platform/page.js';
import { requestKey } from '../../../platform/request-key.js';
import { parseResourceName, resourceName } from '../../../strategy/revision-name.js';
import {
  type Subscription,
  type SubscriptionName,
  parseSubscriptionName,
  subscriptionName,
} from './account.js';
import { takeAccountName, takeStoredInstant } from './convert-account.js';
import { fromProtoChange, fromProtoChanges, toProtoChange } from './convert-attributes.js';
import type { ChangePlanInput } from './change-plan.js';
import type { CreateSubscriptionInput } from './create-subscription.js';
import type { EndSubscriptionInput } from './end-subscription.js';
import type { SetSubscriptionAttributesInput } from './set-attributes.js';
import type { SetRevisionInput } from './set-revision.js';
import type { When } from './when.js';

export function fromProtoCreateSubscription(
  request: CreateSubscriptionRequest,
  caller: string,
): CreateSubscriptionInput {
  return readRequest((complain) => ({
    subscription: fromProtoSubscription(request.subscription, taking(complain)),
    request: requestKey(request, caller, complain),
  }));
}

export function fromProtoSubscriptionName(name: string): SubscriptionName {
  return readRequest((complain) => takeName('name', name, taking(complain)));
}

export function fromProtoListSubscriptions(request: ListSubscriptionsRequest): {
  readonly account: string;
  readonly page: PageInput;
} {
  return readRequest((complain) => ({
    account: takeAccountName('parent', request.parent, taking(complain)),
    page: fromProtoPage(request, complain),
  }));
}

export function fromProtoSetSubscriptionAttributes(
  request: SetSubscriptionAttributesRequest,
  caller: string,
): SetSubscriptionAttributesInput {
  return readRequest((complain) => ({
    ...takeName('name', request.name, taking(complain)),
    change: fromProtoChange('subscription', request.change, 'change', taking(complain)),
    atPeriodEnd: request.atPeriodEnd,
    request: requestKey(request, caller, complain),
  }));
}

export function fromProtoEndSubscription(
  request: EndSubscriptionRequest,
  caller: string,
): EndSubscriptionInput {
  return readRequest((complain) => ({
    ...takeName('name', request.name, taking(complain)),
    when: takeWhen('ends_at', request.atPeriodEnd, request.endsAt, taking(complain)),
    keepsCharged: request.keepCharged,
    request: requestKey(request, caller, complain),
  }));
}

export function fromProtoSetSubscriptionRevision(
  request: SetSubscriptionRevisionRequest,
  caller: string,
): SetRevisionInput {
  return readRequest((complain) => {
    const take = taking(complain);
    const { pin, atPeriodEnd } = request;
    if (pin === undefined && !atPeriodEnd)
      take('pin', refused('is not set; name the revision, 0 to follow'), '');
    return {
      ...takeName('name', request.name, take),
      revision: take('pin.revision', parseRevision(pin?.revision ?? 0n), undefined),
      when: takeWhen('pin.from', atPeriodEnd, pin?.from, take),
      request: requestKey(request, caller, complain),
    };
  });
}

export function fromProtoChangePlan(request: ChangePlanRequest, caller: string): ChangePlanInput {
  return readRequest((complain) => {
    const take = taking(complain);
    const name = takeName('name', request.name, take);
    const next = fromProtoSubscription(request.next, take, 'next');
    if (next.account !== name.account && next.account !== '')
      take('next.name', refused(`${request.next?.name} is not of accounts/${name.account}`), '');
    return {
      ...name,
      next,
      when: takeWhen('at', request.atPeriodEnd, request.at, take),
      keepsCharged: request.keepCharged,
      request: requestKey(request, caller, complain),
    };
  });
}

/** A field that is not read where the end of the period is asked for. */
function takeWhen(field: string, atPeriodEnd: boolean, at: Timestamp | undefined, take: Take): When {
  return atPeriodEnd ? { kind: 'period_end' } : { kind: 'at', at: takeStoredInstant(field, at, take) };
}

function takeName(field: string, name: string, take: Take): SubscriptionName {
  return take(field, parseSubscriptionName(name), { account: '', id: '' });
}

function fromProtoSubscription(
  sent: ProtoSubscription | undefined,
  take: Take,
  field = 'subscription',
): CreateSubscriptionInput['subscription'] {
  if (sent === undefined) take(field, refused('is not set; send the subscription'), '');
  const startsAt = takeStoredInstant(`${field}.starts_at`, sent?.startsAt, take);
  const endsAt = takeStoredInstant(`${field}.ends_at`, sent?.endsAt, take);
  if (startsAt !== undefined && endsAt !== undefined && endsAt <= startsAt)
    take(`${field}.ends_at`, refused('is not after starts_at'), '');
  return {
    ...takeName(`${field}.name`, sent?.name ?? '', take),
    strategy: take(`${field}.strategy`, parseStrategy(sent?.strategy ?? ''), ''),
    startsAt,
    endsAt,
    revision: take(`${field}.revision`, parseRevision(sent?.revision ?? 0n), undefined),
    attributes: fromProtoChanges('subscription', sent?.attributes ?? [], take),
    prepaid: sent?.prepaid ?? false,
    billingAnchor: takeStoredInstant(`${field}.billing_anchor`, sent?.billingAnchor, take),
    trialEndsAt: takeStoredInstant(`${field}.trial_ends_at`, sent?.trialEndsAt, take),
    pins: [],
    keepsCharged: false,
  };
}

function parseStrategy(name: string): Parsed<string> {
  const read = parseResourceName(name);
  if (!read.ok) return read;
  const { strategy, number } = read.value;
  if (number === undefined) return parsed(strategy);
  return refused(`"${name}" is a revision; send ${resourceName({ strategy })}, and ${number} as revision`);
}

function parseRevision(number: bigint): Parsed<number | undefined> {
  if (number === 0n) return parsed(undefined);
  if (number > 0n && number <= 999_999_999n) return parsed(Number(number));
  return refused(`${number} is not the number of a revision; send 0 to follow what is published`);
}

export function toProtoSubscription(subscription: Subscription): MessageInitShape<typeof SubscriptionSchema> {
  const { startsAt, endsAt, billingAnchor, trialEndsAt, strategy } = subscription;
  return {
    name: subscriptionName(subscription),
    strategy: resourceName({ strategy }),
    ...(startsAt === undefined ? {} : { startsAt: toTimestamp(startsAt) }),
    ...(endsAt === undefined ? {} : { endsAt: toTimestamp(endsAt) }),
    revision: BigInt(subscription.revision ?? 0),
    attributes: subscription.attributes.map(toProtoChange),
    createdAt: toTimestamp(subscription.createdAt),
    prepaid: subscription.prepaid,
    ...(billingAnchor === undefined ? {} : { billingAnchor: toTimestamp(billingAnchor) }),
    ...(trialEndsAt === undefined ? {} : { trialEndsAt: toTimestamp(trialEndsAt) }),
    pins: subscription.pins.map(({ from, revision }) => ({
      from: toTimestamp(from),
      revision: BigInt(revision ?? 0),
    })),
    keepsCharged: subscription.keepsCharged,
  };
}
