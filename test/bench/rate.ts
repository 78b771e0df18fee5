/**
 * How fast usage is recorded, beside what the database alone takes: `npm run bench:rate -- [seconds a measurement]`
 *
 * Batches of 500 uses with tiers, each one transaction, against a bare `insertMany` of documents of the same size, with the
 * same indexes and the same durable write concern; single uses against a bare transaction of two writes. Both take turns.
 */
import { randomUUID } from 'node:crypto';
import type { Collection } from 'mongodb';
import { systemClock } from '../../src/platform/clock.js';
import type { Mongo } from '../../src/platform/mongo/connect.js';
import type { RecordingPorts } from '../../src/services/rating/recording/ports.js';
import { recordUsages } from '../../src/services/rating/recording/record-usages.js';
import { type RatingDocument, openStore } from '../../src/services/rating/store.js';
import { bookOf } from './book.js';
import { copiesOf } from './copies.js';
import { withDatabase } from './database.js';
import { median } from './match-timing.js';
import { openAccount } from './open-account.js';
import { ACCOUNTS, usesOf } from './uses.js';

const SECONDS = Number(process.argv[2] ?? 4);
const BATCH = 500;
const ROUNDS = 3;
const never = new AbortController().signal;
await withDatabase(async (mongo) => {
  const store = await openStore(mongo, 'rating');
  const ports: RecordingPorts = {
    store,
    clock: systemClock,
    book: bookOf('llm-api.yaml'),
    queues: new Map(),
  };
  for (let i = 0; i < ACCOUNTS; i++) await openAccount(ports, `a${i}`);
  await recordUsages(usesOf(BATCH, 10, 0), ports, never);
  const [template] = await store.ratings.find().limit(1).toArray();
  if (template === undefined) throw new Error('nothing was recorded');
  const bare = mongo.db('bare').collection<RatingDocument>('ratings');
  for (const { name, key, partialFilterExpression } of await store.ratings.indexes())
    if (name !== '_id_')
      await bare.createIndex(
        key,
        partialFilterExpression === undefined ? {} : { partialFilterExpression },
        {},
      );

  console.log(
    `Uses a second, batches of ${BATCH}, beside insertMany of such documents; medians of ${ROUNDS} rounds\n`,
  );
  tell(['accounts', 'writers', 'uses/s', 'documents/s', 'ratio', 'goal']);
  for (const [accounts, goal] of [
    [10, 0.65],
    [37, 0.5],
    [500, undefined],
  ] as const) {
    for (const writers of [1, 4])
      await measureBatches({ accounts, writers, goal }, ports, { bare, template });
  }
  await measureSingles(mongo, ports, { bare, template });
});

type Measured = { readonly accounts: number; readonly writers: number; readonly goal: number | undefined };
type Bare = { readonly bare: Collection<RatingDocument>; readonly template: RatingDocument };

async function measureBatches(
  { accounts, writers, goal }: Measured,
  ports: RecordingPorts,
  bare: Bare,
): Promise<void> {
  const ours: number[] = [];
  const others: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    others.push(await perSecond(writers, () => insertBare(bare, accounts)));
    ours.push(
      await perSecond(writers, async (writer) => {
        // 37 accounts are shared by all writers, others are each writer's own where there are enough.
        const first = accounts === 10 ? writer * 10 : 0;
        await recordUsages(usesOf(BATCH, accounts, first), ports, never);
      }),
    );
  }
  const ratio = median(ours.map((rate, i) => rate / (others[i] ?? 0)));
  const met = goal === undefined ? '' : `≥ ${goal}: ${ratio >= goal ? 'met' : 'not met'}`;
  tell([accounts, writers, median(ours), median(others), ratio.toFixed(2), met]);
}

/** How many documents a second so many writers write that each begin again as soon as they are done. */
async function perSecond(writers: number, write: (writer: number) => Promise<void>): Promise<number> {
  const start = performance.now();
  let batches = 0;
  const end = start + SECONDS * 1000;
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      while (performance.now() < end) {
        await write(writer);
        batches += 1;
      }
    }),
  );
  return (batches * BATCH * 1000) / (performance.now() - start);
}

async function insertBare({ bare, template }: Bare, accounts: number): Promise<void> {
  await bare.insertMany(copiesOf(template, BATCH, accounts));
}

async function measureSingles(mongo: Mongo, ports: RecordingPorts, { bare, template }: Bare): Promise<void> {
  const [ours, others]: [number[], number[]] = [[], []];
  for (let i = 0; i < 600; i++) {
    others.push(
      await timed(() =>
        mongo.transaction(async (session) => {
          await bare.insertOne({ ...template, _id: randomUUID() }, { session });
          await ports.store.windows.updateOne(
            { _id: 'bare' },
            { $set: { 'counters.x': [template.amount, template.amount] } },
            { session, upsert: true },
          );
        }),
      ),
    );
    ours.push(await timed(() => recordUsages(usesOf(1, 1, i % ACCOUNTS), ports, never)));
  }
  const [own, other] = [percentile(ours, 0.99), percentile(others, 0.99)];
  console.log(
    `\none use at a time: p50 ${percentile(ours, 0.5).toFixed(1)} ms, p99 ${own.toFixed(1)} ms;` +
      ` a bare transaction of two writes: p50 ${percentile(others, 0.5).toFixed(1)} ms, p99 ${other.toFixed(1)} ms;` +
      ` p99 ${(own / other).toFixed(2)} × (≤ 3: ${own <= 3 * other ? 'met' : 'not met'})`,
  );
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? NaN;
}

function tell(cells: readonly (string | number)[]): void {
  const texts = cells.map((cell) =>
    typeof cell === 'number' ? Math.round(cell).toLocaleString('en') : cell,
  );
  console.log(...texts.map((text) => text.padStart(12)));
}
