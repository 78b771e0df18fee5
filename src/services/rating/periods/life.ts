import type { Instant } from '../../../time/instant.js';
import type { Account, AttributeChange, Subscription } from '../accounts/account.js';

/** From when to when a subscription runs, as far as charges for its periods go. */
export type Life = {
  readonly start: Instant;
  /** Recurring charges begin here, after a trial. */
  readonly chargedFrom: Instant;
  /** The first instant after it. */
  readonly end: Instant;
  readonly keepsCharged: boolean;
  /** What periods of its own begin with. */
  readonly anchor: Instant;
};

/** Later than every instant. */
export const NEVER: Instant = 10n ** 24n;

/**
 * A subscription since ever is charged from its creation on: nobody expects a bill for the time before. `firstMeasured`
 * is the earliest use whose amount its period tells, or may top up, which is charged for whenever it was.
 */
export function lifeOf(account: Account, subscription: Subscription, firstMeasured = NEVER): Life {
  const { startsAt, endsAt, trialEndsAt, billingAnchor, createdAt, keepsCharged } = subscription;
  const begins = later(startsAt ?? createdAt, account.openedAt);
  return {
    start: startsAt === undefined && firstMeasured < begins ? firstMeasured : begins,
    chargedFrom: later(begins, trialEndsAt),
    end: earlier(endsAt ?? NEVER, account.closedAt),
    keepsCharged,
    anchor: billingAnchor ?? startsAt ?? createdAt,
  };
}

function later(a: Instant, b: Instant | undefined): Instant {
  return b !== undefined && b > a ? b : a;
}

function earlier(a: Instant, b: Instant | undefined): Instant {
  return b !== undefined && b < a ? b : a;
}

/** A subscription as recurring charges of a period see it: changes for the next period have not been made in this one. */
export function asOfPeriod(subscription: Subscription, periodStart: Instant): Subscription {
  const counts = ({ from, nextPeriod = false }: AttributeChange) =>
    !nextPeriod || from === undefined || from <= periodStart;
  return { ...subscription, attributes: subscription.attributes.filter(counts) };
}

/** The instants at which one of these attributes changes at once, in order, each once; `known` tells facts by name. */
export function cutsOf({ attributes }: Subscription, known: (fact: string) => boolean): readonly Instant[] {
  const cuts = new Set<Instant>();
  for (const { from, values, nextPeriod } of attributes)
    if (from !== undefined && nextPeriod !== true)
      if (Object.keys(values).some((name) => known(`subscription.${name}`))) cuts.add(from);
  return [...cuts].toSorted((a, b) => (a < b ? -1 : 1));
}
