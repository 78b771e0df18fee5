import { randomUUID } from 'node:crypto';
import { RatebookError } from './errors/error.js';
import { StrategyService } from './gen/ratebook/v1/strategy_pb.js';
import { permissions } from './platform/auth/permissions.js';
import { systemClock } from './platform/clock.js';
import type { Channel } from './platform/grpc/channel.js';
import { type ClientTls, connectTo } from './platform/grpc/client.js';
import { type ServiceBinding, bind } from './platform/grpc/handlers.js';
import { localChannel } from './platform/grpc/local.js';
import { type RunningServer, type ServerOptions, startServer } from './platform/grpc/server.js';
import type { Log } from './platform/log.js';
import { type Mongo, connectMongo } from './platform/mongo/connect.js';
import { startEmbedded } from './platform/mongo/embedded.js';
import { documentChecker } from './services/catalog/check-document.js';
import { catalogClient } from './services/catalog/client.js';
import { catalogHandlers } from './services/catalog/handlers.js';
import { openStore } from './services/catalog/store.js';
import { repeating } from './platform/repeating.js';
import { accountService } from './services/rating/accounts/account-handlers.js';
import { handOver, runDue } from './services/rating/periods/run-due.js';
import type { RecordingPorts } from './services/rating/recording/ports.js';
import { expireHolds } from './services/rating/holds/expire-holds.js';
import { expireGrants } from './services/rating/wallets/expire-grants.js';
import { openStore as openRatingStore } from './services/rating/store.js';
import { followCatalog } from './services/rating/revisions/follow-catalog.js';
import type { Compile } from './services/rating/revisions/load-revision.js';
import { documentReader } from './services/rating/revisions/read-document.js';
import { rateService } from './services/rating/handlers.js';
import { emptyBook } from './services/rating/revisions/revision-book.js';
import { compileSteps } from './strategy/engine/compiled.js';
import { referenceEngine } from './strategy/engine/reference.js';

export type ServiceName = 'catalog' | 'rating';

type EngineName = 'compiled' | 'reference';
const ENGINES: Readonly<Record<EngineName, Compile>> = {
  compiled: compileSteps,
  reference: function* (strategy) {
    yield;
    return referenceEngine(strategy);
  },
};

export type RunOptions = {
  readonly services: readonly ServiceName[];
  /** A replica set to use; without one a server is started whose files stay in `dataDir`. */
  readonly mongoUri?: string;
  readonly dataDir: string;
  /** What the names of the services' databases start with. */
  readonly database: string;
  /** HOST:PORT of the catalog, where this process does not host it. */
  readonly catalog?: string;
  readonly server: Pick<ServerOptions, 'listen' | 'tls' | 'insecure'>;
  /** What this process shows of itself to services elsewhere. */
  readonly client: { readonly tls?: ClientTls };
  /** Which of the two engines decides what matches. */
  readonly engine: EngineName;
  /** How often what has fallen due of subscriptions is rated; 0 or unset: not by this process. */
  readonly dueEveryMs?: number;
  /** How often holds and grants that have expired are given back and posted; 10 seconds unless given. */
  readonly expireEveryMs?: number;
  readonly log: Log;
  /** Told while a MongoDB server is found, downloaded and started. */
  readonly onProgress: (text: string) => void;
};

export type Running = {
  readonly address: string;
  readonly mongo: { readonly kind: 'given' } | { readonly kind: 'embedded'; readonly uri: string };
  /** Lets the calls under way finish, for at most so long, and stops everything that was started here. */
  readonly stop: (graceMs: number) => Promise<void>;
};

/** Puts the services together and starts them: the one place that knows which parts there are. */
export async function startRatebook(options: RunOptions): Promise<Running> {
  const closing: Closing = [];
  try {
    const { mongo, origin } = await openDatabase(options, closing);
    const catalog = options.services.includes('catalog')
      ? await catalogBinding(mongo, options, closing)
      : undefined;
    const rating = options.services.includes('rating')
      ? await ratingBindings(mongo, { options, catalog, closing })
      : [];
    const services = catalog === undefined ? rating : [catalog, ...rating];
    const server = await startServer({ ...options.server, services, permissions, log: options.log });
    return {
      address: server.address,
      mongo: origin,
      stop: (graceMs) => stop(server, closing, graceMs),
    };
  } catch (error) {
    await closeAll(closing);
    throw error;
  }
}

