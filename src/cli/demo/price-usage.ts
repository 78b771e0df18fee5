import { type MessageInitShape } from '@bufbuild/protobuf';
import { RatebookError } from '../../errors/error.js';
import { type QuoteInputSchema, type QuoteOutcome, type RateService } from '../../gen/ratebook/v1/rate_pb.js';
import type { TokenUsage } from '../../intake/token-usage.js';
import { plus } from '../../money/arithmetic.js';
import { type Decimal, ZERO, decimal, formatDecimal } from '../../money/decimal.js';
import type { Client } from '../../platform/grpc/client.js';
import { fromRpcStatus } from '../../platform/grpc/status.js';
import { toTimestamp } from '../../platform/grpc/timestamp.js';

export type PricedUsage = { readonly usage: TokenUsage; readonly amount: Decimal };

/** A call as the Rate service takes it, with the output tokens that its model has used before it. */
function quoteInput(usage: TokenUsage, outputBefore: Decimal): MessageInitShape<typeof QuoteInputSchema> {
  const tokens = (count: Decimal) => ({
    kind: { case: 'decimalValue' as const, value: formatDecimal(count) },
  });
  return {
    strategy: 'strategies/llm-api',
    used: { output: formatDecimal(outputBefore) },
    usages: [
      {
        occurredAt: toTimestamp(usage.at),
        facts: {
          model: { kind: { case: 'stringValue', value: usage.model } },
          input_tokens: tokens(usage.input),
          cached_tokens: tokens(usage.cached),
          output_tokens: tokens(usage.output),
        },
      },
    ],
  };
}

/** Prices calls one after the other over one stream and gives each as its answer comes. Throws what an item fails with. */
export async function* priceUsage(
  rating: Client<typeof RateService>,
  usages: readonly TokenUsage[],
): AsyncGenerator<PricedUsage> {
  let i = 0;
  for await (const { outcome } of rating.streamQuotes(requests(usages))) {
    const usage = usages[i++];
    if (usage === undefined) throw new Error('more answers than calls');
    yield { usage, amount: amountOf(outcome) };
  }
}

async function* requests(
  usages: readonly TokenUsage[],
): AsyncGenerator<{ input: MessageInitShape<typeof QuoteInputSchema> }> {
  const output = new Map<string, Decimal>();
  for (const usage of usages) {
    const before = output.get(usage.model) ?? ZERO;
    yield await Promise.resolve({ input: quoteInput(usage, before) });
    output.set(usage.model, plus(before, usage.output));
  }
}

function amountOf(answer: QuoteOutcome | undefined): Decimal {
  const outcome = answer?.outcome;
  if (outcome?.case === 'quote') return decimal(outcome.value.amount);
  if (outcome?.case === 'error') throw fromRpcStatus(outcome.value);
  throw new RatebookError('INTERNAL', 'The service answered an item with nothing.');
}
