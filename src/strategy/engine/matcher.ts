import type { Condition, FactValue, Leaf, Matches, Moment, Rule, Strategy } from '../strategy.js';
import type { Instant } from '../../time/instant.js';

/** The port behind which both engines stand. They differ in speed and never in the answer. */
export type Engine = {
  /** The rules of the moment that match, highest priority first, then in file order. */
  readonly match: (question: MatchQuestion) => Matches | Promise<Matches>;
  /** What became of every rule of the moment, in file order, condition by condition. */
  readonly trace: (question: MatchQuestion) => readonly RuleTrace[] | Promise<readonly RuleTrace[]>;
};

/** An engine that answers at once. */
export type PromptEngine = {
  readonly match: (question: MatchQuestion) => Matches;
  readonly trace: (question: MatchQuestion) => readonly RuleTrace[];
};

/** What a calculation asks of an engine. */
export type MatchQuestion = {
  readonly moment: Moment;
  readonly facts: FactValues;
  /** When it is about a later piece of the use that was asked about before: where that begins. */
  readonly from?: Instant;
};

/** Makes an engine for one strategy; done once, when a revision is loaded. */
export type EngineFactory = (strategy: Strategy) => Engine;

/** A fact that is not in the map was not sent: every leaf on it is false, whatever its operator. */
export type FactValues = ReadonlyMap<string, FactValue>;

export type RuleTrace = {
  readonly rule: Rule;
  readonly matched: boolean;
  readonly conditions?: ConditionTrace;
};

export type ConditionTrace = {
  readonly condition: Condition;
  readonly holds: boolean;
  /** Of `all`, `any` and `not`: the conditions inside; of `named`: what the name stands for. */
  readonly children: readonly ConditionTrace[];
};

/** The order in which matches are given: highest priority first, then as in the file. */
export function inRank(rules: readonly Rule[]): Matches {
  return [...rules].sort((a, b) => b.priority - a.priority || a.index - b.index);
}

/** Runs a calculation that stops to ask which rules match, waiting where the answer comes later. */
export async function answerWith<A, T>(
  answer: (question: MatchQuestion) => A | Promise<A>,
  calculation: Generator<MatchQuestion, T, A>,
): Promise<T> {
  return answerSoon(answer, calculation);
}

/** Runs a calculation to its end at once, or from the first answer that comes later as a promise. */
export function answerSoon<A, T>(
  answer: (question: MatchQuestion) => A | Promise<A>,
  calculation: Generator<MatchQuestion, T, A>,
): T | Promise<T> {
  const goOn = (from: IteratorResult<MatchQuestion, T>): T | Promise<T> => {
    let step = from;
    while (step.done !== true) {
      const found = answer(step.value);
      if (found instanceof Promise) return found.then((later) => goOn(calculation.next(later)));
      step = calculation.next(found);
    }
    return step.value;
  };
  return goOn(calculation.next());
}

/** Runs a calculation whose questions are answered at once. */
export function answerNow<A, T>(
  answer: (question: MatchQuestion) => A,
  calculation: Generator<MatchQuestion, T, A>,
): T {
  let step = calculation.next();
  while (step.done !== true) step = calculation.next(answer(step.value));
  return step.value;
}

/** Every leaf below a condition; names are not followed. */
export function leavesOf(condition: Condition): readonly Leaf[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(leavesOf);
    case 'not':
      return leavesOf(condition.of);
    case 'named':
      return [];
    case 'leaf':
      return [condition];
  }
}
