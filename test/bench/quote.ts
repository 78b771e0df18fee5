/**
 * Whole quotes a second on one core, beside what their parts cost: node dist/test/bench/quote.js [ms a round]
 *
 * Each way has processes of its own, since V8 shapes the code of one by whatever else it meets. The ways take turns, so
 * that all meet what the machine does beside; the median of three rounds counts.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { median } from './match-timing.js';
import { EXAMPLES, WAYS } from './quote-ways.js';

const ROUNDS = 3;
const GOAL = 250_000;
const ms = process.argv[2] ?? '1000';
const child = fileURLToPath(new URL('quote-way.js', import.meta.url));

await table('a second of one core', Object.keys(WAYS));
await table('the cases of rules/', Object.keys(EXAMPLES));

async function table(title: string, names: readonly string[]): Promise<void> {
  const rates = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, found] of rates) found.push(await rateOf(name));

  const own = rates.get('whole quote');
  console.log(`${title.padEnd(32)}${'per second'.padStart(12)}`);
  for (const [name, found] of rates) {
    const rate = median(found);
    const goal = name === 'whole quote' ? `  goal ${GOAL}: ${rate >= GOAL ? 'met' : 'not met'}` : '';
    const ratio = own === undefined ? '' : `  ${(median(own) / rate).toFixed(2)} ×`.padStart(12);
    console.log(`${name.padEnd(32)}${rate.toFixed(0).padStart(12)}${ratio}${goal}`);
  }
  console.log();
}

async function rateOf(name: string): Promise<number> {
  const [rate] = (await once(fork(child, [name, ms]), 'message')) as [number];
  return rate;
}
