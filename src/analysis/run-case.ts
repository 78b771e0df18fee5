import { RatebookError } from '../errors/error.js';
import { plus, sum } from '../money/arithmetic.js';
import { equals } from '../money/compare.js';
import { type Decimal, ZERO, formatDecimal, isDecimal } from '../money/decimal.js';
import type { Line } from '../quote/line.js';
import { type Evaluation, type Quote, quote } from '../quote/quote.js';
import type { MatchQuestion } from '../strategy/engine/matcher.js';
import type { Matches, Strategy } from '../strategy/strategy.js';
import type { Case, CaseResult, ExpectedLine, Expectation } from './case.js';

/** Runs a case by the same calculation as every other quote, and compares what it names. */
export function* runCase(
  strategy: Strategy,
  { name, input, expect }: Case,
): Generator<MatchQuestion, CaseResult, Matches> {
  try {
    const answer = yield* quote(strategy, input);
    return result(name, compareQuote(expect, answer));
  } catch (error) {
    if (!(error instanceof RatebookError)) throw error;
    return result(name, compareError(expect, error));
  }
}

/** A value that a case names: its key, what was expected, what came. */
type Comparison = {
  readonly key: string;
  readonly expected: string;
  readonly actual: string;
  readonly same: boolean;
};

function result(name: string, comparisons: readonly Comparison[]): CaseResult {
  const texts = (side: 'expected' | 'actual') =>
    Object.fromEntries(comparisons.map((comparison) => [comparison.key, comparison[side]]));
  const passed = comparisons.length > 0 && comparisons.every(({ same }) => same);
  return {
    name,
    passed,
    expected: comparisons.length > 0 ? texts('expected') : { expect: 'at least one value' },
    actual: texts('actual'),
  };
}

/** An error is expected by its reason, or by the code of the rule that refused the use. */
function compareError(expect: Expectation, error: RatebookError): readonly Comparison[] {
  const actual = `${error.metadata.code ?? error.reason}: ${error.message}`;
  const same = expect.error !== undefined && [error.reason, error.metadata.code].includes(expect.error);
  return [{ key: 'error', expected: expect.error ?? 'none', actual, same }];
}

function compareQuote(expect: Expectation, answer: Quote): readonly Comparison[] {
  if (expect.error !== undefined)
    return [text('error', expect.error, `none; it costs ${formatDecimal(answer.amount)} ${answer.currency}`)];
  const comparisons: Comparison[] = [];
  if (expect.amount !== undefined) comparisons.push(number('amount', expect.amount, answer.amount));
  if (expect.total !== undefined) comparisons.push(number('total', expect.total, answer.total));
  if (expect.currency !== undefined) comparisons.push(text('currency', expect.currency, answer.currency));
  if (expect.amounts !== undefined) comparisons.push(...compareAmounts(expect.amounts, answer.evaluations));
  for (const [line, wanted] of expect.lines ?? [])
    comparisons.push(...compareLine(line, wanted, linesNamed(line, answer)));
  for (const [label, wanted] of expect.discounts ?? [])
    comparisons.push(number(`discounts.${label}`, wanted, discounted(label, answer)));
  for (const [label, wanted] of expect.taxes ?? [])
    comparisons.push(number(`taxes.${label}`, wanted, taxed(label, answer)));
  for (const [rule, wanted] of expect.grants ?? [])
    comparisons.push(number(`grants.${rule}`, wanted, granted(rule, answer)));
  return comparisons;
}

function compareAmounts(
  expected: readonly Decimal[],
  evaluations: readonly Evaluation[],
): readonly Comparison[] {
  const show = (amounts: readonly Decimal[]) => amounts.map(formatDecimal).join(', ');
  const actual = evaluations.map(({ amount }) => amount);
  return [text('amounts', show(expected), show(actual))];
}

function linesNamed(name: string, { evaluations }: Quote): readonly Line[] {
  return evaluations.flatMap(({ lines }) => lines.filter(({ line }) => line === name));
}

/** Over several uses a line's amounts and quantities are added up; its rule and price are those of the last one. */
function compareLine(
  name: string,
  wanted: ExpectedLine | null,
  found: readonly Line[],
): readonly Comparison[] {
  const key = `lines.${name}`;
  const last = found.at(-1);
  if (wanted === null)
    return [text(key, 'no such line', last === undefined ? 'no such line' : `charged by ${last.rule}`)];
  if (last === undefined) return [text(key, 'a line', 'no such line')];
  const comparisons: Comparison[] = [];
  for (const part of ['rule', 'price'] as const) {
    const expected = wanted[part];
    if (expected !== undefined) comparisons.push(text(`${key}.${part}`, expected, last[part]));
  }
  for (const part of ['quantity', 'amount', 'net'] as const) {
    const expected = wanted[part];
    if (isDecimal(expected))
      comparisons.push(number(`${key}.${part}`, expected, sum(found.map((line) => line[part]))));
  }
  return comparisons;
}

function discounted(label: string, { evaluations }: Quote): Decimal {
  const named = evaluations.flatMap(({ discounts }) =>
    discounts.filter((discount) => discount.label === label || discount.rule === label),
  );
  return sum(named.map(({ amount }) => amount));
}

function taxed(label: string, { evaluations }: Quote): Decimal {
  const named = evaluations.flatMap(({ taxes }) => taxes.filter((tax) => tax.label === label));
  return named.reduce((total, { amount }) => plus(total, amount), ZERO);
}

function granted(rule: string, { evaluations }: Quote): Decimal {
  const named = evaluations.flatMap(({ grants = [] }) => grants.filter((grant) => grant.rule === rule));
  return sum(named.map(({ quantity }) => quantity));
}

function number(key: string, expected: Decimal, actual: Decimal): Comparison {
  return {
    key,
    expected: formatDecimal(expected),
    actual: formatDecimal(actual),
    same: equals(expected, actual),
  };
}

function text(key: string, expected: string, actual: string): Comparison {
  return { key, expected, actual, same: expected === actual };
}
