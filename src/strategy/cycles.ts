import type { Operand, Price } from '../pricing/price.js';
import { isMeasuredLate } from './read/reads.js';
import type { Cycle } from './prepared.js';
import type { Strategy } from './strategy.js';

type Collected = Cycle & {
  readonly prorated: string[];
  readonly whole: string[];
  readonly measured: string[];
  readonly minimums: string[];
  grants: boolean;
};

type Document = Pick<Strategy, 'rules' | 'prices' | 'period'>;

/**
 * The prices that fall due at the moment `period`, by the periods that they go by, in the order of the rules. What a
 * period gives goes by the main one, and comes when that begins.
 */
export function cyclesOf({ rules, prices, period }: Document): readonly Cycle[] {
  const cycles = new Map<string, Collected>();
  const cycleOf = ({ kind, anchor, bill }: Pick<Cycle, 'kind' | 'anchor' | 'bill'>): Collected => {
    const key = [kind, anchor, bill].join();
    const cycle = cycles.get(key) ?? {
      kind,
      anchor,
      bill,
      prorated: [],
      whole: [],
      measured: [],
      minimums: [],
      grants: false,
    };
    cycles.set(key, cycle);
    return cycle;
  };
  const seen = new Set<string>();
  for (const { event, moment } of rules) {
    const price = event.type === 'charge' ? prices.get(event.price) : undefined;
    // What is measured falls due when the period closes, whatever moment it was recorded at.
    if (price === undefined || seen.has(price.id) || (moment !== 'period' && !isMeasuredLate(price)))
      continue;
    seen.add(price.id);
    const { prorate, anchor, period: kind = period, ...recurring } = price.recurring;
    const late = isMeasuredLate(price);
    const bill = late ? 'arrears' : recurring.bill;
    const cycle = cycleOf({ kind, anchor, bill });
    (late ? cycle.measured : prorate === 'none' ? cycle.whole : cycle.prorated).push(price.id);
  }
  if (rules.some(({ event, moment }) => event.type === 'grant' && moment === 'period'))
    cycleOf({ kind: period, anchor: mainAnchor([...cycles.values()], period), bill: 'advance' }).grants =
      true;
  const minimums = [...prices.values()].filter((price) => closesLater(rules, price));
  if (minimums.length > 0)
    cycleOf({ kind: period, anchor: 'calendar', bill: 'arrears' }).minimums.push(
      ...minimums.map(({ id }) => id),
    );
  return [...cycles.values()];
}

/** Whether what a price has charged use by use is topped up when a window closes; where each use is one, it is at once. */
function closesLater(rules: Document['rules'], price: Price<Operand>): boolean {
  const { id, minimum, resets } = price;
  if (minimum === undefined || resets === 'each' || isMeasuredLate(price)) return false;
  return rules.some(
    ({ event, moment }) => moment === 'usage' && event.type === 'charge' && event.price === id,
  );
}

/** The main periods go by the subscription's own anchor where prices do. */
export function mainAnchor(cycles: readonly Cycle[], period: Cycle['kind']): Cycle['anchor'] {
  const isOwn = cycles.some(({ kind, anchor }) => kind === period && anchor === 'subscription');
  return isOwn ? 'subscription' : 'calendar';
}
