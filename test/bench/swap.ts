// How long requests are held up while large documents are swapped in: node dist/test/bench/swap.js [swaps of each kind]
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { RatebookError } from '../../src/errors/error.js';
import { RateService } from '../../src/gen/ratebook/v1/rate_pb.js';
import { type Client, connectTo, createClient } from '../../src/platform/grpc/client.js';
import type { Kind } from './documents.js';
import type { Publish, Published } from './swap-publisher.js';
import type { Pauses } from './swap-server.js';

type Rate = Client<typeof RateService>;

const KINDS: readonly (readonly [kind: Kind, title: string])[] = [
  ['yaml', '10,000 rules, YAML'],
  ['json', '10,000 rules, JSON'],
  ['csv', 'lookup of 100,000 rows'],
];
/** One request in so many milliseconds. */
const EVERY_MS = 10;
const QUIET_MS = 5_000;

const AWAITED: ReadonlySet<string> = new Set(['STRATEGY_NOT_FOUND', 'REVISION_NOT_FOUND', 'UNAVAILABLE']);

const swaps = Number(process.argv[2] ?? 3);
const dataDir = await mkdtemp(join(tmpdir(), 'ratebook-swap-'));
const catalog = await start('swap-server', 'catalog', join(dataDir, 'apart'));
const rating = await start('swap-server', 'rating', dataDir, catalog.address);
await measure('rating in a process of its own', rating, catalog.address);
await stop(rating.child, catalog.child);
const both = await start('swap-server', 'catalog,rating', join(dataDir, 'together'));
await measure('catalog and rating in one process', both, both.address);
await stop(both.child);
await rm(dataDir, { recursive: true });

type Server = { readonly child: ChildProcess; readonly address: string };

async function start(program: string, ...args: string[]): Promise<Server> {
  const child = fork(fileURLToPath(new URL(`${program}.js`, import.meta.url)), args, { execArgv: [] });
  child.once('exit', (code) => {
    if (code !== 0) throw new Error(`${program} ended with ${String(code)}.`);
  });
  const [address] = (await once(child, 'message')) as [string];
  return { child, address };
}

async function stop(...children: readonly ChildProcess[]): Promise<void> {
  for (const child of children) {
    child.disconnect();
    await once(child, 'exit');
  }
}

/** Prints a line for the time without swaps and one for each kind of document. */
async function measure(title: string, server: Server, catalogAddress: string): Promise<void> {
  const channel = connectTo(server.address);
  const rate = createClient(RateService, channel);
  const publisher = (await start('swap-publisher', catalogAddress)).child;
  await swap(rate, publisher, { kind: 'small', seed: 0 });
  await measured(rate, server, () => pause(QUIET_MS));

  console.log(`\n${title}; a request every ${EVERY_MS} ms, times in ms`);
  printRow(['', 'p50', 'p99', 'max', 'refused', '| loop p99', 'longest', 'own', '| publish', 'in all']);
  printMeasured('without swaps', await measured(rate, server, () => pause(QUIET_MS)), []);
  for (const [kind, name] of KINDS) {
    const times: Swap[] = [];
    const found = await measured(rate, server, async () => {
      for (let seed = 1; seed <= swaps; seed++) times.push(await swap(rate, publisher, { kind, seed }));
    });
    printMeasured(name, found, times);
  }
  channel.close();
  await stop(publisher);
}

type Measured = {
  readonly latencies: readonly number[];
  /** Requests that were told to try again. */
  readonly refused: number;
  readonly pauses: Pauses;
};

/** The latencies of steady requests and the pauses of the server while something happens. */
async function measured(rate: Rate, server: Server, happens: () => Promise<void>): Promise<Measured> {
  await pausesOf(server);
  const latencies: number[] = [];
  const under: Promise<unknown>[] = [];
  const started = performance.now();
  let sent = 0;
  let refused = 0;
  // What is late by a pause of this process counts from when it was due, or the pause would hide itself.
  const ticking = setInterval(() => {
    for (; started + sent * EVERY_MS <= performance.now(); sent++) {
      const due = started + sent * EVERY_MS;
      const asked = rate.computeQuote({ input: inputFor('strategies/bench-small') });
      under.push(
        asked.then(
          () => latencies.push(performance.now() - due),
          () => refused++,
        ),
      );
    }
  }, 1);
  await happens();
  clearInterval(ticking);
  await Promise.all(under);
  return { latencies: latencies.sort((a, b) => a - b), refused, pauses: await pausesOf(server) };
}

async function pausesOf({ child }: Server): Promise<Pauses> {
  child.send('pauses?');
  const [pauses] = (await once(child, 'message')) as [Pauses];
  return pauses;
}

/** Milliseconds that publishing took, and until the first quote by the new revision. */
type Swap = { readonly publish: number; readonly inAll: number };

async function swap(rate: Rate, publisher: ChildProcess, publish: Publish): Promise<Swap> {
  publisher.send(publish);
  const [{ name, began, ended }] = (await once(publisher, 'message')) as [Published];
  await eventually(() => rate.computeQuote({ input: inputFor(name) }));
  return { publish: ended - began, inAll: Date.now() - began };
}

function inputFor(strategy: string) {
  const text = (value: string) => ({ kind: { case: 'stringValue' as const, value } });
  const number = (value: string) => ({ kind: { case: 'decimalValue' as const, value } });
  const facts = { region: text('r1'), product: text('p1'), hour: number('13'), units: number('17') };
  return { strategy, usages: [{ occurredAt: timestampFromDate(new Date()), facts }] };
}

/** Asks until the revision is there. */
async function eventually(ask: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await ask();
      return;
    } catch (error) {
      if (!(error instanceof RatebookError) || !AWAITED.has(error.reason)) throw error;
    }
    await pause(20);
  }
}

function printMeasured(name: string, { latencies, refused, pauses }: Measured, times: readonly Swap[]): void {
  const at = (share: number) => (latencies[Math.floor(share * (latencies.length - 1))] ?? 0).toFixed(1);
  const { p99, longest, longestOwn } = pauses;
  const mean = (of: (swap: Swap) => number) =>
    times.length === 0 ? '' : (times.reduce((sum, one) => sum + of(one), 0) / times.length).toFixed(0);
  printRow([
    ...[name, at(0.5), at(0.99), at(1), refused.toFixed(0)],
    ...[p99.toFixed(1), longest.toFixed(1), longestOwn.toFixed(1)],
    ...[mean((one) => one.publish), mean((one) => one.inAll)],
  ]);
}

function printRow([name = '', ...cells]: readonly string[]): void {
  console.log(name.padEnd(24), ...cells.map((cell) => cell.padStart(10)));
}
