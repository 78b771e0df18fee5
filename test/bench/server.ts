// Run by the benchmark as a process of its own: quotes on one port, an echo of the same messages on another.
import { readFileSync } from 'node:fs';
import { create } from '@bufbuild/protobuf';
import { QuoteInputSchema, QuoteSchema, RateService } from '../../src/gen/ratebook/v1/rate_pb.js';
import { permissions } from '../../src/platform/auth/permissions.js';
import { type ServiceBinding, bind } from '../../src/platform/grpc/handlers.js';
import { startServer } from '../../src/platform/grpc/server.js';
import { createLog } from '../../src/platform/log.js';
import { computeQuote } from '../../src/services/rating/compute-quote.js';
import { fromProtoQuoteInput } from '../../src/services/rating/convert.js';
import { toProtoQuote } from '../../src/services/rating/convert-quote.js';
import { rateService } from '../../src/services/rating/handlers.js';
import { type RevisionBook, emptyBook, enter } from '../../src/services/rating/revision-book.js';
import type { RevisionHead } from '../../src/strategy/choose-revision.js';
import { wantedAttachments } from '../../src/strategy/source/attachments.js';
import { openDocument } from '../../src/strategy/document.js';
import { referenceEngine } from '../../src/strategy/engine/reference.js';
import { readSource } from '../../src/strategy/source/read-source.js';
import { benchInput } from './input.js';

const RULES = new URL('../../../rules/', import.meta.url);
const log = createLog('silent');

const book = bookOf('llm-api.yaml');
const addresses = await Promise.all([serve(rateService(book, log)), serve(await echoService(book))]);
process.send?.(addresses);
process.once('disconnect', () => process.exit());

/** A book as a catalog would have filled it with the published file. */
function bookOf(fileName: string): RevisionBook {
  const read = (name: string) => ({ name, text: readFileSync(new URL(name, RULES), 'utf8') });
  const file = read(fileName);
  const source = readSource(file);
  const files = wantedAttachments(source).map(read);
  const { document } = openDocument(source, files);
  if (document === undefined) throw new Error(`${fileName} has faults.`);
  const { strategy, contentHash } = document;
  const head: RevisionHead = { number: 1, effectiveFrom: 0n, appliesTo: 'everyone', withdrawn: false };
  const filled: RevisionBook = { ...emptyBook(), watermark: 10n ** 20n, heardAt: Infinity };
  enter(filled, { head, contentHash, strategy, engine: referenceEngine(strategy) });
  return filled;
}

/** Reads the same requests and writes the same answers, without looking at either. */
async function echoService(from: RevisionBook): Promise<ServiceBinding> {
  const request = fromProtoQuoteInput(create(QuoteInputSchema, benchInput));
  const priced = await computeQuote(from, request, new AbortController().signal);
  const quote = create(QuoteSchema, toProtoQuote(priced));
  const outcome = { outcome: { case: 'quote' as const, value: quote } };
  return bind(RateService, {
    computeQuote: () => Promise.resolve({ quote }),
    batchComputeQuotes: ({ inputs }) => Promise.resolve({ outcomes: inputs.map(() => outcome) }),
    streamQuotes: async function* (requests) {
      for await (const { input } of requests) yield input === undefined ? {} : { outcome };
    },
    explainQuote: () => Promise.resolve({ quote }),
  });
}

async function serve(service: ServiceBinding): Promise<string> {
  const server = await startServer({ services: [service], listen: '127.0.0.1:0', permissions, log });
  return server.address;
}
