import { isMeasuredLate } from './read/reads.js';
import type { Cycle, Strategy } from './strategy.js';

type Collected = Cycle & {
  readonly prorated: string[];
  readonly whole: string[];
  readonly measured: string[];
};

/** The prices that fall due at the moment `period`, by the periods that they go by, in the order of the rules. */
export function cyclesOf({
  rules,
  prices,
  period,
}: Pick<Strategy, 'rules' | 'prices' | 'period'>): readonly Cycle[] {
  const cycles = new Map<string, Collected>();
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
    const key = [kind, anchor, bill].join();
    const cycle = cycles.get(key) ?? { kind, anchor, bill, prorated: [], whole: [], measured: [] };
    cycles.set(key, cycle);
    (late ? cycle.measured : prorate === 'none' ? cycle.whole : cycle.prorated).push(price.id);
  }
  return [...cycles.values()];
}
