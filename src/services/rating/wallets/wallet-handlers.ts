import type { AccountService } from '../../../gen/ratebook/v1/account_pb.js';
import type { Handlers } from '../../../platform/grpc/handlers.js';
import type { AccountPorts } from '../accounts/ports.js';
import { fromProtoGrantCredit, toProtoGrant } from './convert-grant.js';
import {
  fromProtoCreateWallet,
  fromProtoListPostings,
  fromProtoListWallets,
  fromProtoSetWalletLimits,
  fromProtoWalletName,
  toProtoPosting,
  toProtoWallet,
} from './convert-wallet.js';
import { createWallet } from './create-wallet.js';
import { getWallet } from './get-wallet.js';
import { grantCredit } from './grant-credit.js';
import { listGrants } from './list-grants.js';
import { listWalletPostings } from './list-wallet-postings.js';
import { listWallets } from './list-wallets.js';
import { setWalletLimits } from './set-wallet-limits.js';
import type { Wallet } from './wallet.js';

type WalletMethods =
  | 'createWallet'
  | 'getWallet'
  | 'listWallets'
  | 'setWalletLimits'
  | 'grantCredit'
  | 'listGrants'
  | 'listWalletPostings';

/** The methods of AccountService that are about prepaid money and units. */
export function walletHandlers(ports: AccountPorts): Pick<Handlers<typeof AccountService>, WalletMethods> {
  const now = (wallet: Wallet) => toProtoWallet(wallet, ports.clock.now());
  return {
    createWallet: async (request, { caller }) => ({
      wallet: now(await createWallet(fromProtoCreateWallet(request, caller.name), ports)),
    }),

    getWallet: async ({ name }) => ({ wallet: now(await getWallet(fromProtoWalletName(name), ports)) }),

    listWallets: async (request) => {
      const { account, page } = fromProtoListWallets(request);
      const { items, nextToken } = await listWallets(account, page, ports);
      return { wallets: items.map(now), nextPageToken: nextToken };
    },

    setWalletLimits: async (request, { caller }) => ({
      wallet: now(await setWalletLimits(fromProtoSetWalletLimits(request, caller.name), ports)),
    }),

    grantCredit: async (request) => {
      const { grant, wallet } = await grantCredit(fromProtoGrantCredit(request), ports);
      return { grant: toProtoGrant(wallet, grant), wallet: now(wallet) };
    },

    listGrants: async ({ parent, usedUp }) => {
      const name = fromProtoWalletName(parent, 'parent');
      const grants = await listGrants(name, usedUp, ports);
      return { grants: grants.map((grant) => toProtoGrant(name, grant)) };
    },

    listWalletPostings: async (request) => {
      const { name, page } = fromProtoListPostings(request);
      const { items, nextToken } = await listWalletPostings(name, page, ports);
      return { postings: items.map(toProtoPosting), nextPageToken: nextToken };
    },
  };
}
