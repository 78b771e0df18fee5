// What a quote costs over gRPC, beside an echo of the same messages in the same run: npm run bench -- [seconds]
// With ghz on the PATH, or named by the variable GHZ, unary calls are measured by it, too.
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { RateService } from '../../src/gen/ratebook/v1/rate_pb.js';
import { connectTo, createClient } from '../../src/platform/grpc/client.js';
import { BATCH, IN_FLIGHT, type Load, type Target, batches, stream, unary, unaryByGhz } from './load.js';

/** `conversion` is `quotes` without the calculation: what serving costs, and the calculation does not. */
const KINDS = ['quotes', 'conversion', 'echo'] as const;
type Kind = (typeof KINDS)[number];

/** A service in a process of its own. */
type Served = Target & {
  readonly kind: Kind;
  /** Microseconds of CPU time that the process has used. */
  readonly cpu: () => Promise<number>;
  readonly close: () => void;
};

/** Against the echo: at least so many messages a second, and at most so much CPU time for each. */
type Goal = { readonly rate?: number; readonly cpu?: number };
type Way = { readonly name: string; readonly load: Load; readonly goal: Goal };

const ROUNDS = 5;
/** As long as so many rounds: what has not been compiled yet costs several times as much. */
const WARM_UP = 3;
const GHZ = process.env['GHZ'] ?? 'ghz';

const unaryGoal = { rate: 0.85, cpu: 1.15 };
const ways: readonly Way[] = [
  ...(answers(GHZ)
    ? [{ name: `unary, ${IN_FLIGHT} in flight, ghz`, load: unaryByGhz(GHZ), goal: unaryGoal }]
    : []),
  { name: `unary, ${IN_FLIGHT} in flight`, load: unary, goal: unaryGoal },
  { name: `batches of ${BATCH}, 2 in flight`, load: batches, goal: { rate: 0.5 } },
  { name: 'one stream', load: stream, goal: { rate: 0.6 } },
];

function answers(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function serve(kind: Kind): Promise<Served> {
  const child = fork(fileURLToPath(new URL('server.js', import.meta.url)), [kind], { execArgv: [] });
  const [address] = (await once(child, 'message')) as [string];
  const channel = connectTo(address);
  return {
    kind,
    address,
    client: createClient(RateService, channel),
    cpu: async () => {
      const answer = once(child, 'message') as Promise<[number]>;
      child.send('cpu');
      return (await answer)[0];
    },
    close: () => {
      channel.close();
      child.disconnect();
    },
  };
}

/** Messages a second, and microseconds of the server's CPU time for each. */
type Measure = { readonly rate: number; readonly cpu: number };

async function measure(served: Served, load: Load, ms: number): Promise<Measure> {
  const before = await served.cpu();
  const { count, rate } = await load(served, ms);
  return { rate, cpu: ((await served.cpu()) - before) / count };
}

type Round = Readonly<Record<Kind, Measure>>;

/** The services take turns, so that whatever else the machine does meets them all. */
async function round(services: readonly Served[], load: Load, ms: number): Promise<Round> {
  const measures: Partial<Record<Kind, Measure>> = {};
  for (const served of services) measures[served.kind] = await measure(served, load, ms);
  return measures as Round;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function report({ name, goal }: Way, rounds: readonly Round[]): void {
  console.log(`\n${name}`);
  for (const kind of KINDS) {
    const of = (what: keyof Measure) => median(rounds.map((measures) => measures[kind][what]));
    // Of ratios within a round the median, not a ratio of medians: what slows a round down slows both sides.
    const ratio = (what: keyof Measure) =>
      median(rounds.map((measures) => measures[kind][what] / measures.echo[what]));
    const rate = `${of('rate').toFixed(0).padStart(9)} /s ${ratio('rate').toFixed(2).padStart(6)}`;
    const cpu = `${of('cpu').toFixed(1).padStart(9)} µs ${ratio('cpu').toFixed(2).padStart(6)}`;
    const verdicts = kind === 'quotes' ? judge(goal, { rate: ratio('rate'), cpu: ratio('cpu') }) : '';
    console.log(`  ${kind.padEnd(12)}${rate}${cpu}   ${verdicts}`.trimEnd());
  }
}

function judge({ rate, cpu }: Goal, ratios: Measure): string {
  const verdict = (met: boolean) => (met ? 'met' : 'not met');
  return [
    ...(rate === undefined ? [] : [`rate ≥ ${rate}: ${verdict(ratios.rate >= rate)}`]),
    ...(cpu === undefined ? [] : [`CPU ≤ ${cpu}: ${verdict(ratios.cpu <= cpu)}`]),
  ].join(', ');
}

const seconds = Number(process.argv[2] ?? 90);
const services = await Promise.all(KINDS.map(serve));
const ms = (seconds * 1000) / (ways.length * KINDS.length * (WARM_UP + ROUNDS));
console.log(
  `messages a second and CPU time of the server for each, beside the echo's; medians of ${ROUNDS} rounds`,
);
for (const way of ways) {
  await round(services, way.load, WARM_UP * ms);
  const rounds: Round[] = [];
  while (rounds.length < ROUNDS) rounds.push(await round(services, way.load, ms));
  report(way, rounds);
}
for (const { close } of services) close();
