import type { Strategy } from '../../../strategy/strategy.js';
import { type Instant, formatInstant } from '../../../time/instant.js';
import { periodsWithin } from '../../../time/periods.js';
import { subscriptionName } from '../accounts/account.js';
import type { RatingEvent } from '../events/event.js';
import { anchoringOf, openSpan } from './agenda.js';
import type { Life } from './life.js';
import { mainCycle } from './main-period.js';
import type { Due } from './rate-due.js';

type Closing = {
  readonly life: Life;
  readonly strategy: Strategy;
  /** Periods that ended up to here were told of before. */
  readonly after: Instant | undefined;
};

/** One event for each period that has ended since. */
export function closedPeriods(
  { subscription, upTo }: Due,
  { life, strategy, after }: Closing,
): readonly RatingEvent[] {
  const { account, strategy: id } = subscription;
  const { kind, anchor } = mainCycle(strategy);
  return periodsWithin(openSpan(life, after, upTo), kind, anchoringOf(anchor, life, strategy.timeZone))
    .filter((period) => period.end <= upTo && (after === undefined || period.end > after))
    .map((period) => ({
      id: `period.closed ${account}/${subscription.id} ${kind} ${period.start}`,
      type: 'ratebook.period.closed',
      account,
      at: period.end,
      data: {
        subscription: subscriptionName(subscription),
        strategy: id,
        period_start: formatInstant(period.start),
        period_end: formatInstant(period.end),
      },
    }));
}
