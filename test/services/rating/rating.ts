import assert from 'node:assert/strict';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Timestamp, timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  type Quote,
  type QuoteInput,
  type QuoteInputSchema,
  type QuoteOutcome,
  RateService,
  type UsageSchema,
} from '../../../src/gen/ratebook/v1/rate_pb.js';
import { AccountService } from '../../../src/gen/ratebook/v1/account_pb.js';
import { StrategyService } from '../../../src/gen/ratebook/v1/strategy_pb.js';
import { permissions } from '../../../src/platform/auth/permissions.js';
import { type Client, connectTo, createClient } from '../../../src/platform/grpc/client.js';
import { bind } from '../../../src/platform/grpc/handlers.js';
import { startServer } from '../../../src/platform/grpc/server.js';
import { createLog } from '../../../src/platform/log.js';
import { catalogClient } from '../../../src/services/catalog/client.js';
import { catalogHandlers } from '../../../src/services/catalog/handlers.js';
import { followCatalog } from '../../../src/services/rating/revisions/follow-catalog.js';
import { documentReader } from '../../../src/services/rating/revisions/read-document.js';
import { accountService } from '../../../src/services/rating/accounts/account-handlers.js';
import { openStore, type Store } from '../../../src/services/rating/store.js';
import { rateService } from '../../../src/services/rating/handlers.js';
import { type RevisionBook, emptyBook } from '../../../src/services/rating/revisions/revision-book.js';
import { referenceEngine } from '../../../src/strategy/engine/reference.js';
import { freshDatabase, testMongo } from '../../mongo.js';
import { type Catalog, document, openCatalog } from '../catalog/catalog.js';

/** Catalog and rating as two servers on ports of their own, over a database of their own and a clock that is set by hand. */
export type Rating = {
  readonly catalog: Catalog;
  readonly client: Client<typeof RateService>;
  readonly accounts: Client<typeof AccountService>;
  readonly store: Store;
  readonly book: RevisionBook;
  /** Publishes `document(strategy, price)` and waits until rating has heard of it. */
  readonly publish: (strategy: string, price: string, effectiveFrom?: Timestamp) => Promise<void>;
  /** Takes the catalog off the network. */
  readonly loseCatalog: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const log = createLog('silent');
const listen = '127.0.0.1:0';

export async function openRating(): Promise<Rating> {
  const catalog = await openCatalog();
  const catalogService = bind(StrategyService, catalogHandlers(catalog.ports));
  const catalogServer = await startServer({ services: [catalogService], listen, permissions, log });
  const toCatalog = connectTo(catalogServer.address, { caller: 'rating' });
  const stopping = new AbortController();
  const book = emptyBook();
  const reader = documentReader();
  const following = followCatalog(book, catalogClient(toCatalog), {
    read: reader.read,
    // The reference takes no time to make.
    compile: function* (strategy) {
      yield;
      return referenceEngine(strategy);
    },
    signal: stopping.signal,
    log,
  });
  const store = await openStore(await testMongo(), freshDatabase());
  const ports = { store, clock: catalog.ports.clock, book, queues: new Map() };
  const services = [rateService(ports, log), accountService(ports)];
  const server = await startServer({ services, listen, permissions, log });
  const channel = connectTo(server.address);
  const loseCatalog = () => catalogServer.drain(0);
  return {
    catalog,
    book,
    client: createClient(RateService, channel),
    accounts: createClient(AccountService, channel),
    store,
    loseCatalog,
    publish: async (strategy, price, effectiveFrom) => {
      const { revision } = await catalog.client.publishRevision({
        source: document(strategy, price),
        effectiveFrom,
      });
      const number = Number(revision?.number);
      await heard(
        book,
        () => book.byStrategy.get(strategy)?.some(({ head }) => head.number === number) === true,
      );
    },
    close: async () => {
      channel.close();
      await server.drain(0);
      stopping.abort();
      await reader.stop();
      await following;
      toCatalog.close();
      await catalogServer.drain(0);
    },
  };
}

/** Waits, from one piece of news to the next, until the book says so. */
export async function heard(book: RevisionBook, done: () => boolean): Promise<void> {
  while (!done()) {
    await new Promise<void>((resolve) => {
      const wake = () => {
        book.waiting.delete(wake);
        resolve();
      };
      book.waiting.add(wake);
    });
  }
}

export const EARLY = '2026-01-01T00:00:00Z';

/** One use of so many units at an instant, by whatever revision holds then. */
export function use(strategy: string, units: string, at = '2026-02-01T00:00:00Z'): Input {
  const facts = { units: { kind: { case: 'decimalValue' as const, value: units } } };
  return inputOf(strategy, { facts, ...(at !== '' && { occurredAt: timestampFromDate(new Date(at)) }) });
}

export type Input = Exclude<MessageInitShape<typeof QuoteInputSchema>, QuoteInput>;

export function inputOf(strategy: string, ...usages: MessageInitShape<typeof UsageSchema>[]): Input {
  return { strategy: `strategies/${strategy}`, usages };
}

/** Amount and revision: `6 by 2`. */
export function shown(quote: Quote | undefined): string {
  assert.ok(quote);
  return `${quote.amount} by ${quote.revision}`;
}

/** What became of an item: its quote, or the reason of its error. */
export function outcomeOf(outcome: QuoteOutcome | undefined): string {
  const result = outcome?.outcome;
  if (result?.case === 'quote') return shown(result.value);
  assert.ok(result?.case === 'error');
  return result.value.message;
}
