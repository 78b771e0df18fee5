import { isDeepStrictEqual } from 'node:util';
import { RatebookError } from '../../../../src/errors/error.js';
import { formatDecimal } from '../../../../src/money/decimal.js';
import { type Explained, explainQuote } from '../../../../src/quote/explain.js';
import type { QuoteInput } from '../../../../src/quote/input.js';
import { type Quote, quote } from '../../../../src/quote/quote.js';
import {
  type Engine,
  type EngineFactory,
  type FactValues,
  answerWith,
  inRank,
} from '../../../../src/strategy/engine/matcher.js';
import { referenceEngine } from '../../../../src/strategy/engine/reference.js';
import { parseFactValue } from '../../../../src/strategy/fact-value.js';
import type { Strategy } from '../../../../src/strategy/strategy.js';
import { type Drawn, type Use, givenFact, strategyOfDrawn } from './drawn.js';

/** What was compared, so that a run can tell whether it was worth something. */
export type Count = {
  documents: number;
  /** A document with one use of it. */
  pairs: number;
  /** Pairs in which some rule matched and some did not. */
  mixed: number;
  /** Quotes, and those that came to a price. */
  quotes: number;
  priced: number;
};

export const nothingCounted = (): Count => ({ documents: 0, pairs: 0, mixed: 0, quotes: 0, priced: 0 });

/** What the engine and the reference say differently about a document, in words; undefined: nothing. Counts as it goes. */
export async function differenceIn(
  drawn: Drawn,
  makeEngine: EngineFactory,
  count: Count,
): Promise<string | undefined> {
  const strategy = strategyOfDrawn(drawn);
  const compared: Compared = {
    strategy,
    engine: makeEngine(strategy),
    reference: referenceEngine(strategy),
    count,
  };
  count.documents++;
  switch (drawn.asks) {
    case 'matches':
      return differenceInMatches(compared, drawn.uses);
    case 'quotes':
      return differenceInQuotes(compared, drawn.uses);
  }
}

type Compared = {
  readonly strategy: Strategy;
  readonly engine: Engine;
  readonly reference: Engine;
  readonly count: Count;
};

async function differenceInMatches(
  { strategy, engine, reference, count }: Compared,
  uses: readonly Use[],
): Promise<string | undefined> {
  const moments = new Set(strategy.rules.map(({ moment }) => moment));
  for (const [i, use] of uses.entries()) {
    const facts = valuesOf(strategy, use);
    count.pairs++;
    let mixed = false;
    for (const moment of moments) {
      const question = { moment, facts };
      const traces = await reference.trace(question);
      const matched = traces.filter((trace) => trace.matched).map(({ rule }) => rule);
      mixed ||= matched.length > 0 && matched.length < traces.length;
      // That the reference matches what its trace says is another test; here once a document does.
      const wanted = namesOf(i === 0 ? await reference.match(question) : inRank(matched));
      const found = namesOf(await engine.match(question));
      if (wanted !== found) return `use ${i}, ${moment}: ${cut(found)} match, not ${cut(wanted)}`;
      if (!isDeepStrictEqual(await engine.trace(question), traces))
        return `use ${i}, ${moment}: ${cut(wanted)} match, but they are explained otherwise`;
    }
    if (mixed) count.mixed++;
  }
  return undefined;
}

function namesOf(rules: readonly { readonly name: string }[]): string {
  return rules.length === 0 ? 'no rules' : rules.map(({ name }) => name).join(', ');
}

/** The end of a long list: of two that differ at all, that is where a few rules more or less show. */
function cut(names: string): string {
  return names.length <= 80 ? names : `… ${names.slice(-78)}`;
}

/** The facts of a use as an engine takes them; those that are not of their type are not sent. */
function valuesOf({ types }: Strategy, use: Use): FactValues {
  const values = Object.entries(use).flatMap(([name, sent]) => {
    const type = types.get(name);
    if (type === undefined || (typeof sent === 'object' && !Array.isArray(sent))) return [];
    const value = parseFactValue(type, sent as string | readonly string[]);
    return value.ok ? [[name, value.value] as const] : [];
  });
  return new Map(values);
}

/** Each use alone, then all of them in a row. */
async function differenceInQuotes(compared: Compared, uses: readonly Use[]): Promise<string | undefined> {
  const alone = uses.map((use) => [use]);
  for (const sequence of uses.length > 1 ? [...alone, uses] : alone) {
    const difference = await differenceInQuote(compared, inputOf(sequence));
    if (difference !== undefined) return `${JSON.stringify(sequence)}: ${difference}`;
  }
  return undefined;
}

function inputOf(uses: readonly Use[]): QuoteInput {
  const usages = uses.map(
    (use) => new Map(Object.entries(use).map(([name, sent]) => [name, givenFact(sent)])),
  );
  return { moment: 'usage', usages, used: new Map(), totals: new Map(), lines: [], service: {} };
}

async function differenceInQuote(
  { strategy, engine, reference, count }: Compared,
  input: QuoteInput,
): Promise<string | undefined> {
  const outcome = ({ match }: Engine) =>
    answerWith(match, quote(strategy, input)).then(plainQuote, (error: unknown) => plainError(error));
  const explained = async ({ trace }: Engine) =>
    plainExplained(await answerWith(trace, explainQuote(strategy, input)));

  const wanted = await outcome(reference);
  count.quotes++;
  if (!('reason' in wanted)) count.priced++;
  const found = await outcome(engine);
  if (!isDeepStrictEqual(found, wanted)) return `${shortOf(found)}, not ${shortOf(wanted)}`;
  if (!isDeepStrictEqual(await explained(engine), await explained(reference)))
    return `${shortOf(wanted)}, but explained otherwise`;
  return undefined;
}

/** All of a quote that is a value: the paths of facts are told by a function, and no two of those are equal. */
function plainQuote(answer: Quote) {
  const evaluations = answer.evaluations.map(({ facts: { values, gaps, occurredAt }, ...rest }) => ({
    ...rest,
    facts: { values, gaps, occurredAt },
  }));
  return { ...answer, evaluations };
}

function plainError(error: unknown) {
  if (!(error instanceof RatebookError)) throw error;
  const { reason, message, violations, metadata } = error;
  return { reason, message, violations, metadata };
}

function plainExplained({ quote: answer, error, explanations }: Explained) {
  return { quote: answer && plainQuote(answer), error: error && plainError(error), explanations };
}

function shortOf(outcome: ReturnType<typeof plainQuote | typeof plainError>): string {
  return 'reason' in outcome
    ? `${outcome.reason} ${outcome.message}`
    : `${formatDecimal(outcome.amount)} ${outcome.currency}`;
}
