import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { News, Task } from './fuzz-worker.js';
import { type Count, nothingCounted } from './strategy/engine/difference.js';
import { keepFound } from './strategy/engine/found.js';

const USAGE = `usage: npm run fuzz -- [--minutes N] [--seed S] [--workers W]
Asks the compiled engine and the reference about drawn documents, for N minutes (1) on W threads (one a core); the seed S is a whole number.`;

/** Milliseconds from one line of progress to the next. */
const PROGRESS = 10_000;

type Options = { readonly minutes: number; readonly seed: number; readonly workers: number };

function readOptions(): Options | undefined {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({ options: { minutes: text, seed: text, workers: text } });
    const options = {
      minutes: Number(values.minutes ?? 1),
      seed: Number(values.seed ?? Date.now() % 2 ** 31),
      workers: Number(values.workers ?? availableParallelism()),
    };
    const { minutes, seed, workers } = options;
    const ok =
      minutes >= 0 &&
      minutes <= 10_000 &&
      Number.isInteger(seed) &&
      seed >= 0 &&
      Number.isInteger(workers) &&
      workers >= 1 &&
      workers <= 64;
    return ok ? options : undefined;
  } catch {
    return undefined;
  }
}

/** The last news of a worker that found a difference, if one did, and what all of them have compared. */
type Outcome = { readonly news: News | undefined; readonly count: Count };

/** Runs the workers to their end; the first difference stops all of them. */
async function fuzz({ minutes, seed, workers }: Options): Promise<Outcome> {
  const started = Date.now();
  const counts = new Map<number, Count>();
  const report = () => {
    console.log(progressOf(total(counts.values()), Date.now() - started));
  };
  const progress = setInterval(report, PROGRESS);
  const news = await new Promise<News | undefined>((resolve, reject) => {
    let running = workers;
    const threads = Array.from({ length: workers }, (_, worker) => {
      const workerData: Task = { seed, worker, until: started + minutes * 60_000 };
      return new Worker(new URL('fuzz-worker.js', import.meta.url), { workerData });
    });
    threads.forEach((thread, worker) => {
      thread.on('message', (news: News) => {
        counts.set(worker, news.count);
        if (news.found !== undefined) resolve(news);
      });
      thread.on('error', reject);
      thread.on('exit', () => {
        running--;
        if (running === 0) resolve(undefined);
      });
    });
  }).finally(() => {
    clearInterval(progress);
  });
  report();
  return { news, count: total(counts.values()) };
}

/** Of all workers. */
function total(counts: Iterable<Count>): Count {
  const sum = nothingCounted();
  for (const count of counts) for (const key of Object.keys(sum) as (keyof Count)[]) sum[key] += count[key];
  return sum;
}

function progressOf({ documents, pairs, mixed, quotes, priced }: Count, ms: number): string {
  const share = (part: number, whole: number) => `${Math.round((100 * part) / Math.max(1, whole))} %`;
  const matches = `${whole(pairs)} pairs (${share(mixed, pairs)} mixed)`;
  const prices = `${whole(quotes)} quotes (${share(priced, quotes)} priced)`;
  const rate = `${whole(Math.round(((pairs + quotes) * 1000) / Math.max(1, ms)))}/s`;
  return `${Math.round(ms / 1000)} s: ${matches} and ${prices} in ${whole(documents)} documents, ${rate}`;
}

const whole = (value: number) => value.toLocaleString('en');

const options = readOptions();
if (options === undefined) {
  console.error(USAGE);
  process.exit(2);
}
console.log(`Seed ${options.seed}, ${options.minutes} minutes, ${options.workers} workers.`);
const { news, count } = await fuzz(options);
const compared = `${whole(count.pairs)} pairs and ${whole(count.quotes)} quotes in ${whole(count.documents)} documents`;
if (news?.found === undefined) {
  console.log(`${compared}, no difference.`);
} else {
  const { found, seed } = news;
  const file = keepFound(`${found.asks}-${seed}`, found);
  console.log(`After ${compared} a difference, in the batch with the seed ${seed}: ${found.why}`);
  console.log(JSON.stringify(found, null, 2));
  console.log(`Kept as ${file}, which npm test looks at from now on.`);
  console.log(`To see it again: npm run fuzz -- --minutes 0 --workers 1 --seed ${seed}`);
  process.exit(1);
}
