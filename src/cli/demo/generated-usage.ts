import { ZERO, decimal } from '../../money/decimal.js';
import type { TokenUsage } from '../../intake/token-usage.js';
import { SECOND, parseInstant } from '../../time/instant.js';
import { draw, random } from './draw.js';

/**
 * A stand-in for the recorded trace where that is not at hand. The figures describe the Azure LLM inference trace of
 * 2023 (P. Patel et al., "Splitwise", ISCA 2024; github.com/Azure/AzurePublicDataset, CC-BY-4.0): calls in each quarter
 * of an hour, and quantiles of the tokens of a call, finer where few calls have many. Calls drawn from them have that distribution; which
 * calls they are is the seed's doing.
 */
type Workload = {
  readonly model: string;
  /** Calls in each quarter of an hour from 18:15 UTC on. */
  readonly calls: readonly number[];
  readonly input: readonly number[];
  readonly output: readonly number[];
};

const WORKLOADS: readonly Workload[] = [
  {
    model: 'code',
    calls: [1966, 3134, 2617, 1102],
    input: [
      3, 75, 147, 232, 386, 578, 770, 938, 1075, 1261, 1469, 1690, 1909, 2164, 2433, 2745, 3192, 3919, 5186,
      7302, 7436, 7436, 7436, 7437, 7437,
    ],
    output: [
      6, 6, 7, 7, 8, 9, 9, 10, 11, 12, 13, 14, 16, 18, 20, 24, 29, 39, 55, 90, 172, 252, 361, 824, 1899,
    ],
  },
  {
    model: 'conv',
    calls: [4204, 5550, 5852, 3760],
    input: [
      2, 181, 207, 372, 387, 396, 403, 414, 703, 984, 1020, 1045, 1071, 1097, 1130, 1189, 1315, 1876, 2734,
      4083, 4098, 4142, 4831, 6212, 14050,
    ],
    output: [
      7, 41, 54, 67, 77, 85, 91, 96, 103, 113, 129, 151, 177, 217, 384, 395, 400, 411, 424, 451, 540, 601,
      643, 954, 1000,
    ],
  },
];

/** The shares of calls that have at most so many tokens as the quantile says. */
const SHARES = [...Array.from({ length: 20 }, (_, i) => i / 20), 0.98, 0.99, 0.995, 0.999, 1];

const START = '2023-11-16T18:15:00Z';
const QUARTER = 900n * SECOND;

/** All calls of the hour in order of time; the same for the same seed. */
export function generateUsage(seed: number): readonly TokenUsage[] {
  const next = random(seed);
  const start = parseInstant(START);
  const first = start.ok ? start.value : 0n;
  const usages = WORKLOADS.flatMap(({ model, calls, input, output }) =>
    calls.flatMap((count, quarter) =>
      Array.from({ length: count }, (): TokenUsage => {
        const offset = BigInt(Math.floor(next() * Number(QUARTER / 1000n))) * 1000n;
        const at = first + BigInt(quarter) * QUARTER + offset;
        return {
          model,
          at,
          input: decimal(draw({ shares: SHARES, values: input }, next())),
          cached: ZERO,
          output: decimal(draw({ shares: SHARES, values: output }, next())),
        };
      }),
    ),
  );
  return usages.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
