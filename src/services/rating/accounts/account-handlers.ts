import { AccountService } from '../../../gen/ratebook/v1/account_pb.js';
import { type ServiceBinding, bind } from '../../../platform/grpc/handlers.js';
import { changePlan } from './change-plan.js';
import { closeAccount } from './close-account.js';
import {
  fromProtoAccountName,
  fromProtoCloseAccount,
  fromProtoCreateAccount,
  fromProtoListAccounts,
  fromProtoSetAccountAttributes,
  toProtoAccount,
} from './convert-account.js';
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
import { createAccount } from './create-account.js';
import { createSubscription } from './create-subscription.js';
import { endSubscription } from './end-subscription.js';
import { getAccount } from './get-account.js';
import { getSubscription } from './get-subscription.js';
import { listAccounts } from './list-accounts.js';
import { listSubscriptions } from './list-subscriptions.js';
import { couponHandlers } from '../coupons/coupon-handlers.js';
import { walletHandlers } from '../wallets/wallet-handlers.js';
import type { AccountPorts } from './ports.js';
import { setAccountAttributes, setSubscriptionAttributes } from './set-attributes.js';
import { setSubscriptionRevision } from './set-revision.js';

/** AccountService on these ports. */
export function accountService(ports: AccountPorts): ServiceBinding {
  return bind(AccountService, {
    ...couponHandlers(ports),
    ...walletHandlers(ports),
    createAccount: async (request, { caller }) => ({
      account: toProtoAccount(await createAccount(fromProtoCreateAccount(request, caller.name), ports)),
    }),

    getAccount: async ({ name }) => ({
      account: toProtoAccount(await getAccount(fromProtoAccountName(name), ports)),
    }),

    listAccounts: async (request) => {
      const { items, nextToken } = await listAccounts(fromProtoListAccounts(request), ports);
      return { accounts: items.map(toProtoAccount), nextPageToken: nextToken };
    },

    setAccountAttributes: async (request, { caller }) => {
      const input = fromProtoSetAccountAttributes(request, caller.name);
      return { account: toProtoAccount(await setAccountAttributes(input, ports)) };
    },

    closeAccount: async (request, { caller }) => ({
      account: toProtoAccount(await closeAccount(fromProtoCloseAccount(request, caller.name), ports)),
    }),

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
  });
}
