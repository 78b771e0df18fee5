import type { MessageInitShape } from '@bufbuild/protobuf';
import type { GrantSchema, Wallet, WalletSchema } from '../../../../src/gen/ratebook/v1/wallet_pb.js';
import type { Rating } from '../rating.js';
import { openRecording } from '../recording/recording.js';

let accounts = 0;

/** A prepaid account of its own on the strategy `tokens` of the recording tests. */
export type Prepaid = {
  readonly name: string;
  /** The fields of a use that say whose it is. */
  readonly to: { readonly account: string; readonly subscription: string };
  readonly wallet: (id: string, more?: MessageInitShape<typeof WalletSchema>) => Promise<void>;
  readonly grant: (
    reference: string,
    amount: string,
    more?: MessageInitShape<typeof GrantSchema> & { readonly paid?: boolean },
  ) => Promise<void>;
  /** `5 of 8: a 2, b 3`: balance of available, and what is left of each grant in burn-down order. */
  readonly shown: (id?: string) => Promise<string>;
  readonly read: (id?: string) => Promise<Wallet>;
  /** `grant payments 10, use usage -8`: the ledger of a wallet. */
  readonly ledger: (id?: string) => Promise<string>;
};

export const openPrepaid = openRecording;

export async function prepaid({ accounts: client }: Rating, currency = 'USD'): Promise<Prepaid> {
  const name = `accounts/p${++accounts}`;
  const subscription = `${name}/subscriptions/main`;
  await client.createAccount({ account: { name, currency } });
  await client.createSubscription({
    subscription: { name: subscription, strategy: 'strategies/tokens', prepaid: true },
  });
  const walletOf = (id: string) => `${name}/wallets/${id}`;
  const read = async (id = 'main') => (await client.getWallet({ name: walletOf(id) })).wallet!;
  return {
    name,
    to: { account: name, subscription },
    wallet: async (id, more) => {
      await client.createWallet({ wallet: { name: walletOf(id), unit: currency, ...more } });
    },
    grant: async (reference, amount, { paid = true, ...more } = {}) => {
      await client.grantCredit({ grant: { wallet: walletOf('main'), reference, amount, ...more }, paid });
    },
    read,
    shown: async (id = 'main') => {
      const { balance, available } = await read(id);
      const { grants } = await client.listGrants({ parent: walletOf(id) });
      return `${balance} of ${available}: ${grants.map((one) => `${one.reference} ${one.remaining}`).join(', ')}`;
    },
    ledger: async (id = 'main') => {
      const { postings } = await client.listWalletPostings({ parent: walletOf(id) });
      return postings.map(({ reason, book, amount }) => `${reason} ${book} ${amount}`).join(', ');
    },
  };
}
