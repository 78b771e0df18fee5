import { RatebookError, type Violation } from '../errors/error.js';
import { greaterThan } from '../money/compare.js';
import { ZERO, isDecimal } from '../money/decimal.js';
import type { Prepared } from '../strategy/prepared.js';
import type { Strategy } from '../strategy/strategy.js';
import type { Facts } from './facts.js';
import type { QuoteInput } from './input.js';
import type { RuleOf } from './matched.js';

/** The facts of a use, the rules that won its lines, and how many charges there are, those of a closing period included. */
type Priced = { readonly facts: Facts; readonly won: readonly RuleOf<'charge'>[]; readonly charged: number };

/**
 * No rule matching is never a price of zero: throws NO_PRICE when nothing was charged, and when something billable was
 * used that no charge counts. At `period` there is nothing to count but what the prices themselves have measured.
 */
export function refuseUnpriced(strategy: Strategy, { moment }: QuoteInput, priced: Priced): void {
  if (priced.charged === 0) {
    throw new RatebookError(
      'NO_PRICE',
      `No charge rule of ${strategy.id} matches at the moment ${moment}; add a rule, or reject this use.`,
    );
  }
  const uncharged = moment === 'period' ? [] : unchargedFacts(strategy, priced);
  const [fact] = uncharged;
  if (fact === undefined) return;
  const violations = uncharged.map((name): Violation => ({
    field: priced.facts.path(name),
    description: 'is billable and above 0, but no charge that won uses it',
  }));
  const message = `Nothing charges for ${uncharged.join(', ')}; add a rule for it to ${strategy.id}.`;
  throw new RatebookError('NO_PRICE', message, { violations, metadata: { fact } });
}

/** Billable facts above 0 that no winning price computes with. */
function unchargedFacts({ prepared }: Strategy, { facts, won }: Priced): readonly string[] {
  const uncharged: string[] = [];
  for (const fact of prepared.billable)
    if (isAboveZero(facts.values.get(fact)) && !isCharged(prepared, won, fact)) uncharged.push(fact);
  return uncharged;
}

function isCharged({ prices }: Prepared, won: Priced['won'], fact: string): boolean {
  for (const { event } of won) if (prices.get(event.price)?.charges.has(fact) === true) return true;
  return false;
}

function isAboveZero(value: unknown): boolean {
  return isDecimal(value) && greaterThan(value, ZERO);
}
