import { type Parsed, parsed, refused } from '../errors/parsed.js';
import { ACCOUNT_ID } from '../services/rating/client.js';

/** One subscription of an account. */
export type SubscriptionName = { readonly account: string; readonly id: string };

/** `acme/main` */
export function parseSubscription(text: string): Parsed<SubscriptionName> {
  const [account = '', id = '', ...more] = text.split('/');
  if (ACCOUNT_ID.test(account) && ACCOUNT_ID.test(id) && more.length === 0) return parsed({ account, id });
  return refused(`"${text}" is no subscription; write ACCOUNT/SUBSCRIPTION, such as acme/main`);
}
