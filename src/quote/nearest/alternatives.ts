import type { FactValues, MatchQuestion } from '../../strategy/engine/matcher.js';
import type { FactValue, Matches, Strategy } from '../../strategy/strategy.js';
import { type Comparisons, comparisonsOf } from './comparisons.js';
import { edgesNow } from './edges-now.js';
import type { Use } from '../gathering.js';
import type { QuoteInput } from '../input.js';
import { type Way, waysFrom } from './neighbours.js';
import { countedFacts, isOther } from './other-outcome.js';
import { type Change, isLocal, standsByItself, supposing } from './suppose.js';
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
  readonly comparisons: Comparisons;
  /** Facts that can be otherwise, by name. */
  readonly facts: readonly string[];
  readonly counted: ReadonlySet<string>;
};

export function searchOf(strategy: Strategy, input: QuoteInput): Search {
  const comparisons = comparisonsOf(strategy, input.moment);
  const facts = [...comparisons.keys()].filter((fact) => standsByItself(strategy, fact)).sort();
  return { strategy, input, comparisons, facts, counted: countedFacts(strategy) };
}

/** The use as it was priced, the totals before it, and how many prices may be computed. */
type From = Use & { readonly now: Answered; readonly tries: number };

/** Tries other values, the nearest first, until enough of them give another outcome. */
export function* alternativesTo(
  search: Search,
  { now, tries, ...use }: From,
): Generator<MatchQuestion, readonly Alternative[], Matches> {
  const { strategy, input, counted } = search;
  const found: Alternative[] = [];
  const ended = new Set<Way>();
  let tried = 0;
  for (const { fact, value, way } of candidatesFrom(search, now.facts)) {
    if (found.length === MOST_ALTERNATIVES || tried === tries) break;
    if (ended.has(way)) continue;
    // What clocks show changes within such a use already.
    if (now.evaluation?.pieces !== undefined && isLocal(fact)) continue;
    const supposed = supposing(strategy, { ...use, input, facts: now.facts }, { fact, value });
    if (supposed === undefined) continue;
    tried += 1;
    const other = yield* tryUse(strategy, supposed.input, supposed.use);
    if (other.kind === 'refused' || !isOther(strategy, counted, { fact, now, other })) continue;
    ended.add(way);
    const insteadOf = now.facts.get(fact);
    found.push({ fact, value, insteadOf, outcome: other.outcome, insteadOfOutcome: now.outcome });
  }
  return found;
}

/** Every value to try: the first step of each way, then the second of each, by the names of facts. */
function* candidatesFrom(
  { strategy, comparisons, facts: names }: Search,
  facts: FactValues,
): Generator<Change & { readonly way: Way }> {
  const edgesOf = edgesNow(comparisons, facts);
  const ways = names.flatMap((fact) => {
    const type = strategy.types.get(fact) ?? 'string';
    const [declared, value] = [strategy.facts.get(fact), facts.get(fact)];
    return waysFrom({ type, declared, value, edges: edgesOf(fact) }).map((way) => ({ fact, way }));
  });
  const farthest = Math.max(0, ...ways.map(({ way }) => way.at(-1)?.steps ?? 0));
  for (let steps = 1; steps <= farthest; steps++) {
    for (const { fact, way } of ways) {
      const candidate = way.find((one) => one.steps === steps);
      if (candidate !== undefined) yield { fact, value: candidate.value, way };
    }
  }
}
