/**
 * How long it takes to close, preview and read a statement: `npm run bench:statement -- [ratings recorded for real]`
 *
 * A statement is made of the sums in the windows of its subscription and reads no rating. So what is measured is a window
 * as a million ratings leave it: some hundred uses are recorded for real and give it its lines, and then its counts are
 * set to a million. With a number, so many uses are recorded for one account besides, to see that they make no difference.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectMongo } from '../../src/platform/mongo/connect.js';
import { startEmbedded } from '../../src/platform/mongo/embedded.js';
import type { RecordingPorts } from '../../src/services/rating/recording/ports.js';
import { recordUsages } from '../../src/services/rating/recording/record-usages.js';
import type { SentUsage } from '../../src/services/rating/recording/usage.js';
import { closeStatement } from '../../src/services/rating/statements/close-statement.js';
import { getStatement } from '../../src/services/rating/statements/get-statement.js';
import { previewStatement } from '../../src/services/rating/statements/preview-statement.js';
import { openStore } from '../../src/services/rating/store.js';
import { bookOf } from './book.js';
import { median } from './match-timing.js';
import { openAccount } from './open-account.js';

const RECORDED = Number(process.argv[2] ?? 0);
const ACCOUNTS = 40;
const MILLION = 1_000_000;
const GOAL_MS = 50;
const UP_TO = instant('2026-02-01T00:00:00Z');
const never = new AbortController().signal;
const times = new Map<Kind, Taken>();
const lines = new Map<Kind, number>();

const dir = await mkdtemp(join(tmpdir(), 'ratebook-bench-'));
const server = await startEmbedded(dir, { env: process.env, onProgress: console.warn });
const mongo = await connectMongo(server.uri);
try {
  const store = await openStore(mongo, 'rating');
  const clock = { now: () => UP_TO };
  const ports: RecordingPorts = { store, clock, book: bookOf('llm-api.yaml'), queues: new Map() };
  for (let i = 0; i < ACCOUNTS; i++) {
    await openAccount(ports, `a${i}`);
    await recordUsages(usesOf(`a${i}`, 0, 500), ports, never);
  }
  const counts = { ratings: MILLION, unbilled: MILLION };
  await store.windows.updateMany({ unbilled: { $gt: 0 } }, { $set: counts });
  if (RECORDED > 0) await measure('recorded', await recordMany(ports), ports);
  for (let i = 0; i < ACCOUNTS; i++) await measure('counted', `a${i}`, ports);
  tellAll();
} finally {
  await mongo.close();
  await server.stop();
  await rm(dir, { recursive: true });
}

/** An account whose ratings are all there. */
async function recordMany(ports: RecordingPorts): Promise<string> {
  await openAccount(ports, 'many');
  for (let from = 0; from < RECORDED; from += 1000)
    await recordUsages(usesOf('many', from, Math.min(1000, RECORDED - from)), ports, never);
  return 'many';
}

type Kind = 'recorded' | 'counted';
type Way = 'preview' | 'close' | 'read';
type Taken = Record<Way, number[]>;

function takenBy(kind: Kind): Taken {
  const taken = times.get(kind) ?? { preview: [], close: [], read: [] };
  times.set(kind, taken);
  return taken;
}

async function measure(kind: Kind, account: string, ports: RecordingPorts): Promise<void> {
  const taken = takenBy(kind);
  const name = { account, id: 'main' };
  await timed(taken.preview, () => previewStatement({ ...name, upTo: UP_TO }, ports, never));
  const statement = await timed(taken.close, () =>
    closeStatement({ ...name, upTo: UP_TO, request: undefined }, ports, never),
  );
  if (statement === undefined) throw new Error('nothing was closed');
  if (kind === 'counted' && statement.ratings !== MILLION) throw new Error('not a million');
  await timed(taken.read, () => getStatement({ ...name, number: 1 }, ports));
  lines.set(kind, statement.lines.length);
}

async function timed<T>(all: number[], work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  all.push(performance.now() - start);
  return result;
}

function tellAll(): void {
  for (const [kind, taken] of times) {
    const what = kind === 'counted' ? `${MILLION} ratings by count` : `${RECORDED} ratings recorded for real`;
    console.log(`\n${what}, ${lines.get(kind) ?? 0} lines, ${taken.close.length} statements`);
    for (const way of ['preview', 'close', 'read'] as const) {
      const [usual, worst] = [median(taken[way]), Math.max(...taken[way])];
      console.log(`${way.padStart(10)}: median ${usual.toFixed(1)} ms, worst ${worst.toFixed(1)} ms`);
    }
  }
  const close = median(takenBy('counted').close);
  console.log(`\nclosing < ${GOAL_MS} ms: ${close < GOAL_MS ? 'met' : 'not met'}`);
}

function usesOf(account: string, from: number, count: number): readonly SentUsage[] {
  return Array.from({ length: count }, (_, i): SentUsage => {
    const id = from + i;
    return {
      account,
      usageId: `use-${id}`,
      target: { kind: 'subscription', id: 'main' },
      occurredAt: instant('2026-01-05T12:00:00Z') + BigInt(id % 1_000_000) * 1_000_000n,
      given: new Map([
        ['model', { kind: 'text', type: 'string', text: id % 2 === 0 ? 'code' : 'conv' }],
        ['input_tokens', { kind: 'text', type: 'decimal', text: String(1000 + (id % 997)) }],
        ['output_tokens', { kind: 'text', type: 'decimal', text: String(100 + (id % 499)) }],
      ]),
      fingerprint: `${id}`,
    };
  });
}

function instant(text: string): bigint {
  return BigInt(Date.parse(text)) * 1_000_000n;
}
