import { type Sender, deliver, perform } from '../send.js';
import { type Use, toMessage, useOf } from '../uses.js';

/** Records single uses, puts some of them right and takes some back. */
export function correctionClient(sender: Sender, accounts: readonly string[]): () => Promise<void> {
  const { random, journal } = sender;
  let place = 0;
  return async () => {
    const use = useOf(sender, accounts[random(accounts.length)]!, place++);
    await deliver([use], sender);
    const isStored =
      journal.uses.get(`${use.account} ${use.id}`)?.answers.at(-1)?.startsWith('rejected') === false;
    if (!isStored) return;
    const isCancelled = random(2) === 0;
    if (random(2) === 0) await amend({ ...use, units: use.units + 1 + random(9) }, sender, isCancelled);
    if (isCancelled) await cancel(use, sender);
  };
}

/** `REVERSED AMOUNT`: what takes the earlier rating back, and what it is rated as now. */
export async function amend(use: Use, sender: Sender, isPassing = false): Promise<void> {
  await perform(
    {
      key: `amend ${use.account} ${use.id}`,
      isPassing,
      ask: async ({ rates }, options) => {
        const { reversal, rating } = await rates.amendUsage({ usage: toMessage(use) }, options);
        return `${reversal?.amount} ${rating?.amount}`;
      },
    },
    sender,
  );
}

/** The amount of what takes it back. */
async function cancel({ account, id }: Use, sender: Sender): Promise<void> {
  await perform(
    {
      key: `cancel ${account} ${id}`,
      ask: async ({ rates }, options) => {
        const request = { account: `accounts/${account}`, usageId: id };
        const { reversal } = await rates.cancelUsage(request, options);
        return String(reversal?.amount);
      },
    },
    sender,
  );
}
