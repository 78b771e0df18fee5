import { MongoClient, type Db, type MongoClientOptions } from 'mongodb';
import { RatebookError } from '../../errors/error.js';
import { oldestMajor } from './binary.js';
import { mongoFailure } from './failure.js';
import { inTransaction, type Session } from './transaction.js';

/** A connection pool to a replica set, shared by the services of a process. */
export type Mongo = {
  /** A database. Throws nothing: the server is asked only when a collection is used. */
  readonly db: (name: string) => Db;
  /** The only way to open a transaction; see `inTransaction`. */
  readonly transaction: <T>(body: (session: Session) => Promise<T>) => Promise<T>;
  /** What a transaction would come to: it runs like any other and is rolled back at its end. */
  readonly rehearsal: <T>(body: (session: Session) => Promise<T>) => Promise<T>;
  /** Whether a primary answers now; for readiness. Never throws. */
  readonly isReachable: () => Promise<boolean>;
  readonly close: () => Promise<void>;
};

/**
 * Stated here though most are the server's defaults, since a URI or an old server could say otherwise. Longs come back
 * as bigint and decimals as Decimal128, so nothing passes through a float. A server that hangs is noticed by its
 * heartbeat after some five seconds, which also ends the calls that wait for it.
 */
const options: MongoClientOptions = {
  appName: 'ratebook',
  writeConcern: { w: 'majority', journal: true },
  readConcern: { level: 'majority' },
  readPreference: 'primary',
  retryReads: true,
  retryWrites: true,
  useBigInt64: true,
  ignoreUndefined: true,
  serverSelectionTimeoutMS: 3_000,
  connectTimeoutMS: 3_000,
  heartbeatFrequencyMS: 2_000,
  waitQueueTimeoutMS: 3_000,
};

/**
 * Connects and makes sure that the server can do what Ratebook relies on. Throws UNAVAILABLE when no primary answers
 * within three seconds, when it is a standalone, or when it is older than 6.0.
 */
export async function connectMongo(uri: string): Promise<Mongo> {
  const client = newClient(uri);
  try {
    await client.connect();
    await refuseUnfit(client);
  } catch (error) {
    await client.close();
    throw connectFailure(client, error);
  }
  return {
    db: (name) => client.db(name),
    transaction: (body) => inTransaction(client, body),
    rehearsal: (body) => inTransaction(client, body, 'roll_back'),
    isReachable: () =>
      client
        .db('admin')
        .command({ ping: 1 })
        .then(
          () => true,
          () => false,
        ),
    close: () => client.close(),
  };
}

function newClient(uri: string): MongoClient {
  try {
    return new MongoClient(uri, options);
  } catch (error) {
    // Not the text of the URI: it may hold a password.
    const why = error instanceof Error ? error.message : String(error);
    throw new RatebookError('UNAVAILABLE', `The MongoDB URI cannot be used: ${why}`, { cause: error });
  }
}

async function refuseUnfit(client: MongoClient): Promise<void> {
  const admin = client.db('admin');
  const hello = await admin.command({ hello: 1 });
  const isSharded = hello['msg'] === 'isdbgrid';
  if (hello['setName'] === undefined && !isSharded) {
    throw new RatebookError(
      'UNAVAILABLE',
      `MongoDB at ${hosts(client)} is a standalone server, which has no transactions. Start it with --replSet and call rs.initiate() once; a replica set of one node will do.`,
    );
  }
  const { version } = (await admin.command({ buildInfo: 1 })) as { version: string };
  if (parseInt(version, 10) < oldestMajor) {
    throw new RatebookError(
      'UNAVAILABLE',
      `MongoDB at ${hosts(client)} is version ${version}; Ratebook needs ${oldestMajor.toString()}.0 or newer.`,
    );
  }
}

function connectFailure(client: MongoClient, error: unknown): unknown {
  if (mongoFailure(error) === undefined && !isUnknownHost(error)) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new RatebookError('UNAVAILABLE', `No primary of MongoDB answers at ${hosts(client)}: ${why}`, {
    cause: error,
  });
}

/** What the name server says of the host of a `mongodb+srv:` URI. */
function isUnknownHost(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && String(error.syscall).startsWith('query');
}

function hosts(client: MongoClient): string {
  return (
    client.options.hosts.map((address) => address.toString()).join(', ') || (client.options.srvHost ?? '')
  );
}
