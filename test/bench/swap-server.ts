// Run by the benchmark of swaps as a process of its own: services, and a watch over the thread that they serve from.
import { openSync, readSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type ServiceName, startRatebook } from '../../src/main.js';
import { createLog } from '../../src/platform/log.js';

/** Pauses of the serving thread in milliseconds, since it was asked last. */
export type Pauses = {
  readonly p99: number;
  readonly longest: number;
  /** The longest without the time that the machine gave to other processes meanwhile. */
  readonly longestOwn: number;
};

const [services = '', dataDir = '', catalog] = process.argv.slice(2);
const running = await startRatebook({
  services: services.split(',') as ServiceName[],
  dataDir,
  catalog,
  database: 'swap',
  server: { listen: '127.0.0.1:0' },
  client: {},
  engine: 'compiled',
  log: createLog('warn'),
  onProgress: () => undefined,
});

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

/** Nanoseconds that this thread has waited for a processor; 0 where the system is not Linux. */
const schedule = openSchedule();
const digits = Buffer.alloc(64);
function waited(): number {
  if (schedule === undefined) return 0;
  const length = readSync(schedule, digits, 0, digits.length, 0);
  return Number(digits.toString('latin1', 0, length).split(' ')[1]);
}

function openSchedule(): number | undefined {
  try {
    return openSync('/proc/thread-self/schedstat', 'r');
  } catch {
    return undefined;
  }
}

const TICK_MS = 1;
let longestOwn = 0;
let last = { at: performance.now(), waited: waited() };
setInterval(() => {
  const now = { at: performance.now(), waited: waited() };
  longestOwn = Math.max(longestOwn, now.at - last.at - (now.waited - last.waited) / 1e6 - TICK_MS);
  last = now;
}, TICK_MS);

process.send?.(running.address);
process.on('message', () => {
  const pauses: Pauses = {
    p99: delay.percentile(99) / 1e6,
    longest: delay.max / 1e6,
    longestOwn,
  };
  process.send?.(pauses);
  delay.reset();
  longestOwn = 0;
});
process.once('disconnect', () => void running.stop(0).then(() => process.exit()));
