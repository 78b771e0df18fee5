import { equals } from '../money/compare.js';
import { isDecimal, isZero } from '../money/decimal.js';
import { factsOf } from '../pricing/resolve.js';
import type { FactValues, MatchQuestion } from '../strategy/engine/matcher.js';
import { formatFactValue } from '../strategy/fact-value.js';
import { factsOfComputed } from '../strategy/read/reads.js';
import type { FactValue, Matches, Strategy } from '../strategy/strategy.js';
import { BUILT_IN_GIVEN } from './built-in.js';
import { clockMoved } from './clock-change.js';
import { type Comparisons, comparisonsOf } from './comparisons.js';
import type { Use } from './gathering.js';
import type { GivenFact, QuoteInput } from './input.js';
import { type Candidate, type Way, waysFrom } from './neighbours.js';
import { copyTotals } from './totals.js';
import { type Answered, type UseOutcome, tryUse } from './use-outcome.js';

/** With this one fact changed, and all that is computed from it, the use would have had another outcome. */
export type Alternative = {
  readonly fact: string;
  /** Undefined: not sent. */
  readonly value: FactValue | undefined;
  readonly insteadOf: FactValue | undefined;
  readonly outcome: UseOutcome;
  readonly insteadOfOutcome: UseOutcome;
};

const MOST_ALTERNATIVES = 5;

/** What a search goes by, found once for all uses of a quote. */
export type Search = {
  readonly strategy: Strategy;
  readonly input: QuoteInput;
  readonly comparisons: ReadonlyMap<string, Comparisons>;
  /** Facts that prices compute with: another amount of them is no other outcome. */
  readonly counted: ReadonlySet<string>;
};

export function searchOf(strategy: Strategy, input: QuoteInput): Search {
  const comparisons = comparisonsOf(strategy, input.moment);
  return { strategy, input, comparisons, counted: countedFacts(strategy) };
}

/** The use as it was priced, the totals before it, and how many prices may be computed. */
type From = Use & { readonly attempt: Answered; readonly tries: number };

/** Tries other values, the nearest first, until enough of them give another outcome. */
export function* alternativesTo(
  search: Search,
  from: From,
): Generator<MatchQuestion, readonly Alternative[], Matches> {
  const { attempt } = from;
  const found: Alternative[] = [];
  const ended = new Set<Way>();
  let tries = 0;
  for (const { fact, way, value } of candidatesFrom(search, attempt.facts)) {
    if (found.length === MOST_ALTERNATIVES || tries === from.tries) break;
    const changed = ended.has(way) ? undefined : supposing(search, from, { fact, value });
    if (changed === undefined) continue;
    tries += 1;
    const other = yield* tryUse(search.strategy, changed.input, changed.use);
    if (other.kind === 'refused' || !isOther(search, attempt, { fact, other })) continue;
    ended.add(way);
    const insteadOf = attempt.facts.get(fact);
    found.push({ fact, value, insteadOf, outcome: other.outcome, insteadOfOutcome: attempt.outcome });
  }
  return found;
}

type Change = { readonly fact: string; readonly value: FactValue | undefined };

/** Every value to try, nearest first, then by the name of the fact. */
function candidatesFrom(
  { strategy, comparisons }: Search,
  facts: FactValues,
): readonly (Candidate & { readonly fact: string; readonly way: Way })[] {
  const candidates = [...comparisons]
    .filter(([fact]) => standsByItself(strategy, fact))
    .flatMap(([fact, compared]) => {
      const ways = waysFrom({ name: fact, declared: strategy.facts.get(fact) }, compared, facts);
      return ways.flatMap((way) => way.map((candidate) => ({ ...candidate, fact, way })));
    });
  return candidates.sort((a, b) => a.steps - b.steps || (a.fact < b.fact ? -1 : a.fact > b.fact ? 1 : 0));
}

/** What is computed, counted or measured is otherwise only when something else is, and an account is not another one. */
function standsByItself({ facts }: Strategy, fact: string): boolean {
  if (fact === 'account.id') return false;
  return facts.has(fact) || BUILT_IN_GIVEN.has(fact) || isLocal(fact);
}

function isLocal(fact: string): boolean {
  return fact.startsWith('local_');
}

/** Whether the outcome is one to tell of: a price where there was none, no price where there was one, or another price. */
function isOther(
  { strategy, counted }: Search,
  now: Answered,
  { fact, other }: { readonly fact: string; readonly other: Answered },
): boolean {
  if (now.outcome.kind === 'unpriced') return other.outcome.kind === 'priced';
  const [from, to] = [now.facts.get(fact), other.facts.get(fact)];
  // That there is no use without units, and that the first ones cost something, nobody has to be told.
  if (counted.has(fact) && (isNothing(from) || isNothing(to))) return false;
  if (other.outcome.kind === 'unpriced') return other.outcome.error.reason !== 'INVALID_FACTS';
  if (
    equals(now.outcome.total, other.outcome.total) ||
    currencyIn(strategy, now) !== currencyIn(strategy, other)
  )
    return false;
  return !counted.has(fact) || basisOf(strategy, now) !== basisOf(strategy, other);
}

function isNothing(value: FactValue | undefined): boolean {
  return value === undefined || (isDecimal(value) && isZero(value));
}

function currencyIn({ currency }: Strategy, { facts }: Answered): string {
  return currency.kind === 'fixed' ? currency.code : formatFactValue(facts.get(currency.fact) ?? '');
}

/** The rules that did something and the rows that were found: what a price goes by but the units themselves. */
function basisOf({ computed }: Strategy, { facts, outcome }: Answered): string {
  const rows = computed
    .filter(({ kind, name }) => kind === 'lookup' && facts.has(name))
    .map(({ name }) => formatFactValue(facts.get(name) ?? ''));
  return JSON.stringify([outcome.rules, rows]);
}

/** Facts that a price computes with, directly or through `derive`, and those that are billable. */
function countedFacts({ facts, prices, computed }: Strategy): ReadonlySet<string> {
  const billable = [...facts.values()].filter((fact) => fact.billable).map(({ name }) => name);
  const counted = new Set([...billable, ...[...prices.values()].flatMap(factsOf)]);
  // Each computed fact stands after those that it is computed from.
  for (const fact of computed.toReversed()) {
    if (fact.kind === 'derive' && counted.has(fact.name))
      factsOfComputed(fact).forEach((name) => counted.add(name));
  }
  return counted;
}

/** The question with one fact changed; undefined where it cannot be. */
function supposing(
  { strategy, input }: Search,
  { index, totals, attempt }: From,
  { fact, value }: Change,
): { readonly input: QuoteInput; readonly use: Use } | undefined {
  const use = { index, totals: copyTotals(totals) };
  if (!isLocal(fact)) return { input: withFact(input, index, { fact, value }), use };
  const at = attempt.facts.get('occurred_at');
  if (typeof at !== 'bigint' || value === undefined) return undefined;
  const moved = clockMoved(strategy, at, fact, value);
  const supposed = [...(moved ?? [])].filter(([name]) => attempt.facts.has(name));
  return moved && { input, use: { ...use, supposed: new Map(supposed) } };
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
