import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { MongoClient, MongoServerError } from 'mongodb';
import { findMongod } from '../../src/platform/mongo/binary.js';
import { freePort } from '../../src/platform/mongo/embedded.js';

/** Three MongoDB servers that elect one of them. */
export type ReplicaSet = {
  readonly uri: string;
  /** A connection for looking at what is stored. */
  readonly client: MongoClient;
  /** Each strikes the primary of the moment; what is struck takes part again in the end. */
  readonly stepDown: () => Promise<void>;
  readonly freeze: () => Promise<void>;
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const MEMBERS = 3;
const NAME = 'fault';
/** Half of the usual ten seconds, so that elections come sooner. */
const ELECTION_MS = 2_000;
/** Longer than that: the others have elected another by then. */
const FROZEN_MS = 4_000;
const PATIENCE_MS = 60_000;
const RETRY_MS = 100;
const NODE_NOT_FOUND = 74;

type Member = { readonly port: number; readonly folder: string; process: ChildProcess };

export async function startSet(): Promise<ReplicaSet> {
  const folder = await mkdtemp(join(tmpdir(), 'ratebook-set-'));
  const { path } = await findMongod({ env: process.env, onProgress: () => undefined });
  const members: Member[] = [];
  for (let i = 0; i < MEMBERS; i++) members.push(await startMember(path, join(folder, String(i))));
  const hosts = members.map(({ port }) => `127.0.0.1:${port}`);
  await initiate(hosts);
  const uri = `mongodb://${hosts.join(',')}/?replicaSet=${NAME}`;
  const client = new MongoClient(uri, { useBigInt64: true, readConcern: { level: 'majority' } });
  const admin = client.db('admin');
  const primary = async () => {
    const { me } = (await admin.command({ hello: 1 })) as { me?: string };
    return members.find(({ port }) => me === `127.0.0.1:${port}`)!;
  };
  await primary();
  return {
    uri,
    client,
    stepDown: async () => {
      // It closes the connection that asked.
      await admin.command({ replSetStepDown: 5, force: true }).catch(() => undefined);
    },
    freeze: async () => {
      const { process: frozen } = await primary();
      frozen.kill('SIGSTOP');
      await pause(FROZEN_MS);
      frozen.kill('SIGCONT');
    },
    kill: async () => {
      const member = await primary();
      await end(member.process);
      Object.assign(member, await startMember(path, member.folder, member.port));
    },
    stop: async () => {
      await client.close();
      await Promise.all(members.map(({ process }) => end(process)));
      await rm(folder, { recursive: true });
    },
  };
}

async function startMember(path: string, folder: string, given?: number): Promise<Member> {
  const port = given ?? (await freePort(0));
  await mkdir(folder, { recursive: true });
  const args = ['--replSet', NAME, '--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1'];
  const small = ['--nounixsocket', '--wiredTigerCacheSizeGB', '0.25', '--setParameter', LIFETIME];
  const child = spawn(path, [...args, ...small], { stdio: 'ignore' });
  return { port, folder, process: child };
}

/** What a killed service has written in an open transaction stays closed to others for so long. */
const LIFETIME = 'transactionLifetimeLimitSeconds=1';

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function initiate(hosts: readonly string[]): Promise<void> {
  const client = new MongoClient(`mongodb://${hosts[0]}/?directConnection=true`, {
    serverSelectionTimeoutMS: PATIENCE_MS,
  });
  const members = hosts.map((host, _id) => ({ _id, host }));
  const settings = { electionTimeoutMillis: ELECTION_MS, heartbeatIntervalMillis: 500 };
  const giveUp = Date.now() + PATIENCE_MS;
  const isEarly = (error: unknown) =>
    error instanceof MongoServerError && error.code === NODE_NOT_FOUND && Date.now() < giveUp;
  try {
    for (;;) {
      try {
        await client.db('admin').command({ replSetInitiate: { _id: NAME, members, settings } });
        return;
      } catch (error) {
        // The others may not listen yet.
        if (!isEarly(error)) throw error;
      }
      await pause(RETRY_MS);
    }
  } finally {
    await client.close();
  }
}
