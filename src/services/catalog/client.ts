import { type Parsed, parsed, refused } from '../../errors/parsed.js';
import { AppliesTo as ProtoAppliesTo, StrategyService } from '../../gen/ratebook/v1/strategy_pb.js';
import type { Channel } from '../../platform/grpc/channel.js';
import { createClient, type Client } from '../../platform/grpc/client.js';
import type { AppliesTo } from '../../strategy/choose-revision.js';

/** How others reach the catalog, in this process or over the network. */
export type CatalogClient = Client<typeof StrategyService>;

export function catalogClient(channel: Channel): CatalogClient {
  return createClient(StrategyService, channel);
}

/** Whom a revision is for, on the wire. */
export const toProtoAppliesTo: Readonly<Record<AppliesTo, ProtoAppliesTo>> = {
  everyone: ProtoAppliesTo.EVERYONE,
  new_subscriptions: ProtoAppliesTo.NEW_SUBSCRIPTIONS,
  next_period: ProtoAppliesTo.NEXT_PERIOD,
};

/** Everyone unless said. Refused: what only another version knows. */
export function fromProtoAppliesTo(value: ProtoAppliesTo): Parsed<AppliesTo> {
  switch (value) {
    case ProtoAppliesTo.UNSPECIFIED:
    case ProtoAppliesTo.EVERYONE:
      return parsed('everyone');
    case ProtoAppliesTo.NEW_SUBSCRIPTIONS:
      return parsed('new_subscriptions');
    case ProtoAppliesTo.NEXT_PERIOD:
      return parsed('next_period');
    default:
      return refused(`${String(value)} is not a value of AppliesTo`);
  }
}
