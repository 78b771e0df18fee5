/** One way of doing the work; it goes through as many items as it is told and gives back something that depends on them. */
export type Way = { readonly name: string; readonly run: (items: number) => unknown };

const ROUNDS = 3;

/**
 * How often each way does its work in a second of processor time, garbage collection included: the median of three
 * rounds, in which the ways take turns, so that whatever else the machine does meets all. A round before them warms up.
 */
export async function perSecond(ways: readonly Way[], ms: number): Promise<ReadonlyMap<string, number>> {
  const rates = new Map(ways.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const way of ways) {
      const rate = await measured(way, ms);
      if (round > 0) rates.get(way.name)?.push(rate);
    }
  }
  return new Map([...rates].map(([name, found]) => [name, median(found)]));
}

async function measured({ run }: Way, ms: number): Promise<number> {
  let [items, step] = [0, 1];
  const start = process.cpuUsage();
  for (let spent = 0; ;) {
    await run(step);
    items += step;
    const { user, system } = process.cpuUsage(start);
    spent = (user + system) / 1000;
    if (spent >= ms) return (items * 1000) / spent;
    // Few looks at the clock, and none that comes long after the time is up.
    step = Math.max(1, Math.ceil(items * Math.min(1, (ms - spent) / Math.max(spent, 0.1)) * 0.9));
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
