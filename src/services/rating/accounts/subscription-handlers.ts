import type { AccountService } from '../../../gen/ratebook/v1/account_pb.js';
import type { Handlers } from '../../../platform/grpc/handlers.js';
import { changePlan } from './change-plan.js';
import {
  fromProtoChangePlan,
  fromProtoCreateSubscription,
  fromProtoEndSubscription,
  fromProtoListSubscriptions,
  fromProtoSetSubscriptionAttributes,
  fromProtoSetSubscriptionRevision,
  fromProtoSubscriptionName,
  toProtoSubscription,
} from './convert-subscription.js';
import { createSubscription } from './create-subscription.js';
import { endSubscription } from './end-subscription.js';
import { getSubscription } from './get-subscription.js';
import { listSubscriptions } from './list-subscriptions.js';
import type { AccountPorts } from './ports.js';
import { setSubscriptionAttributes } from './set-attributes.js';
import { setSubscriptionRevision } from './set-revision.js';

type SubscriptionMethods =
  | 'createSubscription'
  | 'getSubscription'
  | 'listSubscriptions'
  | 'setSubscriptionAttributes'
  | 'setSubscriptionRevision'
  | 'endSubscription'
  | 'changePlan';

/** The methods of AccountService that are about subscriptions. */
export function subscriptionHandlers(
  ports: AccountPorts,
): Pick<Handlers<typeof AccountService>, SubscriptionMethods> {
  return {
    createSubscription: async (request, { caller }) => {
      const input = fromProtoCreateSubscription(request, caller.name);
      return { subscription: toProtoSubscription(await createSubscription(input, ports)) };
    },

    getSubscription: async ({ name }) => ({
      subscription: toProtoSubscription(await getSubscription(fromProtoSubscriptionName(name), ports)),
    }),

    listSubscriptions: async (request) => {
      const { account, page } = fromProtoListSubscriptions(request);
      const { items, nextToken } = await listSubscriptions(account, page, ports);
      return { subscriptions: items.map(toProtoSubscription), nextPageToken: nextToken };
    },

    setSubscriptionAttributes: async (request, { caller }) => {
      const input = fromProtoSetSubscriptionAttributes(request, caller.name);
      return { subscription: toProtoSubscription(await setSubscriptionAttributes(input, ports)) };
    },

    endSubscription: async (request, { caller }) => {
      const input = fromProtoEndSubscription(request, caller.name);
      return { subscription: toProtoSubscription(await endSubscription(input, ports)) };
    },

    setSubscriptionRevision: async (request, { caller }) => {
      const input = fromProtoSetSubscriptionRevision(request, caller.name);
      return { subscription: toProtoSubscription(await setSubscriptionRevision(input, ports)) };
    },

    changePlan: async (request, { caller }) => {
      const { ended, started } = await changePlan(fromProtoChangePlan(request, caller.name), ports);
      return { ended: toProtoSubscription(ended), started: toProtoSubscription(started) };
    },
  };
}
