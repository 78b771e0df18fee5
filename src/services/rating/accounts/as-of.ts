import type { GivenFact, GivenFacts } from '../../../quote/input.js';
import { wholeDays, wholeMonths } from '../../../time/age.js';
import type { Instant } from '../../../time/instant.js';
import type { Account, AttributeChange, Subscription } from './account.js';

export type AsOf = {
  readonly at: Instant;
  /** The strategy's: ages are counted by its calendar. */
  readonly zone: string;
};

/** Whether a strategy knows a fact; it is refused when it is told of others. */
type Known = (name: string) => boolean;

type Give = (name: string, fact: GivenFact | null) => void;

/**
 * The facts that an account and its subscription give to a use at an instant, those alone that the strategy knows. Ages
 * are not there without a start.
 */
export function factsOf(
  account: Account,
  subscription: Subscription,
  { at, zone }: AsOf,
  known: Known,
): GivenFacts {
  const facts = new Map<string, GivenFact>();
  const give: Give = (name, fact) => {
    if (fact === null) facts.delete(name);
    else if (known(name)) facts.set(name, fact);
  };
  giveFields(account, give);
  give('account.coupons', { kind: 'list', texts: codesAt(account, at) });
  giveAttributes('account', account.attributes, at, give);
  giveAttributes('subscription', subscription.attributes, at, give);
  const { trialEndsAt } = subscription;
  give('subscription.trial', text('boolean', String(trialEndsAt !== undefined && at < trialEndsAt)));

  const giveAge = (name: string, since: Instant | undefined, age: typeof wholeDays) => {
    if (since !== undefined && known(name)) give(name, text('integer', age(since, at, zone).toString()));
  };
  giveAge('account_age_days', account.openedAt, wholeDays);
  giveAge('account_age_months', account.openedAt, wholeMonths);
  giveAge('subscription_age_months', subscription.startsAt, wholeMonths);
  return facts;
}

/** The country is where an account has always been, unless an attribute of that name tells of a move. */
function giveFields({ id, currency, country, timeZone }: Account, give: Give): void {
  give('account.id', text('string', id));
  give('account.currency', text('string', currency));
  give('account.time_zone', text('string', timeZone));
  if (country !== '') give('account.country', text('string', country));
}

function codesAt({ coupons }: Account, at: Instant): readonly string[] {
  const held = coupons.filter(({ from, until }) => from <= at && (until === undefined || at < until));
  return held.map(({ code }) => code);
}

function giveAttributes(
  of: 'account' | 'subscription',
  changes: readonly AttributeChange[],
  at: Instant,
  give: Give,
): void {
  const begun = changes.filter(({ from }) => from === undefined || from <= at);
  // The sort is stable: of two changes from one instant the one made later is given last, and counts.
  for (const { values } of begun.sort(byStart)) {
    for (const [name, value] of Object.entries(values)) give(`${of}.${name}`, value);
  }
}

function byStart({ from: a }: AttributeChange, { from: b }: AttributeChange): number {
  if (a === b) return 0;
  return a === undefined || (b !== undefined && a < b) ? -1 : 1;
}

function text(type: 'string' | 'integer' | 'boolean', value: string): GivenFact {
  return { kind: 'text', type, text: value };
}