type Closing = (() => Promise<void> | void)[];

async function openDatabase(
  options: RunOptions,
  closing: Closing,
): Promise<{ mongo: Mongo; origin: Running['mongo'] }> {
  const given = options.mongoUri;
  const embedded =
    given === undefined
      ? await startEmbedded(options.dataDir, { env: process.env, onProgress: options.onProgress })
      : undefined;
  if (embedded !== undefined) closing.push(embedded.stop);
  const uri = given ?? embedded?.uri ?? '';
  const mongo = await connectMongo(uri);
  closing.push(mongo.close);
  return { mongo, origin: embedded === undefined ? { kind: 'given' } : { kind: 'embedded', uri } };
}

async function catalogBinding(
  mongo: Mongo,
  { database }: RunOptions,
  closing: Closing,
): Promise<ServiceBinding> {
  const store = await openStore(mongo, `${database}_catalog`);
  const checker = documentChecker();
  closing.push(checker.stop);
  return bind(StrategyService, catalogHandlers({ store, clock: systemClock, checkDocument: checker.check }));
}

/** So long what has expired may wait; it counts for nothing from its instant on anyhow. */
const EXPIRY_PAUSE_MS = 10_000;

type RatingParts = {
  readonly options: RunOptions;
  readonly catalog: ServiceBinding | undefined;
  readonly closing: Closing;
};

/** Rating reaches the catalog by calls alone, through the network or, in one process, through the same chain without it. */
async function ratingBindings(
  mongo: Mongo,
  { options, catalog, closing }: RatingParts,
): Promise<readonly ServiceBinding[]> {
  const { log, database } = options;
  const store = await openRatingStore(mongo, `${database}_rating`);
  const channel: Channel =
    catalog === undefined
      ? connectTo(catalogAddress(options), { ...options.client, caller: 'rating' })
      : localChannel([catalog], { permissions, log, caller: 'rating' });
  const stopping = new AbortController();
  const book = emptyBook();
  const reader = documentReader();
  const following = followCatalog(book, catalogClient(channel), {
    read: reader.read,
    compile: ENGINES[options.engine],
    signal: stopping.signal,
    log,
  });
  closing.push(async () => {
    stopping.abort();
    // First the reader, or a document that is being read would hold up the stop.
    await reader.stop();
    await following;
    channel.close();
  });
  const ports = { store, clock: systemClock, book, queues: new Map() };
  const expire = async () => {
    await expireHolds(ports);
    await expireGrants(ports);
  };
  closing.push(repeating(options.expireEveryMs ?? EXPIRY_PAUSE_MS, expire, log));
  if (options.dueEveryMs) closing.push(rateWhatFallsDue(ports, options.dueEveryMs, log));
  return [rateService(ports, log), accountService(ports)];
}

/** Returns how to stop it: what is under way ends with the subscription that it is at. */
function rateWhatFallsDue(ports: RecordingPorts, everyMs: number, log: Log): () => Promise<void> {
  const stopping = new AbortController();
  const holder = randomUUID();
  const run = { holder, signal: stopping.signal, log };
  const stop = repeating(everyMs, () => runDue(ports, run), log);
  return async () => {
    stopping.abort();
    await stop();
    await handOver(ports, holder).catch(() => undefined);
  };
}

function catalogAddress({ catalog }: RunOptions): string {
  if (catalog !== undefined) return catalog;
  throw new RatebookError(
    'INVALID_REQUEST',
    'A process that hosts rating without the catalog has to know where that is: give --catalog HOST:PORT.',
  );
}

async function stop(server: RunningServer, closing: Closing, graceMs: number): Promise<void> {
  await server.drain(graceMs);
  await closeAll(closing);
}

/** Last started, first stopped: what serves goes before what it is served by. */
async function closeAll(closing: Closing): Promise<void> {
  for (const close of closing.toReversed()) await close();
}
