import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findUsage } from '../../src/cli/demo/recorded-usage.js';
import { readShare } from '../../src/cli/simulate/read-share.js';
import type { TokenUsage } from '../../src/intake/token-usage.js';
import { formatDecimal } from '../../src/money/decimal.js';
import { formatInstant } from '../../src/time/instant.js';
import type { Simulated } from './simulate-child.js';

/**
 * `ratebook simulate` over recorded calls of a language model and 20 times as many, each run in a process of its own: uses
 * priced a second by start to end, the share of it that reading takes, and the most memory held.
 */
const ACCOUNTS = 1000;
const TIMES = [1, 20];
const WORKERS = [1, 2];
const ROUNDS = 3;
/** No further round is begun after so long. */
const MOST_MS = 60_000;

const rules = fileURLToPath(new URL('../../../rules/', import.meta.url));
const child = fileURLToPath(new URL('simulate-child.js', import.meta.url));

const folder = await mkdtemp(join(tmpdir(), 'ratebook-bench-'));
try {
  await bench();
} finally {
  await rm(folder, { recursive: true });
}

async function bench(): Promise<void> {
  const { usages, origin } = await findUsage(undefined, {
    ...{ print: () => undefined, complain: () => undefined, color: false },
    input: process.stdin,
  });
  console.log(`Usage: ${origin}\n`);
  const before = join(rules, 'llm-api.yaml');
  const after = await writeAfter(before);
  tell(['usages', 'threads', 'ratings/s', 'CPU µs/r.', 'reading', 'memory']);
  for (const times of TIMES) {
    const file = join(folder, `usage-${times}.csv`);
    await writeUsage(file, usages, times);
    const outputs = new Set<string>();
    for (const workers of WORKERS) {
      const run = await fastest([before, after, file, String(workers)]);
      outputs.add(run.out);
      const ratings = 2 * run.count;
      const reading = (100 * (await secondsToRead(file, workers))) / run.seconds;
      tell([
        ...[run.count, workers, ratings / run.seconds],
        ((run.cpuSeconds * 1e6) / ratings).toFixed(1),
        `${reading.toFixed(0)} %`,
        `${run.megabytes.toFixed(0)} MB`,
      ]);
    }
    if (outputs.size > 1) throw new Error('the number of threads has changed the result');
  }
  console.log(
    '\nThe results are the same for every number of threads. A rating is one use priced by one side.',
  );
}

function tell(cells: readonly (string | number)[]): void {
  const texts = cells.map((cell) =>
    typeof cell === 'number' ? Math.round(cell).toLocaleString('en') : cell,
  );
  console.log(...texts.map((text) => text.padStart(11)));
}

/** Fresh input a little dearer, and the second million of output a little cheaper. */
async function writeAfter(before: string): Promise<string> {
  const prices =
    'model,input,input_busy,cached,output,output_more\ncode,1.25,1.80,0.12,6.00,4.50\nconv,0.60,0.95,0.06,2.40,1.90\n';
  await writeFile(join(folder, 'llm-api.prices.csv'), prices);
  const after = join(folder, 'after.yaml');
  await writeFile(after, await readFile(before, 'utf8'));
  return after;
}

/** All calls so many times over, in order, of so many accounts in turn. */
async function writeUsage(file: string, usages: readonly TokenUsage[], times: number): Promise<void> {
  const rows = usages.map(({ at, model, input, output }) =>
    [formatInstant(at), model, formatDecimal(input), formatDecimal(output)].join(','),
  );
  const handle = await open(file, 'w');
  await handle.write('account,occurred_at,model,input_tokens,output_tokens\n');
  for (let copy = 0; copy < times; copy++) {
    const copied = rows.map((row, i) => `customer-${((copy * rows.length + i) * 7919) % ACCOUNTS},${row}\n`);
    await handle.write(copied.join(''));
  }
  await handle.close();
}

type Run = Simulated & { readonly count: number };

/** The best of some rounds: whatever else the machine does only slows a run down. */
async function fastest(args: readonly string[]): Promise<Run> {
  const runs: Run[] = [];
  const start = performance.now();
  while (runs.length < ROUNDS && performance.now() - start < MOST_MS) {
    const [simulated] = (await once(fork(child, args, { execArgv: [] }), 'message')) as [Simulated];
    const { usages } = JSON.parse(simulated.out) as { usages: number };
    runs.push({ ...simulated, count: usages });
  }
  return runs.reduce((best, run) => (run.seconds < best.seconds ? run : best));
}

/** How long one of so many threads reads its share, pricing nothing. */
async function secondsToRead(file: string, shares: number): Promise<number> {
  const handle = await open(file);
  const { size } = await stat(file);
  const facts = ['model', 'input_tokens', 'output_tokens'].map((fact, i) => ({
    fact,
    column: i + 2,
    isList: false,
  }));
  const columns = { account: 0, occurredAt: 1, facts, ignored: [] };
  const usage = { descriptor: handle.fd, size, kind: 'csv' as const, keys: [] };
  const seconds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    const batches = readShare({ usage, format: { columns, constants: new Map() }, share: 0, shares });
    while (batches.next().done !== true);
    seconds.push((performance.now() - start) / 1000);
  }
  await handle.close();
  return Math.min(...seconds);
}
