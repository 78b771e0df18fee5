import { RatebookError } from '../errors/error.js';
import { type Decimal, ZERO, formatDecimal, sum } from '../money/decimal.js';
import { explainRating } from '../pricing/steps.js';
import { type FactValues, type MatchQuestion, type RuleTrace, inRank } from '../strategy/engine/matcher.js';
import type { Rule, Strategy } from '../strategy/strategy.js';
import type { Charge } from './charge.js';
import { type ConditionExplanation, explainCondition } from './explain-condition.js';
import type { QuoteInput } from './input.js';
import { type Evaluation, type Quote, quote } from './quote.js';

/** Why one evaluation came out as it did: every rule of the moment in file order, then the arithmetic. */
export type Explanation = {
  readonly facts: FactValues;
  readonly rules: readonly RuleExplanation[];
  readonly steps: readonly Step[];
};

export type RuleExplanation = {
  readonly rule: string;
  readonly priority: number;
  readonly matched: boolean;
  readonly outcome: 'won' | 'beaten' | 'applied' | 'not_applied' | 'not_matched';
  /** One sentence. */
  readonly reason: string;
  /** None: the rule always matches. */
  readonly conditions?: ConditionExplanation;
};

/** `expression` with its numbers gives `value`; `line` is empty where it is about the whole. */
export type Step = {
  readonly line: string;
  readonly label: string;
  readonly expression: string;
  readonly value: Decimal;
};

/** A quote with the reason for it, or the reason why there is none: then nothing won, and the conditions say why. */
export type Explained = {
  readonly quote?: Quote;
  readonly error?: RatebookError;
  /** One for each use that rules were matched for, in order. */
  readonly explanations: readonly Explanation[];
};

/** Prices an input and explains it from what priced it; nothing is decided a second time. */
export function* explainQuote(
  strategy: Strategy,
  input: QuoteInput,
): Generator<MatchQuestion, Explained, readonly RuleTrace[]> {
  const seen: Seen[] = [];
  const calculation = quote(strategy, input);
  try {
    let step = calculation.next();
    while (step.done !== true) {
      const traces = yield step.value;
      seen.push({ facts: step.value.facts, traces });
      step = calculation.next(inRank(traces.filter(({ matched }) => matched).map(({ rule }) => rule)));
    }
    const { evaluations } = step.value;
    return { quote: step.value, explanations: seen.map((use, i) => explain(strategy, use, evaluations[i])) };
  } catch (error) {
    if (!(error instanceof RatebookError)) throw error;
    return { error, explanations: seen.map((use) => explain(strategy, use, undefined)) };
  }
}

type Seen = { readonly facts: FactValues; readonly traces: readonly RuleTrace[] };

function explain(
  strategy: Strategy,
  { facts, traces }: Seen,
  evaluation: Evaluation | undefined,
): Explanation {
  const matching = traces.filter(({ matched }) => matched).map(({ rule }) => rule);
  const rules = traces.map(({ rule, matched, conditions }): RuleExplanation => ({
    rule: rule.name,
    priority: rule.priority,
    matched,
    ...(matched
      ? outcomeOf(rule, evaluation ?? NO_PRICE, matching)
      : { outcome: 'not_matched', reason: 'Its conditions do not hold.' }),
    ...(conditions && { conditions: explainCondition(strategy, facts, conditions) }),
  }));
  const steps =
    evaluation === undefined
      ? []
      : [...evaluation.charges.flatMap(chargeSteps), ...adjustmentSteps(evaluation)];
  return { facts, rules, steps };
}

const NO_PRICE: Pick<Evaluation, 'lines' | 'discounts' | 'taxes'> = { lines: [], discounts: [], taxes: [] };

type Outcome = Pick<RuleExplanation, 'outcome' | 'reason'>;

