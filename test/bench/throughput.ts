// Quotes a second against an echo of the same messages in the same run: node dist/test/bench/throughput.js [seconds]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { RateService } from '../../src/gen/ratebook/v1/rate_pb.js';
import { type Client, connectTo, createClient } from '../../src/platform/grpc/client.js';
import { benchInput } from './input.js';

type Rate = Client<typeof RateService>;
/** Asks until the time (of `performance.now`) and tells how many quotes came back. */
type Ask = (rate: Rate, until: number) => Promise<number>;

const IN_FLIGHT = 16;
const BATCH = 500;
const ROUNDS = 3;

const WAYS: readonly (readonly [name: string, ask: Ask])[] = [
  [`unary, ${IN_FLIGHT} in flight`, unary],
  [`batches of ${BATCH}, 2 in flight`, batched],
  ['one stream', streamed],
];

async function unary(rate: Rate, until: number): Promise<number> {
  return inFlight(IN_FLIGHT, until, async () => {
    await rate.computeQuote({ input: benchInput });
    return 1;
  });
}

async function batched(rate: Rate, until: number): Promise<number> {
  const inputs = Array.from({ length: BATCH }, () => benchInput);
  return inFlight(2, until, async () => (await rate.batchComputeQuotes({ inputs })).outcomes.length);
}

/** Items are sent without waiting, but never more than a batch ahead of the answers. */
async function streamed(rate: Rate, until: number): Promise<number> {
  let answered = 0;
  let proceed: () => void = () => undefined;
  async function* requests() {
    for (let sent = 0; performance.now() < until; sent++) {
      if (sent - answered >= BATCH) await new Promise<void>((resolve) => (proceed = resolve));
      yield { input: benchInput };
    }
  }
  for await (const { outcome } of rate.streamQuotes(requests())) {
    if (outcome !== undefined) answered++;
    proceed();
  }
  return answered;
}

async function inFlight(width: number, until: number, call: () => Promise<number>): Promise<number> {
  const worker = async () => {
    let count = 0;
    while (performance.now() < until) count += await call();
    return count;
  };
  const counts = await Promise.all(Array.from({ length: width }, worker));
  return counts.reduce((a, b) => a + b, 0);
}

/** Quotes a second; what is still on its way when the time is up counts, with the time that it takes. */
async function measured(ask: Ask, rate: Rate, ms: number): Promise<number> {
  const start = performance.now();
  const count = await ask(rate, start + ms);
  return (count * 1000) / (performance.now() - start);
}

async function addressesOf(child: ReturnType<typeof fork>): Promise<[quotes: string, echo: string]> {
  const [message] = (await once(child, 'message')) as [[string, string]];
  return message;
}

const seconds = Number(process.argv[2] ?? 20);
const child = fork(fileURLToPath(new URL('server.js', import.meta.url)), { execArgv: [] });
const channels = (await addressesOf(child)).map((address) => connectTo(address));
const [quotes, echo] = channels.map((channel) => createClient(RateService, channel)) as [Rate, Rate];
const ms = (seconds * 1000) / (WAYS.length * 2 * (ROUNDS + 1));

console.log(
  'messages/s, best of 3'.padEnd(28),
  'quotes'.padStart(9),
  'echo'.padStart(9),
  'quotes ÷ echo'.padStart(15),
);
for (const [name, ask] of WAYS) {
  const [best, bestEcho] = [[0], [0]];
  // The first round only warms up. The two take turns, so that whatever else the machine does meets both.
  for (let round = 0; round <= ROUNDS; round++) {
    const one = await measured(ask, quotes, ms);
    const other = await measured(ask, echo, ms);
    if (round > 0) {
      best.push(one);
      bestEcho.push(other);
    }
  }
  const [fast, fastEcho] = [Math.max(...best), Math.max(...bestEcho)];
  console.log(
    name.padEnd(28),
    fast.toFixed(0).padStart(9),
    fastEcho.toFixed(0).padStart(9),
    (fast / fastEcho).toFixed(3).padStart(15),
  );
}
for (const channel of channels) channel.close();
child.disconnect();
