import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { create, toBinary } from '@bufbuild/protobuf';
import { ComputeQuoteRequestSchema, type RateService } from '../../src/gen/ratebook/v1/rate_pb.js';
import type { Client } from '../../src/platform/grpc/client.js';
import { benchInput } from './input.js';

/** The service under load, by our own client and by its address for clients of others. */
export type Target = { readonly client: Client<typeof RateService>; readonly address: string };

/** Asks for about so many milliseconds and tells how many quotes came back, and how many in a second. */
export type Load = (target: Target, ms: number) => Promise<{ readonly count: number; readonly rate: number }>;

export const IN_FLIGHT = 16;
export const BATCH = 500;

export const unary = byOurClient(({ client }, until) =>
  inFlight(IN_FLIGHT, until, async () => {
    await client.computeQuote({ input: benchInput });
    return 1;
  }),
);

export const batches = byOurClient(({ client }, until) => {
  const inputs = Array.from({ length: BATCH }, () => benchInput);
  return inFlight(2, until, async () => (await client.batchComputeQuotes({ inputs })).outcomes.length);
});

/** Items are sent without waiting, but never more than a batch ahead of the answers. */
export const stream = byOurClient(async ({ client }, until) => {
  let answered = 0;
  let proceed: () => void = () => undefined;
  async function* requests() {
    for (let sent = 0; performance.now() < until; sent++) {
      if (sent - answered >= BATCH) await new Promise<void>((resolve) => (proceed = resolve));
      yield { input: benchInput };
    }
  }
  for await (const { outcome } of client.streamQuotes(requests())) {
    if (outcome !== undefined) answered++;
    proceed();
  }
  return answered;
});

/** What is still on its way when the time is up counts, with the time that it takes. */
function byOurClient(ask: (target: Target, until: number) => Promise<number>): Load {
  return async (target, ms) => {
    const start = performance.now();
    const count = await ask(target, start + ms);
    return { count, rate: (count * 1000) / (performance.now() - start) };
  };
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

const PROTO = fileURLToPath(new URL('../../../proto/', import.meta.url));
const run = promisify(execFile);

/** The unary load by ghz (https://ghz.sh), which takes less of the machine than a client in JavaScript does. */
export function unaryByGhz(ghz: string): Load {
  const requestFile = join(tmpdir(), `ratebook-bench-${process.pid}.bin`);
  writeFileSync(
    requestFile,
    toBinary(ComputeQuoteRequestSchema, create(ComputeQuoteRequestSchema, { input: benchInput })),
  );
  return async ({ address }, ms) => {
    const options = [
      ...['--insecure', '--format', 'json', '--duration-stop', 'wait'],
      ...['--import-paths', PROTO, '--proto', join(PROTO, 'ratebook/v1/rate.proto')],
      ...['--call', 'ratebook.v1.RateService/ComputeQuote', '--binary-file', requestFile],
      ...['--concurrency', String(IN_FLIGHT), '--duration', `${Math.round(ms)}ms`],
    ];
    const { stdout } = await run(ghz, [...options, address], { maxBuffer: 2 ** 30 });
    const report = JSON.parse(stdout) as GhzReport;
    const failed = Object.keys(report.statusCodeDistribution).filter((code) => code !== 'OK');
    if (failed.length > 0) throw new Error(`ghz was answered ${failed.join(', ')}`);
    return { count: report.count, rate: report.rps };
  };
}

type GhzReport = {
  readonly count: number;
  readonly rps: number;
  readonly statusCodeDistribution: Readonly<Record<string, number>>;
};
