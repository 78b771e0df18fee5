import { RatebookError } from '../../errors/error.js';
import { type QuoteOutcome as ProtoQuoteOutcome, RateService } from '../../gen/ratebook/v1/rate_pb.js';
import { type CallContext, type Handlers, type ServiceBinding, bind } from '../../platform/grpc/handlers.js';
import { toRpcStatus, unforeseen } from '../../platform/grpc/status.js';
import type { Log } from '../../platform/log.js';
import { counter } from '../../platform/telemetry.js';
import { type Answering, type QuoteOutcome, answerQuote } from './answer-quote.js';
import { computeQuote } from './compute-quote.js';
import { correctionHandlers } from './corrections/correction-handlers.js';
import { fromProtoBatch, fromProtoQuoteInput } from './convert.js';
import { toProtoExplanation, toProtoQuote } from './convert-quote.js';
import { explainQuote } from './explain-quote.js';
import { holdHandlers } from './holds/hold-handlers.js';
import { inTurns } from './in-turns.js';
import { eventHandlers } from './events/event-handlers.js';
import { purchaseHandlers } from './purchases/purchase-handlers.js';
import type { RecordingPorts } from './recording/ports.js';
import { recordingHandlers } from './recording/recording-handlers.js';
import { toRequestPaths, withRequestPaths } from './request-path.js';
import type { RevisionBook } from './revisions/revision-book.js';
import { after, attempt } from './soon.js';
import { statementHandlers } from './statements/statement-handlers.js';

const countQuote = counter(
  'ratebook.quotes',
  'Quotes asked for, by outcome: quoted, or the reason of the error.',
);

/** RateService: quotes over what is known of the catalog, and recording on these ports. */
export function rateService(ports: RecordingPorts, log: Log): ServiceBinding {
  return bind(RateService, {
    ...quoteHandlers(ports.book, log),
    ...recordingHandlers(ports),
    ...correctionHandlers(ports),
    ...purchaseHandlers(ports),
    ...holdHandlers(ports),
    ...statementHandlers(ports),
    ...eventHandlers(ports),
  });
}

type QuoteMethods = 'computeQuote' | 'batchComputeQuotes' | 'streamQuotes' | 'explainQuote';

/** The methods of RateService that store nothing: each converts, calls and converts back. */
export function quoteHandlers(
  book: RevisionBook,
  log: Log,
): Pick<Handlers<typeof RateService>, QuoteMethods> {
  return {
    computeQuote: async ({ input }, { signal }) => {
      const priced = await attempt(() => computeQuote(book, fromProtoQuoteInput(input), signal), refuse);
      countQuote({ outcome: 'quoted' });
      return { quote: toProtoQuote(priced) };
    },
    batchComputeQuotes: async ({ inputs }, context) => {
      const answers = answering(book, log, context);
      const outcomes = await inTurns(fromProtoBatch(inputs), context.signal, (input) =>
        after(answerQuote(answers, input), toProtoOutcome),
      );
      return { outcomes };
    },
    streamQuotes: async function* (requests, context) {
      const answers = answering(book, log, context);
      for await (const { input } of requests) {
        yield { outcome: toProtoOutcome(await answerQuote(answers, input)) };
      }
    },
    explainQuote: async ({ input }, { signal }) => {
      const { quote, error, explanations, nearest, ...found } = await attempt(
        () => explainQuote(book, fromProtoQuoteInput(input), signal),
        inRequestPaths,
      );
      return {
        quote: quote && toProtoQuote({ quote, ...found }),
        error: error && toRpcStatus(withRequestPaths(error)),
        explanations: explanations.map((explanation, i) => toProtoExplanation(explanation, nearest[i])),
      };
    },
  };
}

function answering(book: RevisionBook, log: Log, { signal, traceId, method }: CallContext): Answering {
  const toRatebookError = (error: unknown) => {
    if (error instanceof RatebookError) return error;
    log.error({ err: error, traceId, method }, 'an item failed for a reason that nobody foresaw');
    return unforeseen(error, traceId);
  };
  return { book, signal, toRatebookError };
}

function toProtoOutcome(outcome: QuoteOutcome): ProtoQuoteOutcome {
  countQuote({ outcome: outcome.kind === 'quote' ? 'quoted' : outcome.error.reason });
  const result: ProtoQuoteOutcome['outcome'] =
    outcome.kind === 'quote'
      ? { case: 'quote', value: toProtoQuote(outcome.priced) }
      : { case: 'error', value: toRpcStatus(outcome.error) };
  return { $typeName: 'ratebook.v1.QuoteOutcome', outcome: result };
}

function refuse(error: unknown): never {
  countQuote({ outcome: error instanceof RatebookError ? error.reason : 'INTERNAL' });
  return inRequestPaths(error);
}

function inRequestPaths(error: unknown): never {
  throw toRequestPaths(error);
}
