import { CARE_A_DAY, SEAT_A_SECOND } from './strategies.js';

/** A subscription to seats as its client has made it. All instants are whole seconds of Unix time. */
export type Plan = {
  readonly start: number;
  readonly end: number | undefined;
  /** In any order, no two from one second. */
  readonly seats: readonly { readonly from: number; readonly count: number }[];
};

export const DAY_SECONDS = 86_400;

/** What all days of a plan come to that have begun (seats) or are over (care) by then, by `PRICE DAY`; without zeros. */
export function chargesOf(plan: Plan, upTo: number): ReadonlyMap<string, number> {
  const charges = new Map<string, number>();
  const end = plan.end ?? Infinity;
  for (let day = plan.start - (plan.start % DAY_SECONDS); day <= upTo && day < end; day += DAY_SECONDS) {
    const seats = seatSeconds(plan, { from: day, to: Math.min(day + DAY_SECONDS, end) }, upTo);
    if (seats > 0) charges.set(`seats ${day}`, seats * SEAT_A_SECOND);
    if (day + DAY_SECONDS <= upTo) charges.set(`care ${day}`, CARE_A_DAY);
  }
  return charges;
}

/** Seconds times seats; what changes later than `upTo` has not changed yet. */
function seatSeconds(
  { start, seats }: Plan,
  { from, to }: { readonly from: number; readonly to: number },
  upTo: number,
): number {
  const changes = seats.filter((change) => change.from <= upTo).toSorted((a, b) => a.from - b.from);
  return changes.reduce((sum, change, i) => {
    const begins = Math.max(change.from, from, start);
    const ends = Math.min(changes[i + 1]?.from ?? Infinity, to);
    return sum + Math.max(ends - begins, 0) * change.count;
  }, 0);
}
