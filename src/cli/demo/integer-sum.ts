import { minus } from '../../money/arithmetic.js';
import { formatDecimal } from '../../money/decimal.js';
import type { TokenUsage } from '../../intake/token-usage.js';
import { SECOND } from '../../time/instant.js';
import { scaledText } from './scaled-text.js';

/**
 * What the calls must come to by the price list of rules/llm-api.yaml, computed apart from everything else here: whole
 * numbers of 0.00000001 USD, no rules engine, no decimals. Prices are for one token.
 */
type PriceList = {
  readonly input: bigint;
  readonly busyInput: bigint;
  readonly cached: bigint;
  readonly output: bigint;
  readonly moreOutput: bigint;
};

const PRICES: Readonly<Record<string, PriceList>> = {
  code: { input: 120n, busyInput: 180n, cached: 12n, output: 600n, moreOutput: 500n },
  conv: { input: 60n, busyInput: 90n, cached: 6n, output: 240n, moreOutput: 200n },
};
const FRACTION_DIGITS = 8;
const MILLION = 1_000_000n;

/** The sum in USD as text; undefined when a call is of a model that the list does not have. */
export function integerSum(usages: readonly TokenUsage[]): string | undefined {
  const outputSoFar = new Map<string, bigint>();
  let sum = 0n;
  for (const { model, at, input, cached, output } of usages) {
    const price = PRICES[model];
    if (price === undefined) return undefined;
    const hour = (at / (3600n * SECOND)) % 24n;
    const [fresh, stored, made] = [
      whole(formatDecimal(minus(input, cached))),
      whole(formatDecimal(cached)),
      whole(formatDecimal(output)),
    ];
    // A month's first million of output tokens of each model is dearer than the rest. All calls are in one month.
    const before = outputSoFar.get(model) ?? 0n;
    const dearer = least(MILLION, before + made) - least(MILLION, before);
    outputSoFar.set(model, before + made);
    sum += fresh * (hour >= 7n && hour < 19n ? price.busyInput : price.input) + stored * price.cached;
    sum += dearer * price.output + (made - dearer) * price.moreOutput;
  }
  return scaledText(sum, FRACTION_DIGITS);
}

function whole(text: string): bigint {
  return BigInt(text);
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
