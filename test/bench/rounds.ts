/** One way of doing the work; it goes through as many items as it is told and gives back something that depends on them. */
export type Way = (items: number) => unknown;

/** Does something with one item after the other, round and round. */
export function each<T>(items: readonly T[], work: (item: T) => unknown): Way {
  let next = 0;
  return (count) => {
    let last: unknown;
    for (let i = 0; i < count; i++) {
      const item = items[next++ % items.length];
      if (item !== undefined) last = work(item);
    }
    return last;
  };
}

/** How often work is done in a second of processor time, garbage collection included, once it is warm. */
export async function perSecond(way: Way, ms: number): Promise<number> {
  await measured(way, ms);
  return measured(way, ms);
}

async function measured(way: Way, ms: number): Promise<number> {
  let [items, step] = [0, 1];
  const start = process.cpuUsage();
  for (let spent = 0; ;) {
    await way(step);
    items += step;
    const { user, system } = process.cpuUsage(start);
    spent = (user + system) / 1000;
    if (spent >= ms) return (items * 1000) / spent;
    // Few looks at the clock, and none that comes long after the time is up.
    step = Math.max(1, Math.ceil(items * Math.min(1, (ms - spent) / Math.max(spent, 0.1)) * 0.9));
  }
}
