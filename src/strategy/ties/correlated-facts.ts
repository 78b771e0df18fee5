import type { Strategy } from '../strategy.js';

/** Facts of one group say something of each other, unless the pair is listed as free. */
const GROUPS: readonly RegExp[] = [
  /^(occurred_at|local_\w+|period_\w+)$/,
  /^(account_age_(days|months)|subscription_age_months)$/,
  /^(used|total)\./,
];

/** Every value of the one goes with every value of the other, also among three of them. */
const FREE = [
  ...['local_hour local_weekday', 'local_hour local_day', 'local_hour local_month', 'local_date local_hour'],
  ...['local_time local_weekday', 'local_day local_time', 'local_month local_time', 'local_date local_time'],
  ...['local_month local_weekday', 'local_day local_weekday'],
];

/**
 * Why a fact set cannot be put together fact by fact, as half a sentence; undefined when every value of each of these
 * facts may come with every value of the others.
 */
export function whyCorrelated(strategy: Strategy, facts: readonly string[]): string | undefined {
  const computed = strategy.computed.find((fact) => facts.includes(fact.name));
  if (computed !== undefined) return `${computed.name} is computed from other facts`;
  for (const group of GROUPS) {
    const members = facts.filter((fact) => group.test(fact)).sort();
    for (const [i, a] of members.entries()) {
      const b = members.slice(i + 1).find((other) => !FREE.includes(`${a} ${other}`));
      if (b !== undefined) return `${a} and ${b} depend on each other`;
    }
  }
  return undefined;
}
