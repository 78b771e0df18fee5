import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { startEmbedded } from '../../src/platform/mongo/embedded.js';

/** A MongoDB server that can be killed, and then runs again on the same files and port. */
export type Server = {
  readonly port: number;
  readonly uri: string;
  /** A connection for looking at what is stored. */
  readonly client: MongoClient;
  /** Ends when it runs again. */
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** What a killed service has written in an open transaction stays closed to others for so long: ten seconds otherwise. */
const LIFETIME_SECONDS = 1;

export async function startServer(): Promise<Server> {
  const dir = await mkdtemp(join(tmpdir(), 'ratebook-fault-'));
  const embedded = await startEmbedded(dir, { env: process.env, onProgress: () => undefined });
  const port = Number(new URL(embedded.uri).port);
  const client = new MongoClient(embedded.uri, { useBigInt64: true, readConcern: { level: 'majority' } });
  const admin = client.db('admin');
  const shorten = () => admin.command({ setParameter: 1, transactionLifetimeLimitSeconds: LIFETIME_SECONDS });
  const pid = async () => Number((await admin.command({ serverStatus: 1 }))['pid']);
  await shorten();
  return {
    port,
    uri: embedded.uri,
    client,
    kill: async () => {
      const killed = await pid();
      process.kill(killed, 'SIGKILL');
      while ((await pid().catch(() => killed)) === killed) await pause(50);
      await shorten();
    },
    stop: async () => {
      await client.close();
      await embedded.stop();
      await rm(dir, { recursive: true });
    },
  };
}
