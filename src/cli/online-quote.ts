import { RatebookError } from '../errors/error.js';
import type {
  Alternative,
  ConditionExplanation,
  Evaluation,
  GivenGrant,
  Explanation,
  PieceExplanation,
  Quote,
  RuleExplanation,
} from '../gen/ratebook/v1/rate_pb.js';
import { fromRpcStatus } from '../platform/grpc/status.js';
import { fromTimestamp } from '../platform/grpc/timestamp.js';
import type { QuoteInput } from '../quote/input.js';
import { formatInstant } from '../time/instant.js';
import { resourceName } from '../strategy/revision-name.js';
import type {
  AlternativeView,
  ConditionView,
  ExplainedView,
  ExplanationView,
  PieceView,
  RuleView,
} from './explanation-view.js';
import { toProtoInput } from './fact-message.js';
import { viewFailure } from './failure.js';
import { inFilePaths } from './file-path.js';
import { type EvaluationView, type GrantView, type QuoteView, quoteView } from './quote-view.js';
import { parseRevisionName } from './revision-name.js';
import { callServer } from './server.js';

/** What a running service says that a use costs. */
export async function quoteOnline(address: string, strategy: string, input: QuoteInput): Promise<QuoteView> {
  const name = nameOf(strategy);
  return callServer(address, async ({ rating }) => {
    const request = { input: toProtoInput(name, input) };
    const { quote } = await rating.computeQuote(request).catch((error: unknown) => {
      throw error instanceof RatebookError ? inFilePaths(error, input) : error;
    });
    if (quote === undefined) throw new RatebookError('INTERNAL', `${address} answered without a quote.`);
    return fromProtoQuote(quote, input.moment);
  });
}

/** Why a use costs what it costs, or why there is no price. */
export async function explainOnline(
  address: string,
  strategy: string,
  input: QuoteInput,
): Promise<ExplainedView> {
  const name = nameOf(strategy);
  return callServer(address, async ({ rating }) => {
    const { quote, error, explanations } = await rating.explainQuote({
      input: toProtoInput(name, input),
    });
    return {
      strategy: quote?.strategy ?? strategy,
      ...(quote && { quote: fromProtoQuote(quote, input.moment) }),
      ...(error && { error: viewFailure(inFilePaths(fromRpcStatus(error), input)) }),
      explanations: explanations.map(fromProtoExplanation),
    };
  });
}

function nameOf(strategy: string): string {
  const name = parseRevisionName(strategy);
  if (name.ok) return resourceName(name.value);
  throw new RatebookError('INVALID_REQUEST', `${name.why}.`);
}

function fromProtoQuote(quote: Quote, moment: string): QuoteView {
  const { strategy, currency, amount, total, provisionalAfter } = quote;
  const head = {
    ...{ strategy, moment, currency, amount, total },
    revision: Number(quote.revision),
    content_hash: quote.contentHash,
    ...(provisionalAfter && { provisional_after: formatInstant(fromTimestamp(provisionalAfter)) }),
  };
  return quoteView(head, quote.evaluations.map(fromProtoEvaluation));
}

function fromProtoEvaluation({ amount, total, lines, discounts, taxes, grants }: Evaluation): EvaluationView {
  return {
    amount,
    total,
    lines: lines.map((line) => ({
      ...{ line: line.line, kind: line.kind, price: line.price, rule: line.rule, quantity: line.quantity },
      used_before: line.usedBefore,
      amount: line.amount === '' ? null : line.amount,
      net: line.net === '' ? null : line.net,
      tiers: line.tiers.map(({ tier, upTo, quantity, unitPrice, per, flat, amount: share }) => ({
        tier,
        up_to: upTo === '' ? null : upTo,
        quantity,
        unit_price: unitPrice,
        ...{ per, flat, amount: share },
      })),
    })),
    discounts: discounts.map((discount) => ({
      ...{ rule: discount.rule, label: discount.label, kind: discount.kind, amount: discount.amount },
    })),
    taxes: taxes.map(({ rule, label, percent, base, amount: tax, included }) => ({
      rule,
      label,
      percent,
      base,
      amount: tax,
      included,
    })),
    ...(grants.length > 0 && { grants: grants.map(fromProtoGrant) }),
  };
}

function fromProtoGrant({ rule, unit, quantity, prices, expires, rollOver }: GivenGrant): GrantView {
  return { rule, unit, quantity, prices, expires: expires === '' ? null : expires, roll_over: rollOver };
}

function fromProtoExplanation(explanation: Explanation): ExplanationView {
  const { facts, rules, steps, alternatives, nextSteps, pieces } = explanation;
  return {
    facts,
    rules: rules.map(fromProtoRule),
    steps: steps.map(({ line, label, expression, value }) => ({ line, label, expression, value })),
    alternatives: alternatives.map(fromProtoAlternative),
    next_steps: nextSteps.map(({ line, price, kind, left, what }) => ({ line, price, kind, left, what })),
    ...(pieces.length > 0 && { pieces: pieces.map(fromProtoPiece) }),
  };
}

function fromProtoPiece({ start, facts, rules }: PieceExplanation): PieceView {
  const from = start === undefined ? '' : formatInstant(fromTimestamp(start));
  return { from, facts, rules: rules.map(fromProtoRule) };
}

function fromProtoRule({ rule, priority, matched, outcome, reason, conditions }: RuleExplanation): RuleView {
  return {
    ...{ rule, priority, matched, outcome, reason },
    ...(conditions && { conditions: fromProtoCondition(conditions) }),
  };
}

function fromProtoAlternative(alternative: Alternative): AlternativeView {
  const { fact, value, insteadOf, total, insteadOfTotal, rules, insteadOfRules } = alternative;
  const { errorReason: reason, errorMessage: message } = alternative;
  return {
    fact,
    value: given(value),
    instead_of: given(insteadOf),
    total: given(total),
    instead_of_total: given(insteadOfTotal),
    rules,
    instead_of_rules: insteadOfRules,
    ...(reason !== '' && { error: { reason, message } }),
  };
}

function given(text: string): string | null {
  return text === '' ? null : text;
}

function fromProtoCondition(condition: ConditionExplanation): ConditionView {
  const { kind, holds, name, fact, operator, found, wanted, children } = condition;
  return {
    ...{ kind, holds },
    ...(name !== '' && { name }),
    ...(fact !== '' && { fact, operator, found: found === '' ? null : found, wanted }),
    ...(children.length > 0 && { conditions: children.map(fromProtoCondition) }),
  };
}
