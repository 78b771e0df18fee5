import type { Journal } from '../journal.js';
import { chargesOf } from '../plans.js';
import type { Stored } from './stored.js';
import { type Sums, add, otherSum } from './sums.js';

const SECOND = 1_000_000_000n;

/** Each day of each subscription is charged for what was there on it, once. */
export function otherPeriods({ plans }: Journal, { subscriptions, ratings }: Stored): string | undefined {
  const planned = subscriptions.filter(({ strategy }) => strategy === 'seats');
  for (const { _id, settled } of planned) {
    const plan = plans.get(_id);
    if (plan === undefined || settled === undefined)
      return `${_id} was never subscribed, or never looked at.`;
    const found: Sums = new Map();
    for (const { account, subscription, period, lines } of ratings)
      if (`${account}/${subscription}` === _id)
        for (const { price, amount } of lines)
          add(found, `${price} ${period.start / SECOND}`, Number(amount));
    const difference = otherSum(
      `The subscription ${_id}`,
      found,
      chargesOf(plan, Number(settled.upTo / SECOND)),
    );
    if (difference !== undefined) return difference;
  }
  return planned.length === plans.size
    ? undefined
    : `Of ${plans.size} subscriptions ${planned.length} are stored.`;
}
