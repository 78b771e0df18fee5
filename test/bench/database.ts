import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mongo, connectMongo } from '../../src/platform/mongo/connect.js';
import { startEmbedded } from '../../src/platform/mongo/embedded.js';

/** Runs something with a MongoDB of its own, which is gone afterwards. */
export async function withDatabase(work: (mongo: Mongo) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'ratebook-bench-'));
  const server = await startEmbedded(dir, { env: process.env, onProgress: console.warn });
  const mongo = await connectMongo(server.uri);
  try {
    await work(mongo);
  } finally {
    await mongo.close();
    await server.stop();
    await rm(dir, { recursive: true });
  }
}
