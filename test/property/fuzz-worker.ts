import { parentPort, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import { compiledEngine } from '../../src/strategy/engine/compiled.js';
import { type Count, differenceIn, nothingCounted } from './strategy/engine/difference.js';
import { small, wide } from './strategy/engine/documents.js';
import type { Drawn } from './strategy/engine/drawn.js';
import type { Found } from './strategy/engine/found.js';
import { quotes } from './strategy/engine/quotes.js';
import { shorten } from './strategy/engine/shorten.js';
import { manyTiles, someTiles } from './strategy/engine/tiles.js';

/** What a worker is asked: from a first seed on, until a point in time in milliseconds. */
export type Task = { readonly seed: number; readonly worker: number; readonly until: number };

/** What it says after each batch: all that it has compared so far, and the difference that ended it. */
export type News = { readonly count: Count; readonly found?: Found; readonly seed: number };

const drawn: fc.Arbitrary<Drawn> = fc.oneof(
  { arbitrary: small, weight: 400 },
  { arbitrary: wide, weight: 20 },
  { arbitrary: someTiles, weight: 40 },
  { arbitrary: manyTiles, weight: 1 },
  { arbitrary: quotes, weight: 60 },
);

/** Documents of one batch; between batches a worker looks at the time. Each has a seed of its own, to run it again alone. */
const BATCH = 200;

async function fuzz({ seed: first, worker, until }: Task, tell: (news: News) => void): Promise<void> {
  const count = nothingCounted();
  for (let batch = 0; batch === 0 || Date.now() < until; batch++) {
    // An odd multiplier spreads neighbouring seeds; every batch of every worker has one of its own.
    const spread = Math.imul(first + worker + 64 * batch, 0x9e3779b1) >>> 1;
    const seed = batch === 0 && worker === 0 ? first : spread;
    const found = await fuzzBatch(seed, count);
    tell({ count, seed, ...(found && { found }) });
    if (found !== undefined) return;
  }
}

/** Milliseconds for drawing smaller documents that differ; of a large one, rules and uses are taken out afterwards. */
const SHRINKING = 30_000;

/** The shrunk difference of a batch, if there is any. What is compared to shrink it is not counted. */
async function fuzzBatch(seed: number, count: Count): Promise<Found | undefined> {
  let foundAt: number | undefined;
  const differs = async (one: Drawn) => {
    const why = await whatDiffers(one, foundAt === undefined ? count : nothingCounted());
    if (why !== undefined) foundAt ??= Date.now();
    return why !== undefined;
  };
  const late = () => foundAt !== undefined && Date.now() > foundAt + SHRINKING;
  const property = fc.asyncProperty(drawn, async (one) => late() || !(await differs(one)));
  const { counterexample } = await fc.check(property, { seed, numRuns: BATCH });
  if (counterexample === null) return undefined;
  const shortest = await shorten(counterexample[0], differs);
  const why = await whatDiffers(shortest, nothingCounted());
  return { why: why ?? 'a difference that comes and goes', ...shortest };
}

/** An engine that throws differs too. */
function whatDiffers(one: Drawn, count: Count): Promise<string | undefined> {
  return differenceIn(one, compiledEngine, count).catch(String);
}

await fuzz(workerData as Task, (news) => parentPort?.postMessage(news));
