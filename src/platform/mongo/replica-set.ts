import { setTimeout as pause } from 'node:timers/promises';
import { MongoClient, MongoNetworkError, MongoServerError, type Db, type Document } from 'mongodb';
import { RatebookError } from '../../errors/error.js';

export const setName = 'ratebook';

/** Half a second as a rule; half a minute when something mute listens on the port that the server had before. */
const electionLimitMs = 60_000;

export function host(port: number): string {
  return `127.0.0.1:${port.toString()}`;
}

/**
 * Makes the fresh or restarted server on `port` the primary of its set of one. A set knows its members by address: after
 * a restart on another port the server does not find itself in its own configuration and would wait for ever.
 */
export async function becomePrimary(port: number): Promise<void> {
  const client = new MongoClient(`mongodb://${host(port)}/`, {
    directConnection: true,
    serverSelectionTimeoutMS: 10_000,
  });
  try {
    const admin = client.db('admin');
    const giveUp = Date.now() + electionLimitMs;
    while (!(await isPrimary(admin, port))) {
      if (Date.now() > giveUp)
        throw new RatebookError('UNAVAILABLE', `MongoDB on ${host(port)} did not become primary.`);
      await pause(20);
    }
  } finally {
    await client.close();
  }
}

/** Takes the server one step towards it. A reconfiguration closes connections, also ours; the next step sees the result. */
async function isPrimary(admin: Db, port: number): Promise<boolean> {
  try {
    const config = await configuration(admin);
    if (config === undefined) await initiate(admin, port);
    else if (memberHost(config) !== host(port)) await move(admin, config, port);
    return (await admin.command({ hello: 1 }))['isWritablePrimary'] === true;
  } catch (error) {
    if (error instanceof MongoNetworkError) return false;
    throw error;
  }
}

async function configuration(admin: Db): Promise<Document | undefined> {
  try {
    const { config } = (await admin.command({ replSetGetConfig: 1 })) as { config: Document };
    return config;
  } catch (error) {
    const notYetInitialized = 94;
    if (error instanceof MongoServerError && error.code === notYetInitialized) return undefined;
    throw error;
  }
}

function memberHost(config: Document): unknown {
  return (config['members'] as readonly Document[])[0]?.['host'];
}

/** A restarted server has no configuration until it has read the one on its disk; then it refuses this one. */
async function initiate(admin: Db, port: number): Promise<void> {
  try {
    await admin.command({ replSetInitiate: { _id: setName, members: [{ _id: 0, host: host(port) }] } });
  } catch (error) {
    const alreadyInitialized = 23;
    if (!(error instanceof MongoServerError && error.code === alreadyInitialized)) throw error;
  }
}

async function move(admin: Db, config: Document, port: number): Promise<void> {
  const version = Number(config['version']) + 1;
  const moved = { ...config, version, members: [{ _id: 0, host: host(port) }] };
  await admin.command({ replSetReconfig: moved, force: true });
}
