import { isDecimal } from '../../money/decimal.js';
import type { FactValues } from '../../strategy/engine/matcher.js';
import { formatFactValue } from '../../strategy/fact-value.js';
import type { FactValue, Strategy } from '../../strategy/strategy.js';
import { BUILT_IN_GIVEN } from '../built-in.js';
import { clockMoved } from './clock-change.js';
import type { Use } from '../gathering.js';
import type { GivenFact, QuoteInput } from '../input.js';
import { copyTotals } from '../totals.js';

/** What is asked about one use, with the facts that it came to. */
export type Asked = Use & { readonly input: QuoteInput; readonly facts: FactValues };

/** One fact with another value; undefined: not sent. */
export type Change = { readonly fact: string; readonly value: FactValue | undefined };

/**
 * Whether a fact can be otherwise by itself. What is computed, counted or measured follows from something else, and
 * another account is no other use of this one.
 */
export function standsByItself({ facts }: Strategy, fact: string): boolean {
  if (fact === 'account.id') return false;
  return facts.has(fact) || BUILT_IN_GIVEN.has(fact) || isLocal(fact);
}

/**
 * The same question with one fact changed, after the same totals; undefined where it cannot be. A clock that is moved
 * leaves the instant as it is, since another one would be in another window, or after another revision.
 */
export function supposing(
  strategy: Strategy,
  { input, index, totals, facts }: Asked,
  { fact, value }: Change,
): { readonly input: QuoteInput; readonly use: Use } | undefined {
  const use = { index, totals: copyTotals(totals) };
  if (!isLocal(fact)) return { input: withFact(input, index, { fact, value }), use };
  const at = facts.get('occurred_at');
  if (typeof at !== 'bigint' || value === undefined) return undefined;
  const moved = clockMoved(strategy, at, fact, value);
  const read = [...(moved ?? [])].filter(([name]) => facts.has(name));
  return moved && { input, use: { ...use, supposed: new Map(read) } };
}

export function isLocal(fact: string): boolean {
  return fact.startsWith('local_');
}

function withFact(input: QuoteInput, index: number, { fact, value }: Change): QuoteInput {
  const given = new Map(input.usages[index]);
  if (value === undefined) given.delete(fact);
  else given.set(fact, givenAs(value));
  return { ...input, usages: input.usages.with(index, given) };
}

function givenAs(value: FactValue): GivenFact {
  if (typeof value === 'bigint') return { kind: 'instant', at: value };
  if (typeof value === 'object' && !isDecimal(value)) return { kind: 'list', texts: value };
  return { kind: 'text', text: formatFactValue(value) };
}
