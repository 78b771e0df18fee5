import { RatebookError } from '../errors/error.js';
import { type FactValues, type MatchQuestion, type RuleTrace, inRank } from '../strategy/engine/matcher.js';
import { formatFactValue } from '../strategy/fact-value.js';
import type { Matches, Strategy } from '../strategy/strategy.js';
import type { Instant } from '../time/instant.js';
import type { Charge } from './charge.js';
import { type ConditionExplanation, explainCondition } from './explain-condition.js';
import { type Outcome, type Result, outcomeOf } from './explain-rule.js';
import { type Step, stepsOf } from './explain-steps.js';
import type { QuoteInput } from './input.js';
import type { Piece } from './pieces/piece.js';
import { type Evaluation, type Quote, type RatedUse, quote } from './quote.js';

/** Why one evaluation came out as it did: every rule of the moment in file order, then the arithmetic. */
export type Explanation = {
  /** Of a use that was priced in pieces: those of the first. */
  readonly facts: FactValues;
  readonly rules: readonly RuleExplanation[];
  readonly steps: readonly Step[];
  /** What was otherwise in each later piece of a use, in order. */
  readonly pieces: readonly PieceExplanation[];
};

export type PieceExplanation = {
  /** Where it begins; it ends where the next one does, or with the use. */
  readonly from: Instant;
  /** Facts that are other than in the first piece. */
  readonly facts: FactValues;
  readonly rules: readonly RuleExplanation[];
};

export type RuleExplanation = {
  readonly rule: string;
  readonly priority: number;
  readonly matched: boolean;
  readonly outcome: Outcome['outcome'] | 'not_matched';
  /** One sentence. */
  readonly reason: string;
  /** None: the rule always matches. */
  readonly conditions?: ConditionExplanation;
};

/** A quote with the reason for it, or the reason why there is none: then nothing won, and the conditions say why. */
export type Explained = {
  readonly quote?: Quote;
  readonly error?: RatebookError;
  /** One for each use that rules were matched for, in order. */
  readonly explanations: readonly Explanation[];
};

/** Explains the calculation of one use that is kept, again from what it does. Throws as the calculation does. */
export function* explainUse(
  calculation: Generator<MatchQuestion, RatedUse, Matches>,
): Generator<MatchQuestion, Explanation, readonly RuleTrace[]> {
  const seen: SeenUse[] = [];
  let step = calculation.next();
  while (step.done !== true) {
    const traces = yield step.value;
    see(seen, step.value, traces);
    step = calculation.next(matchesIn(traces));
  }
  const [use = NOTHING_SEEN] = seen;
  return explain(use, step.value.evaluation);
}

/** Prices an input and explains it from what priced it; nothing is decided a second time. */
export function* explainQuote(
  strategy: Strategy,
  input: QuoteInput,
): Generator<MatchQuestion, Explained, readonly RuleTrace[]> {
  const seen: SeenUse[] = [];
  const calculation = quote(strategy, input);
  try {
    let step = calculation.next();
    while (step.done !== true) {
      const traces = yield step.value;
      see(seen, step.value, traces);
      step = calculation.next(matchesIn(traces));
    }
    const { evaluations } = step.value;
    return { quote: step.value, explanations: seen.map((use, i) => explain(use, evaluations[i])) };
  } catch (error) {
    if (!(error instanceof RatebookError)) throw error;
    return { error, explanations: seen.map((use) => explain(use, undefined)) };
  }
}

type Seen = { readonly facts: FactValues; readonly traces: readonly RuleTrace[] };
type SeenLater = Seen & { readonly from: Instant };
/** A use, and what it was asked about where it may have had to be cut. */
type SeenUse = Seen & { readonly later: SeenLater[] };

function matchesIn(traces: readonly RuleTrace[]): Matches {
  return inRank(traces.filter(({ matched }) => matched).map(({ rule }) => rule));
}

/** A calculation that asked for no rules. */
const NOTHING_SEEN: SeenUse = { facts: new Map(), traces: [], later: [] };

/** Notes what was asked about a use, or about a later piece of it. */
function see(seen: SeenUse[], { facts, from }: MatchQuestion, traces: readonly RuleTrace[]): void {
  if (from === undefined) seen.push({ facts, traces, later: [] });
  else seen.at(-1)?.later.push({ facts, traces, from });
}

function explain(use: SeenUse, evaluation: Evaluation | undefined): Explanation {
  return {
    facts: use.facts,
    rules: explainRules(use, resultIn(evaluation, undefined)),
    steps: evaluation === undefined ? [] : stepsOf(evaluation),
    pieces: laterPieces(use, evaluation).map((piece) => ({
      from: piece.from,
      facts: otherThan(use.facts, piece.facts),
      rules: explainRules(piece, resultIn(evaluation, piece.from)),
    })),
  };
}

/** Where there is no price, the stretches of the use in which other rules match than before. */
function laterPieces(use: SeenUse, evaluation: Evaluation | undefined): readonly SeenLater[] {
  if (evaluation !== undefined) {
    const begins = new Set(evaluation.pieces?.map(({ span }) => span.start));
    return use.later.filter(({ from }) => begins.has(from));
  }
  let before = matchedIn(use);
  return use.later.filter((piece) => {
    const matched = matchedIn(piece);
    const isOther = matched !== before;
    before = matched;
    return isOther;
  });
}

function matchedIn({ traces }: Seen): string {
  return traces.map(({ matched }) => (matched ? '1' : '0')).join('');
}

function otherThan(first: FactValues, facts: FactValues): FactValues {
  return new Map(
    [...facts].filter(([name, value]) => {
      const before = first.get(name);
      return before === undefined || formatFactValue(before) !== formatFactValue(value);
    }),
  );
}

/** What one piece of a use has come to, or a use that was priced as a whole. */
function resultIn(evaluation: Evaluation | undefined, from: Instant | undefined): Result | undefined {
  const { pieces } = evaluation ?? {};
  const piece = from === undefined ? pieces?.[0] : pieces?.find(({ span }) => span.start === from);
  if (evaluation === undefined || piece === undefined) return evaluation;
  const own = evaluation.charges.flatMap((charge) => (covers(charge, piece) ? [charge.line] : []));
  const added = evaluation.lines.filter(({ kind }) => kind === 'surcharge');
  return { ...evaluation, matches: piece.matches, lines: [...own, ...added] };
}

/** A line may be charged for several pieces at once. */
function covers(charge: Charge, { span }: Piece): boolean {
  return (
    charge.piece !== undefined && charge.piece.span.start <= span.start && span.end <= charge.piece.span.end
  );
}

function explainRules({ facts, traces }: Seen, result: Result | undefined): readonly RuleExplanation[] {
  return traces.map(({ rule, matched, conditions }): RuleExplanation => ({
    rule: rule.name,
    priority: rule.priority,
    matched,
    ...(matched
      ? outcomeOf(rule, result)
      : { outcome: 'not_matched', reason: 'Its conditions do not hold.' }),
    ...(conditions && { conditions: explainCondition(facts, conditions) }),
  }));
}
