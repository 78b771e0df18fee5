import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  AlternativeSchema,
  ConditionExplanationSchema,
  Discount as ProtoDiscount,
  Evaluation as ProtoEvaluation,
  ExplanationSchema,
  GivenGrant as ProtoGrant,
  Quote as ProtoQuote,
  QuoteLine,
  Tax as ProtoTax,
  TierShare,
} from '../../gen/ratebook/v1/rate_pb.js';
import { formatDecimal } from '../../money/decimal.js';
import { toTimestamp } from '../../platform/grpc/timestamp.js';
import type { PricedGrant } from '../../quote/grants.js';
import type { Alternative } from '../../quote/nearest/alternatives.js';
import type { ConditionExplanation } from '../../quote/explain-condition.js';
import type { Explanation } from '../../quote/explain.js';
import type { Nearest } from '../../quote/nearest/nearest.js';
import type { Discount, Line, Tax } from '../../quote/line.js';
import type { Evaluation } from '../../quote/quote.js';
import type { UseOutcome } from '../../quote/nearest/use-outcome.js';
import { formatFactValue } from '../../strategy/fact-value.js';
import type { PricedQuote } from './compute-quote.js';

/** Written out as the message that it is: `create` would walk through and copy every part of it once more. */
export function toProtoQuote({ quote, revision, provisionalAfter }: PricedQuote): ProtoQuote {
  return {
    $typeName: 'ratebook.v1.Quote',
    strategy: quote.strategy,
    revision: BigInt(revision.head.number),
    contentHash: revision.contentHash,
    currency: quote.currency,
    amount: formatDecimal(quote.amount),
    total: formatDecimal(quote.total),
    evaluations: quote.evaluations.map((one) => toProtoEvaluation(one, quote.currency)),
    provisionalAfter: provisionalAfter === undefined ? undefined : toTimestamp(provisionalAfter),
  };
}

function toProtoEvaluation(evaluation: Evaluation, currency: string): ProtoEvaluation {
  return {
    $typeName: 'ratebook.v1.Evaluation',
    amount: formatDecimal(evaluation.amount),
    total: formatDecimal(evaluation.total),
    lines: evaluation.lines.map(toProtoLine),
    discounts: evaluation.discounts.map(toProtoDiscount),
    taxes: evaluation.taxes.map(toProtoTax),
    grants: evaluation.grants?.map((grant) => toProtoGrant(grant, currency)) ?? [],
  };
}

function toProtoGrant(
  { rule, unit, quantity, prices, expires, rollOver }: PricedGrant,
  currency: string,
): ProtoGrant {
  return {
    $typeName: 'ratebook.v1.GivenGrant',
    rule,
    unit: unit ?? currency,
    quantity: formatDecimal(quantity),
    prices: [...prices],
    expires: expires ?? '',
    rollOver,
  };
}

export function toProtoLine(line: Line): QuoteLine {
  const known = line.kind !== 'measured';
  return {
    $typeName: 'ratebook.v1.QuoteLine',
    line: line.line,
    kind: line.kind,
    price: line.price,
    rule: line.rule,
    quantity: formatDecimal(line.quantity),
    usedBefore: formatDecimal(line.usedBefore),
    amount: known ? formatDecimal(line.amount) : '',
    net: known ? formatDecimal(line.net) : '',
    tiers: line.shares.map(toProtoShare),
  };
}

function toProtoShare(share: Line['shares'][number]): TierShare {
  return {
    $typeName: 'ratebook.v1.TierShare',
    tier: share.tier + 1,
    upTo: share.upTo === undefined ? '' : formatDecimal(share.upTo),
    quantity: formatDecimal(share.quantity),
    unitPrice: formatDecimal(share.unitPrice),
    per: formatDecimal(share.per),
    flat: formatDecimal(share.flat),
    amount: formatDecimal(share.amount),
  };
}

export function toProtoDiscount({ kind, rule, label, amount, lines }: Discount): ProtoDiscount {
  return {
    $typeName: 'ratebook.v1.Discount',
    kind,
    rule,
    label,
    amount: formatDecimal(amount),
    lines: Object.fromEntries([...lines].map(([line, loss]) => [line, formatDecimal(loss)])),
  };
}

function toProtoTax({ rules, label, percent, included, base, amount }: Tax): ProtoTax {
  return {
    $typeName: 'ratebook.v1.Tax',
    rule: rules.join(', '),
    label,
    percent: formatDecimal(percent),
    included,
    base: formatDecimal(base),
    amount: formatDecimal(amount),
  };
}

export function toProtoExplanation(
  { facts, rules, steps, pieces }: Explanation,
  { alternatives, nextSteps }: Nearest = { alternatives: [], nextSteps: [] },
): MessageInitShape<typeof ExplanationSchema> {
  return {
    facts: textsOf(facts),
    rules: rules.map(toProtoRule),
    pieces: pieces.map((piece) => ({
      start: toTimestamp(piece.from),
      facts: textsOf(piece.facts),
      rules: piece.rules.map(toProtoRule),
    })),
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

function textsOf(facts: Explanation['facts']): Record<string, string> {
  return Object.fromEntries([...facts].map(([name, value]) => [name, formatFactValue(value)]));
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