function outcomeOf(
  rule: Rule,
  { lines, discounts, taxes }: Pick<Evaluation, 'lines' | 'discounts' | 'taxes'>,
  rules: readonly Rule[],
): Outcome {
  switch (rule.event.type) {
    case 'charge': {
      const { line, price } = rule.event;
      const charged = lines.find((candidate) => candidate.line === line && candidate.kind !== 'surcharge');
      if (charged === undefined)
        return { outcome: 'not_applied', reason: `Nothing was charged on the line ${line}.` };
      if (charged.rule === rule.name)
        return { outcome: 'won', reason: `It charges ${price} on the line ${line}.` };
      return { outcome: 'beaten', reason: `On the line ${line}, ${whyBefore(charged.rule, rule, rules)}.` };
    }
    case 'discount': {
      const taken = discounts.find((discount) => discount.rule === rule.name);
      if (taken === undefined)
        return {
          outcome: 'not_applied',
          reason:
            'It takes nothing off: its lines are not charged, cost nothing, or an exclusive discount stands first.',
        };
      return { outcome: 'applied', reason: `It takes off ${formatDecimal(taken.amount)}.` };
    }
    case 'surcharge':
    case 'minimum':
    case 'maximum': {
      const changed =
        lines.some((line) => line.rule === rule.name) ||
        discounts.some((discount) => discount.rule === rule.name);
      return changed
        ? { outcome: 'applied', reason: `It changes the bill as a ${rule.event.type}.` }
        : { outcome: 'not_applied', reason: 'It changes nothing here.' };
    }
    case 'tax': {
      const tax = taxes.find(({ rules }) => rules.includes(rule.name));
      if (tax === undefined) return { outcome: 'not_applied', reason: 'There is nothing to tax.' };
      return {
        outcome: 'applied',
        reason: `It is ${formatDecimal(tax.amount)} on ${formatDecimal(tax.base)}.`,
      };
    }
    case 'reject':
      return { outcome: 'applied', reason: `It refuses this use: ${rule.event.message}` };
    case 'grant':
      return { outcome: 'not_applied', reason: 'It takes effect when the purchase is recorded.' };
  }
}

/** Why the winner of a line comes before another rule: `text by day has priority 10`. */
function whyBefore(winner: string, rule: Rule, rules: readonly Rule[]): string {
  const priority = rules.find(({ name }) => name === winner)?.priority ?? rule.priority;
  return priority > rule.priority
    ? `${winner} has priority ${priority}`
    : `${winner} has the same priority and stands earlier in the file`;
}

function chargeSteps({ line, rating }: Charge): readonly Step[] {
  if (rating === undefined)
    return [
      {
        line: line.line,
        label: 'Measured; priced when its period closes',
        expression: '',
        value: line.quantity,
      },
    ];
  const { price, before, quantity, bounds, share } = rating;
  const steps = explainRating(price, before, quantity, bounds).map((step) => ({ line: line.line, ...step }));
  if (share.numerator.eq(share.denominator)) return steps;
  const full = formatDecimal(steps.at(-1)?.value ?? line.amount);
  const expression = `${full} × ${formatDecimal(share.numerator)} ÷ ${formatDecimal(share.denominator)}`;
  return [...steps, { line: line.line, label: 'For the part of the period', expression, value: line.amount }];
}

function adjustmentSteps({ lines, discounts, taxes, amount, total }: Evaluation): readonly Step[] {
  const billed = lines
    .filter(({ kind }) => kind === 'billed')
    .map((line) => ({ line: line.line, label: 'On the statement', expression: '', value: line.amount }));
  const taken = discounts.flatMap(({ label, lines: losses }) =>
    [...losses].map(([line, loss]) => ({ line, label: `Less ${label}`, expression: '', value: loss.neg() })),
  );
  const added = lines
    .filter(({ kind }) => kind === 'surcharge' || kind === 'minimum')
    .map((line) => ({ line: line.line, label: `Added by ${line.rule}`, expression: '', value: line.amount }));
  const taxed = taxes.map(({ label, percent, base, amount: tax, included }) => ({
    line: '',
    label,
    expression: included
      ? `${formatDecimal(percent)} % contained in ${formatDecimal(base)}`
      : `${formatDecimal(base)} × ${formatDecimal(percent)} %`,
    value: tax,
  }));
  const nets = lines.filter(({ kind }) => kind !== 'measured').map(({ net }) => formatDecimal(net));
  const amountStep = { line: '', label: 'Amount', expression: nets.join(' + '), value: amount };
  const totalSteps = total.eq(amount)
    ? []
    : [{ line: '', label: 'Total with taxes', expression: '', value: total }];
  return [
    ...billed,
    ...taken,
    ...added,
    ...roundingSteps({ lines, discounts }),
    amountStep,
    ...taxed,
    ...totalSteps,
  ];
}

/** On a bill a line is rounded once; before it nothing is. */
function roundingSteps({ lines, discounts }: Pick<Evaluation, 'lines' | 'discounts'>): readonly Step[] {
  return lines.flatMap(({ line, amount, net }) => {
    const losses = sum(discounts.map((discount) => discount.lines.get(line) ?? ZERO));
    const exact = amount.minus(losses);
    return exact.eq(net)
      ? []
      : [{ line, label: `Rounded to ${formatDecimal(net)}`, expression: '', value: net.minus(exact) }];
  });
}
