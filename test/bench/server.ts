// Run by the benchmark, a process a service: node dist/test/bench/server.js quotes | conversion | echo
import { create } from '@bufbuild/protobuf';
import {
  type QuoteInput,
  QuoteInputSchema,
  QuoteSchema,
  RateService,
} from '../../src/gen/ratebook/v1/rate_pb.js';
import { permissions } from '../../src/platform/auth/permissions.js';
import { type ServiceBinding, bind } from '../../src/platform/grpc/handlers.js';
import { startServer } from '../../src/platform/grpc/server.js';
import { createLog } from '../../src/platform/log.js';
import { type PricedQuote, computeQuote } from '../../src/services/rating/compute-quote.js';
import { fromProtoQuoteInput } from '../../src/services/rating/convert.js';
import { toProtoQuote } from '../../src/services/rating/convert-quote.js';
import { quoteHandlers } from '../../src/services/rating/handlers.js';
import type { RevisionBook } from '../../src/services/rating/revisions/revision-book.js';
import { noRecording } from '../services/rating/no-recording.js';
import { bookOf } from './book.js';
import { benchInput } from './input.js';

const log = createLog('silent');

const book = bookOf('llm-api.yaml');
const { address } = await startServer({
  services: [await serviceOf(process.argv[2])],
  listen: '127.0.0.1:0',
  permissions,
  log,
});
// Whatever the parent says is the question how much CPU time, in microseconds, this process has used.
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.once('disconnect', () => process.exit());
process.send?.(address);

async function serviceOf(kind: string | undefined): Promise<ServiceBinding> {
  switch (kind) {
    case 'quotes':
      return bind(RateService, { ...quoteHandlers(book, log), ...noRecording });
    case 'conversion':
      return conversionService(await benchQuote(book));
    case 'echo':
      return echoService(await benchQuote(book));
    case undefined:
    default:
      throw new Error('name a service of the benchmark: quotes, conversion or echo');
  }
}

async function benchQuote(from: RevisionBook): Promise<PricedQuote> {
  const request = fromProtoQuoteInput(create(QuoteInputSchema, benchInput));
  return computeQuote(from, request, new AbortController().signal);
}

/**
 * Reads the same requests and writes the same answers, without looking at either: every message is decoded and encoded,
 * but the quote in the answers was made once.
 */
function echoService(priced: PricedQuote): ServiceBinding {
  const quote = create(QuoteSchema, toProtoQuote(priced));
  return answering(() => quote);
}

/** All that a service of quotes does but the calculation. */
function conversionService(priced: PricedQuote): ServiceBinding {
  return answering((input) => {
    fromProtoQuoteInput(input);
    return toProtoQuote(priced);
  });
}

function answering(
  answer: (input: QuoteInput | undefined) => ReturnType<typeof toProtoQuote>,
): ServiceBinding {
  const outcome = (input: QuoteInput | undefined) => ({
    outcome: { case: 'quote' as const, value: answer(input) },
  });
  return bind(RateService, {
    computeQuote: ({ input }) => Promise.resolve({ quote: answer(input) }),
    batchComputeQuotes: ({ inputs }) => Promise.resolve({ outcomes: inputs.map(outcome) }),
    streamQuotes: async function* (requests) {
      for await (const { input } of requests) yield { outcome: outcome(input) };
    },
    explainQuote: ({ input }) => Promise.resolve({ quote: answer(input) }),
    ...noRecording,
  });
}
