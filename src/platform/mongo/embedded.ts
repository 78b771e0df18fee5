import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { platform } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { MongoInstance } from 'mongodb-memory-server-core';
import { RatebookError } from '../../errors/error.js';
import { findMongod, type Binary, type BinarySearch } from './binary.js';
import { becomePrimary, host, setName } from './replica-set.js';
import { supervise } from './supervise.js';

/** A MongoDB server that runs as our child process, for as long as we do; when it dies it is started again. */
export type Embedded = {
  readonly uri: string;
  /** Shuts the server down and waits until its files are closed. */
  readonly stop: () => Promise<void>;
};

const parameters = [
  // Spares a primary without secondaries the fifteen seconds in which it would wait for one to take over.
  'shutdownTimeoutMillisForSignaledShutdown=100',
  // What a killed process had written in an open transaction stays closed to others for so long; usually a minute.
  'transactionLifetimeLimitSeconds=10',
];

/** How long a server whose owner was killed may take to notice and to close its files. */
const leftoverMs = 15_000;

/**
 * Starts a replica set of one node on loopback whose files stay in `<dataDir>/mongo`. Refused with UNAVAILABLE: no
 * `mongod` to be had, a directory that cannot be made, or another process that has the same files open.
 */
export async function startEmbedded(dataDir: string, search: BinarySearch): Promise<Embedded> {
  const binary = await findMongod(search);
  const dbPath = join(dataDir, 'mongo');
  await mkdir(dbPath, { recursive: true }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    const message = `The data directory ${dbPath} cannot be made (${why}); choose another one.`;
    throw new RatebookError('UNAVAILABLE', message, { cause: error });
  });

  const giveUp = Date.now() + leftoverMs;
  for (;;) {
    const owner = await readOwner(dataDir);
    const port = await freePort(owner.port);
    try {
      const start = () => startPrimary(binary, dbPath, port);
      const stop = supervise(await start(), start, search.onProgress);
      await writeOwner(dataDir, { pid: process.pid, port }).catch(async (error: unknown) => {
        await stop();
        throw error;
      });
      return { uri: `mongodb://${host(port)}/?replicaSet=${setName}`, stop };
    } catch (error) {
      if (!/DBPathInUse/.test(String(error))) throw couldNotStart(dbPath, error);
      if (isAlive(owner.pid) || Date.now() > giveUp) throw inUse(dbPath, owner.pid);
      await pause(250);
    }
  }
}

async function startPrimary(binary: Binary, dbPath: string, port: number): Promise<MongoInstance> {
  const instance = await launch(binary, dbPath, port);
  try {
    await becomePrimary(port);
    return instance;
  } catch (error) {
    await instance.stop();
    throw error;
  }
}

/**
 * The library also starts a small process that ends mongod when ours is killed. `detached` keeps Ctrl-C in the terminal
 * from reaching mongod: it would be gone before our own calls have drained.
 */
async function launch(binary: Binary, dbPath: string, port: number): Promise<MongoInstance> {
  const instance = new MongoInstance({
    instance: {
      port,
      dbPath,
      ip: '127.0.0.1',
      storageEngine: 'wiredTiger',
      launchTimeout: 60_000,
      // Only the port is used; a socket file would stay in the temporary directory when mongod is killed.
      args: [
        '--replSet',
        setName,
        ...(platform() === 'win32' ? [] : ['--nounixsocket']),
        ...parameters.flatMap((parameter) => ['--setParameter', parameter]),
      ],
    },
    binary: { systemBinary: binary.path, version: binary.version },
    spawn: { detached: true },
  });
  const takeLine = instance.stdoutHandler.bind(instance);
  instance.stdoutHandler = byLine(takeLine);
  await instance.start();
  return instance;
}

/** The library parses each chunk of mongod's log as one line of JSON and brings the process down when it is not. */
function byLine(takeLine: (line: string) => void): (chunk: string | Buffer) => void {
  let rest = '';
  return (chunk) => {
    const lines = `${rest}${chunk.toString()}`.split('\n');
    rest = lines.pop() ?? '';
    lines.forEach((line) => {
      takeLine(line);
    });
  };
}

/** Who had the files last, and on which port: the next start takes the same one if it can. */
type Owner = { readonly pid: number; readonly port: number };

const nobody: Owner = { pid: 0, port: 0 };

async function readOwner(dataDir: string): Promise<Owner> {
  const text = await readFile(join(dataDir, 'mongo.json'), 'utf8').catch(() => '');
  const match = /^\{"pid":(\d{1,10}),"port":(\d{1,5})\}$/.exec(text.trim());
  return match === null ? nobody : { pid: Number(match[1]), port: Number(match[2]) };
}

async function writeOwner(dataDir: string, owner: Owner): Promise<void> {
  const path = join(dataDir, 'mongo.json');
  await writeFile(`${path}.new`, `${JSON.stringify(owner)}\n`);
  await rename(`${path}.new`, path);
}

function isAlive(pid: number): boolean {
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** `wanted` if nothing listens there, else any free port; 0 wants any. */
export function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => {
      if (wanted === 0) reject(error);
      else resolve(freePort(0));
    });
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => {
        resolve(port);
      });
    });
  });
}

function inUse(dbPath: string, pid: number): RatebookError {
  const by = pid === 0 ? 'another process' : `process ${pid.toString()}`;
  return new RatebookError(
    'UNAVAILABLE',
    `The data directory ${dbPath} is in use by ${by}. Stop it first, or choose another data directory.`,
  );
}

function couldNotStart(dbPath: string, cause: unknown): RatebookError {
  if (cause instanceof RatebookError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new RatebookError('UNAVAILABLE', `MongoDB did not start on ${dbPath}: ${why}`, { cause });
}
