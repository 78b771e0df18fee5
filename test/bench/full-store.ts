/**
 * Whether recording slows down as ratings pile up: `npm run bench:full -- [stored ratings] [seconds a measurement]`
 *
 * The same batches go into two databases of one server in turn, one empty and one in which five million ratings are stored
 * beforehand: copies of one that was recorded.
 */
import type { Mongo } from '../../src/platform/mongo/connect.js';
import { systemClock } from '../../src/platform/clock.js';
import type { RecordingPorts } from '../../src/services/rating/recording/ports.js';
import { recordUsages } from '../../src/services/rating/recording/record-usages.js';
import { type Store, openStore } from '../../src/services/rating/store.js';
import { bookOf } from './book.js';
import { copiesOf } from './copies.js';
import { withDatabase } from './database.js';
import { median } from './match-timing.js';
import { openAccount } from './open-account.js';
import { ACCOUNTS, usesOf } from './uses.js';

const STORED = Number(process.argv[2] ?? 5_000_000);
const SECONDS = Number(process.argv[3] ?? 5);
const ROUNDS = 7;
const BATCH = 500;
const FILLED_TOGETHER = 5_000;
const GOAL = 0.8;
const never = new AbortController().signal;

await withDatabase(async (mongo) => {
  const empty = await open(mongo, 'empty');
  const full = await open(mongo, 'full');
  await fill(full.store);
  for (const accounts of [10, 37]) {
    const rounds: { readonly ofEmpty: number; readonly ofFull: number }[] = [];
    for (let round = 0; round < ROUNDS; round++)
      rounds.push({ ofEmpty: await perSecond(empty, accounts), ofFull: await perSecond(full, accounts) });
    const ratio = median(rounds.map(({ ofEmpty, ofFull }) => ofFull / ofEmpty));
    const shown = [rounds.map(({ ofFull }) => ofFull), rounds.map(({ ofEmpty }) => ofEmpty)].map((rates) =>
      Math.round(median(rates)).toLocaleString('en'),
    );
    console.log(
      `${accounts} accounts a batch: ${shown[0]} uses/s at ${STORED.toLocaleString('en')} stored, ${shown[1]} in an empty store; ` +
        `${ratio.toFixed(2)} (≥ ${GOAL}: ${ratio >= GOAL ? 'met' : 'not met'})`,
    );
  }
});

async function open(mongo: Mongo, database: string): Promise<RecordingPorts> {
  const store = await openStore(mongo, database);
  const ports: RecordingPorts = {
    store,
    clock: systemClock,
    book: bookOf('llm-api.yaml'),
    queues: new Map(),
  };
  for (let i = 0; i < ACCOUNTS; i++) await openAccount(ports, `a${i}`);
  await recordUsages(usesOf(BATCH, 10, 0), ports, never);
  return ports;
}

async function fill({ ratings }: Store): Promise<void> {
  const [template] = await ratings.find().limit(1).toArray();
  if (template === undefined) throw new Error('nothing was recorded');
  const start = performance.now();
  for (let from = 0; from < STORED; from += FILLED_TOGETHER) {
    const documents = copiesOf(template, Math.min(FILLED_TOGETHER, STORED - from));
    await ratings.insertMany(documents, { ordered: false, writeConcern: { w: 1 } });
  }
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(
    `${(await ratings.estimatedDocumentCount()).toLocaleString('en')} ratings stored in ${seconds} s`,
  );
}

async function perSecond(ports: RecordingPorts, accounts: number): Promise<number> {
  const start = performance.now();
  let batches = 0;
  for (; performance.now() - start < SECONDS * 1000; batches++)
    await recordUsages(usesOf(BATCH, accounts, 0), ports, never);
  return (batches * BATCH * 1000) / (performance.now() - start);
}
