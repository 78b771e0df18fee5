import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  AlternativeSchema,
  ConditionExplanationSchema,
  EvaluationSchema,
  ExplanationSchema,
  QuoteLineSchema,
  QuoteSchema,
} from '../../gen/ratebook/v1/rate_pb.js';
import { type Decimal, formatDecimal } from '../../money/decimal.js';
import { toTimestamp } from '../../platform/grpc/timestamp.js';
import type { Alternative } from '../../quote/nearest/alternatives.js';
import type { ConditionExplanation } from '../../quote/explain-condition.js';
import type { Explanation } from '../../quote/explain.js';
import type { Nearest } from '../../quote/nearest/nearest.js';
import type { Line } from '../../quote/line.js';
import type { Evaluation } from '../../quote/quote.js';
import type { UseOutcome } from '../../quote/nearest/use-outcome.js';
import { formatFactValue } from '../../strategy/fact-value.js';
import type { PricedQuote } from './compute-quote.js';

export function toProtoQuote({
  quote,
  revision,
  provisionalAfter,
}: PricedQuote): MessageInitShape<typeof QuoteSchema> {
  return {
    strategy: quote.strategy,
    revision: BigInt(revision.head.number),
    contentHash: revision.contentHash,
    currency: quote.currency,
    amount: formatDecimal(quote.amount),
    total: formatDecimal(quote.total),
    evaluations: quote.evaluations.map(toProtoEvaluation),
    provisionalAfter: provisionalAfter === undefined ? undefined : toTimestamp(provisionalAfter),
  };
}

function toProtoEvaluation(evaluation: Evaluation): MessageInitShape<typeof EvaluationSchema> {
  return {
    amount: formatDecimal(evaluation.amount),
    total: formatDecimal(evaluation.total),
    lines: evaluation.lines.map(toProtoLine),
    discounts: evaluation.discounts.map(({ kind, rule, label, amount, lines }) => ({
      kind,
      rule,
      label,
      amount: formatDecimal(amount),
      lines: Object.fromEntries([...lines].map(([line, loss]) => [line, formatDecimal(loss)])),
    })),
    taxes: evaluation.taxes.map(({ rules, label, percent, included, base, amount }) => ({
      rule: rules.join(', '),
      label,
      percent: formatDecimal(percent),
      included,
      base: formatDecimal(base),
      amount: formatDecimal(amount),
    })),
  };
}

function toProtoLine(line: Line): MessageInitShape<typeof QuoteLineSchema> {
  const known = line.kind !== 'measured';
  return {
    line: line.line,
    kind: line.kind,
    price: line.price,
    rule: line.rule,
    quantity: formatDecimal(line.quantity),
    usedBefore: formatDecimal(line.usedBefore),
    amount: known ? formatDecimal(line.amount) : '',
    net: known ? formatDecimal(line.net) : '',
    tiers: line.shares.map(({ tier, upTo, ...share }) => ({
      tier: tier + 1,
      upTo: optional(upTo),
      quantity: formatDecimal(share.quantity),
      unitPrice: formatDecimal(share.unitPrice),
      per: formatDecimal(share.per),
      flat: formatDecimal(share.flat),
      amount: formatDecimal(share.amount),
    })),
  };
}

function optional(value: Decimal | undefined): string {
  return value === undefined ? '' : formatDecimal(value);
}

export function toProtoExplanation(
  { facts, rules, steps }: Explanation,
  { alternatives, nextSteps }: Nearest = { alternatives: [], nextSteps: [] },
): MessageInitShape<typeof ExplanationSchema> {
  return {
    facts: Object.fromEntries([...facts].map(([name, value]) => [name, formatFactValue(value)])),
    rules: rules.map(toProtoRule),
    steps: steps.map(({ line, label, expression, value }) => ({
      line,
      label,
      expression,
      value: formatDecimal(value),
    })),
    alternatives: alternatives.map(toProtoAlternative),
    nextSteps: nextSteps.map((step) => ({ ...step, left: formatDecimal(step.left) })),
  };
}

function toProtoAlternative(alternative: Alternative): MessageInitShape<typeof AlternativeSchema> {
  const { fact, value, insteadOf, outcome, insteadOfOutcome } = alternative;
  return {
    fact,
    value: value === undefined ? '' : formatFactValue(value),
    insteadOf: insteadOf === undefined ? '' : formatFactValue(insteadOf),
    total: totalOf(outcome),
    insteadOfTotal: totalOf(insteadOfOutcome),
    rules: [...outcome.rules],
    insteadOfRules: [...insteadOfOutcome.rules],
    ...(outcome.kind === 'unpriced' && {
      errorReason: outcome.error.reason,
      errorMessage: outcome.error.message,
    }),
  };
}

function totalOf(outcome: UseOutcome): string {
  return outcome.kind === 'priced' ? formatDecimal(outcome.total) : '';
}

function toProtoRule({ conditions, ...rule }: Explanation['rules'][number]) {
  return { ...rule, conditions: conditions && toProtoCondition(conditions) };
}

function toProtoCondition({
  kind,
  holds,
  name,
  children,
  leaf,
}: ConditionExplanation): MessageInitShape<typeof ConditionExplanationSchema> {
  return {
    kind,
    holds,
    name: name ?? '',
    children: children.map(toProtoCondition),
    ...(leaf && { ...leaf, found: leaf.found ?? '' }),
  };
}
