import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { type Sender, perform } from '../send.js';

const SOON_MS = 1_500;

/** Tops up, now and then with what soon expires; and buys packs, not all of which it pays for. */
export function moneyClient(sender: Sender, accounts: readonly string[]): () => Promise<void> {
  const { client, random } = sender;
  let number = 0;
  return async () => {
    const bought = {
      account: accounts[random(accounts.length)]!,
      id: `${client}-${number++}`,
      amount: 1 + random(150),
    };
    if (random(2) === 0) {
      await topUp(bought, sender, random(3) === 0);
      return;
    }
    await purchase(bought, sender);
    if (random(4) > 0) await confirm(bought, sender);
  };
}

export type Bought = { readonly account: string; readonly id: string; readonly amount: number };

/** What was put in. */
async function topUp({ account, id, amount }: Bought, sender: Sender, expires: boolean): Promise<void> {
  const wallet = `accounts/${account}/wallets/main`;
  const expiresAt = expires ? timestampFromMs(Date.now() + SOON_MS) : undefined;
  const request = { grant: { wallet, reference: id, amount: String(amount), expiresAt }, paid: true };
  await perform(
    {
      key: `grant ${account} ${id}`,
      ask: async ({ accounts }, options) => {
        const { grant } = await accounts.grantCredit(request, options);
        return `${grant?.amount} of ${grant?.reference}`;
      },
    },
    sender,
  );
}

/** What it costs. */
export async function purchase({ account, id, amount }: Bought, sender: Sender): Promise<void> {
  const pack = { kind: { case: 'decimalValue', value: String(amount) } } as const;
  const subscription = `accounts/${account}/subscriptions/main`;
  await perform(
    {
      key: `purchase ${account} ${id}`,
      ask: async ({ rates }, options) => {
        const { order } = await rates.purchase({ purchaseId: id, subscription, facts: { pack } }, options);
        return String(order?.price?.amount);
      },
    },
    sender,
  );
}

/** The payment, and the amount of the rating. */
export async function confirm({ account, id }: Bought, sender: Sender): Promise<void> {
  const request = { account: `accounts/${account}`, purchaseId: id, payment: `pay-${id}` };
  await perform(
    {
      key: `confirm ${account} ${id}`,
      ask: async ({ rates }, options) => {
        const { order, rating } = await rates.confirmPurchase(request, options);
        return `${order?.payment} ${rating?.amount}`;
      },
    },
    sender,
  );
}
