import { AccountService } from '../../../gen/ratebook/v1/account_pb.js';
import { type ServiceBinding, bind } from '../../../platform/grpc/handlers.js';
import { closeAccount } from './close-account.js';
import {
  fromProtoAccountName,
  fromProtoCloseAccount,
  fromProtoCreateAccount,
  fromProtoListAccounts,
  fromProtoSetAccountAttributes,
  toProtoAccount,
} from './convert-account.js';
import { createAccount } from './create-account.js';
import { getAccount } from './get-account.js';
import { listAccounts } from './list-accounts.js';
import { couponHandlers } from '../coupons/coupon-handlers.js';
import { walletHandlers } from '../wallets/wallet-handlers.js';
import type { AccountPorts } from './ports.js';
import { setAccountAttributes } from './set-attributes.js';
import { subscriptionHandlers } from './subscription-handlers.js';

/** AccountService on these ports. */
export function accountService(ports: AccountPorts): ServiceBinding {
  return bind(AccountService, {
    ...subscriptionHandlers(ports),
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
  });
}
