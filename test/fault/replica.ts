import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { MongoClient } from 'mongodb';
import { AccountService } from '../../src/gen/ratebook/v1/account_pb.js';
import { RateService } from '../../src/gen/ratebook/v1/rate_pb.js';
import { StrategyService } from '../../src/gen/ratebook/v1/strategy_pb.js';
import { type Client, connectTo, createClient } from '../../src/platform/grpc/client.js';
import { WORK } from '../../src/services/rating/periods/run-due.js';
import { type Proxy, startProxy } from './proxy.js';
import type { Server } from './server.js';
import type { Command } from './wire.js';

/** One service process. */
export type Service = {
  readonly rates: Client<typeof RateService>;
  readonly accounts: Client<typeof AccountService>;
  readonly strategies: Client<typeof StrategyService>;
  /** With SIGKILL: the process does not run another instruction. */
  readonly kill: () => void;
  /** Kills it and waits for its end. */
  readonly stop: () => Promise<void>;
};

/** One that is behind a proxy of its own to the database; the proxy goes with it. */
export type Replica = Service & { readonly proxy: Proxy };

const RETRY_MS = 100;
const PATIENCE_MS = 60_000;

/** FAULT_LOG names a file that gets what all services log: there the causes are of what nobody foresaw. */
const LOG = process.env['FAULT_LOG'] === undefined ? 'ignore' : openSync(process.env['FAULT_LOG'], 'a');

export type ServiceOptions = {
  /** How often it rates what has fallen due; 0: never. */
  readonly dueEveryMs: number;
  /** How often it gives back what has expired; as usual unless given. */
  readonly expireEveryMs?: number;
};

/** The runs in the background always have something to do. */
export const OFTEN: ServiceOptions = { dueEveryMs: 200, expireEveryMs: 500 };

export type ReplicaOptions = ServiceOptions & {
  /** Which messages of the service to its database are counted; all of rating unless given. */
  readonly isCounted?: (command: Command) => boolean;
};

/** Starts one, again and again while the database is away. */
export async function startReplica(
  server: Server,
  database: string,
  { isCounted = () => true, ...options }: ReplicaOptions,
): Promise<Replica> {
  const ofRating = ({ name, database: asked }: Command) =>
    asked === `${database}_rating` || name === 'commitTransaction' || name === 'abortTransaction';
  const proxy = await startProxy(server.port, (command) => ofRating(command) && isCounted(command));
  // A set names its members, and the driver would go there past the proxy.
  const uri = `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`;
  try {
    const service = await startService(uri, database, options);
    const stop = async () => {
      await service.stop();
      await proxy.close();
    };
    return { ...service, stop, proxy };
  } catch (error) {
    await proxy.close();
    throw error;
  }
}

/** Starts a service process, again and again while the database is away. */
export async function startService(
  uri: string,
  database: string,
  { dueEveryMs, expireEveryMs = 10_000 }: ServiceOptions,
): Promise<Service> {
  const giveUp = Date.now() + PATIENCE_MS;
  const path = fileURLToPath(new URL('service.js', import.meta.url));
  while (Date.now() < giveUp) {
    const child = fork(path, [uri, database, String(dueEveryMs), String(expireEveryMs)], {
      execArgv: [],
      stdio: ['ignore', 'ignore', LOG, 'ipc'],
    });
    const address = await addressOf(child);
    if (address !== undefined) return serviceOf(child, address);
    await pause(RETRY_MS);
  }
  throw new Error('No service could be started for a minute.');
}

/** Undefined when the process has ended instead. */
function addressOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once('message', (address) => {
      resolve(address as string);
    });
    child.once('exit', () => {
      resolve(undefined);
    });
  });
}

function serviceOf(child: ChildProcess, address: string): Service {
  const channel = connectTo(address);
  const kill = () => void child.kill('SIGKILL');
  return {
    rates: createClient(RateService, channel),
    accounts: createClient(AccountService, channel),
    strategies: createClient(StrategyService, channel),
    kill,
    stop: async () => {
      channel.close();
      kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

/** Has another service rate what falls due at once, as if the time of the one that was killed were over. */
export async function endLease(client: MongoClient, database: string): Promise<void> {
  const leases = client.db(`${database}_rating`).collection<{ _id: string }>('leases');
  await leases.updateOne({ _id: WORK }, { $set: { until: new Date(0) } });
}
