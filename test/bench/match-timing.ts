/**
 * How often a second of processor time something can be done, measured for about `seconds` of it. What else the machine does
 * meanwhile takes time off the clock and not off the processor's account of this process.
 */
export async function rateOf<T>(
  sets: readonly T[],
  answer: (facts: T) => number | Promise<number>,
  seconds: number,
): Promise<number> {
  const start = cpuSeconds();
  let [done, at, batch] = [0, 0, 1];
  for (let spent = 0; ;) {
    const before = spent;
    for (let i = 0; i < batch; i++) {
      const found = answer(sets[at]!);
      kept += typeof found === 'number' ? found : await found;
      at = at + 1 === sets.length ? 0 : at + 1;
    }
    done += batch;
    spent = cpuSeconds() - start;
    if (spent >= seconds) return done / spent;
    // The account is looked at every few milliseconds.
    if (spent - before < 0.003) batch *= 2;
  }
}

let kept = 0;
export const sumOfAnswers = () => kept;

export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** `12.3 M`, `45 k`, `7.5 k`, `12` */
export function short(number: number): string {
  if (number >= 1e6) return `${(number / 1e6).toFixed(1)} M`;
  if (number >= 1e3) return `${(number / 1e3).toFixed(number >= 1e4 ? 0 : 1)} k`;
  return number.toFixed(number >= 10 ? 0 : 1);
}

/** Prints rows as columns: the first to the left, the others to the right. */
export function printTable(title: string, rows: readonly (readonly string[])[]): void {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('   '),
  );
  console.log([`\n${title}`, ...lines].join('\n'));
}
