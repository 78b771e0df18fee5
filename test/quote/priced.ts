import assert from 'node:assert/strict';
import type { RatebookError } from '../../src/errors/error.js';
import { decimal, formatDecimal } from '../../src/money/decimal.js';
import { type Explained, explainQuote } from '../../src/quote/explain.js';
import type { GivenFact, QuoteInput } from '../../src/quote/input.js';
import { type Quote, quote } from '../../src/quote/quote.js';
import { readStrategy } from '../../src/strategy/read/read-strategy.js';
import { readSource } from '../../src/strategy/source/read-source.js';
import { answerWith } from '../../src/strategy/engine/matcher.js';
import { referenceEngine } from '../../src/strategy/engine/reference.js';
import type { Moment, Strategy } from '../../src/strategy/strategy.js';
import { parseInstant } from '../../src/time/instant.js';

/** A strategy document as JSON; what it leaves out is `HEAD`'s. */
export type Document = Readonly<Record<string, unknown>>;

const HEAD: Document = { strategy: 'test', currency: 'USD', time_zone: 'UTC', period: 'month' };

/** The strategy of a document that has no errors. */
export function strategyFrom(document: Document): Strategy {
  const file = { name: 'test.json', text: JSON.stringify({ ...HEAD, ...document }) };
  const { strategy, faults } = readStrategy(readSource(file), []);
  assert.ok(strategy, faults.map(({ path, message, hint }) => `${path}: ${message} ${hint}`).join('\n'));
  return strategy;
}

type Numbers = Readonly<Record<string, number | string>>;
export type Use = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** What is to be priced, as short as a test can say it: `facts` is one use, `usage` several. */
export type Asked = {
  readonly moment?: Moment;
  readonly facts?: Use;
  readonly usage?: readonly Use[];
  readonly used?: Numbers;
  readonly totals?: Numbers;
  readonly lines?: Numbers;
  /** First instant served, and the first that is not. */
  readonly service?: readonly [string | undefined, string | undefined];
};

export function inputOf({ moment, facts, usage, used, totals, lines, service }: Asked): QuoteInput {
  const numbers = (record: Numbers = {}) =>
    new Map(Object.entries(record).map(([name, value]) => [name, decimal(value)]));
  return {
    moment: moment ?? 'usage',
    usages: (usage ?? [facts ?? {}]).map((use) => new Map(Object.entries(use).map(given))),
    used: numbers(used),
    totals: numbers(totals),
    lines: [...numbers(lines)].map(([line, amount]) => ({ line, amount })),
    service: { start: instant(service?.[0]), end: instant(service?.[1]) },
  };
}

function given([name, value]: readonly [string, Use[string]]): [string, GivenFact] {
  return [
    name,
    typeof value === 'object' ? { kind: 'list', texts: value } : { kind: 'text', text: String(value) },
  ];
}

export function instant(text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  const read = parseInstant(text);
  assert.ok(read.ok, text);
  return read.value;
}

export function priced(strategy: Strategy | Document, asked: Asked | QuoteInput): Promise<Quote> {
  const read = 'rules' in strategy && 'moments' in strategy ? (strategy as Strategy) : strategyFrom(strategy);
  return answerWith(referenceEngine(read).match, quote(read, 'usages' in asked ? asked : inputOf(asked)));
}

export function explained(document: Document, asked: Asked): Promise<Explained> {
  const strategy = strategyFrom(document);
  return answerWith(referenceEngine(strategy).trace, explainQuote(strategy, inputOf(asked)));
}

/** All of a quote on one line: `amount: line net, … | -discount label | +tax label`. */
export function shown(answer: Quote): string {
  const evaluations = answer.evaluations.map(({ amount, lines, discounts, taxes }) => {
    const nets = lines.map(
      ({ line, net, kind }) => `${line} ${kind === 'measured' ? '?' : formatDecimal(net)}`,
    );
    const parts = [
      nets.join(', '),
      ...discounts.map((discount) => `-${formatDecimal(discount.amount)} ${discount.label}`),
      ...taxes.map((tax) => `+${formatDecimal(tax.amount)} ${tax.label}`),
    ];
    return `${formatDecimal(amount)}: ${parts.join(' | ')}`;
  });
  return evaluations.join(' ; ');
}

/** Amounts of the evaluations of a sequence. */
export function amountsOf(answer: Quote): string {
  return answer.evaluations.map(({ amount }) => formatDecimal(amount)).join(' ');
}

/** How an input is refused: `REASON field: description; …`. */
export async function refusalOf(document: Document, asked: Asked): Promise<string> {
  const error = await priced(document, asked).then(
    (answer) => assert.fail(`priced: ${shown(answer)}`),
    (refusal: unknown) => refusal as RatebookError,
  );
  const violations = error.violations.map(({ field, description }) => `${field}: ${description}`);
  return [error.reason, violations.length > 0 ? violations.join('; ') : error.message].join(' ');
}

/** A condition of one comparison. */
export function when(fact: string, operator: string, value: unknown): Document {
  return { conditions: { all: [{ fact, operator, value }] } };
}

/** A rule that charges a price on a line. */
export function charge(price: string, line = price, rest: Document = {}): Document {
  return { name: `charge ${price}`, ...rest, event: { type: 'charge', params: { price, line } } };
}

/** A rule of any other event; its name is its label unless `rest` has another. */
export function rule(name: string, type: string, params: Document, rest: Document = {}): Document {
  return { name, ...rest, event: { type, params } };
}
