import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectMongo, type Mongo } from '../src/platform/mongo/connect.js';
import { startEmbedded, type Embedded } from '../src/platform/mongo/embedded.js';

/** One server for the whole run, started by the first test that asks for it. */
type Shared = { readonly dir: string; readonly server: Embedded; readonly mongo: Mongo };
let shared: Promise<Shared> | undefined;

async function start(): Promise<Shared> {
  const dir = await mkdtemp(join(tmpdir(), 'ratebook-test-'));
  const server = await startEmbedded(dir, { env: process.env, onProgress: console.warn });
  return { dir, server, mongo: await connectMongo(server.uri) };
}

/** The connection that all tests share. The first call may take as long as a download of MongoDB. */
export async function testMongo(): Promise<Mongo> {
  return (await (shared ??= start())).mongo;
}

export async function testMongoUri(): Promise<string> {
  return (await (shared ??= start())).server.uri;
}

/** The name of a database that no other test has. */
export function freshDatabase(): string {
  return `test-${randomUUID()}`;
}

after(async function () {
  if (shared === undefined) return;
  this.timeout(30_000);
  const { dir, server, mongo } = await shared;
  await mongo.close();
  await server.stop();
  await rm(dir, { recursive: true });
});
