import { randomUUID } from 'node:crypto';
import type { Reason } from '../../errors/catalogue.js';
import { RatebookError } from '../../errors/error.js';
import {
  ACCOUNT_ID,
  type AccountClient,
  accountName,
  subscriptionName,
} from '../../services/rating/client.js';
import { resourceName } from '../../strategy/revision-name.js';
import { repeatWhileAway } from './repeat.js';

/** What accounts are opened with, and those that are known to be there. */
export type Opening = {
  readonly accounts: AccountClient;
  readonly strategy: string;
  readonly currency: string;
  readonly known: Set<string>;
};

/** Accounts that are opened at once. */
const AT_ONCE = 16;

/** Opens those accounts that are not there, and puts those on the strategy that have no subscription to it. */
export async function openAccounts(opening: Opening, ids: Iterable<string>): Promise<void> {
  const left = [...new Set(ids)].filter((id) => !opening.known.has(id));
  while (left.length > 0) {
    const some = left.splice(0, AT_ONCE);
    await Promise.all(some.map((id) => openAccount(opening, id)));
    for (const id of some) opening.known.add(id);
  }
}

async function openAccount(opening: Opening, id: string): Promise<void> {
  // What can be no account is refused with each of its uses.
  if (!ACCOUNT_ID.test(id)) return;
  const { accounts, currency } = opening;
  const strategy = resourceName({ strategy: opening.strategy });
  const parent = accountName(id);
  const own = await unless('ACCOUNT_NOT_FOUND', () => accounts.listSubscriptions({ parent, pageSize: 1000 }));
  if (own?.subscriptions.some((one) => one.strategy === strategy)) return;
  // Whoever was quicker has done the same; if it was something else, rating says so of each use.
  if (own === undefined) {
    const request = { account: { name: parent, currency }, requestId: randomUUID() };
    await unless('ACCOUNT_EXISTS', () => accounts.createAccount(request));
  }
  const name = subscriptionName({ account: id, id: opening.strategy });
  const request = { subscription: { name, strategy }, requestId: randomUUID() };
  await unless('SUBSCRIPTION_EXISTS', () => accounts.createSubscription(request));
}

/** The answer, or undefined where it is this refusal. */
async function unless<T>(refusal: Reason, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await repeatWhileAway(call);
  } catch (error) {
    if (error instanceof RatebookError && error.reason === refusal) return undefined;
    throw error;
  }
}
