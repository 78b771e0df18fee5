import { RatebookError, type Violation } from '../errors/error.js';
import { greaterThan } from '../money/compare.js';
import { ZERO, isDecimal } from '../money/decimal.js';
import { factsOf } from '../pricing/resolve.js';
import { factsOfComputed } from '../strategy/read/reads.js';
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
function unchargedFacts(strategy: Strategy, { facts, won }: Priced): readonly string[] {
  const charged = factsCharged(strategy, won);
  const billable = [...strategy.facts.values()].filter((fact) => fact.billable);
  return billable
    .map(({ name }) => name)
    .filter((name) => isAboveZero(facts.values.get(name)) && !charged.has(name));
}

function isAboveZero(value: unknown): boolean {
  return isDecimal(value) && greaterThan(value, ZERO);
}

/** Facts that the winning prices compute with, directly or through `derive`. */
function factsCharged(strategy: Strategy, won: readonly RuleOf<'charge'>[]): ReadonlySet<string> {
  const charged = new Set<string>();
  const computedOf = new Map(strategy.computed.map((fact) => [fact.name, fact]));
  const add = (name: string) => {
    if (charged.has(name)) return;
    charged.add(name);
    const computed = computedOf.get(name);
    if (computed?.kind === 'derive') factsOfComputed(computed).forEach(add);
  };
  for (const { event } of won) {
    const price = strategy.prices.get(event.price);
    if (price !== undefined) factsOf(price).forEach(add);
  }
  return charged;
}
