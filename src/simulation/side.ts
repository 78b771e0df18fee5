import { RatebookError } from '../errors/error.js';
import type { Decimal } from '../money/decimal.js';
import { BUILT_IN_GIVEN } from '../quote/built-in.js';
import { currencyOf } from '../quote/facts.js';
import type { GivenFacts, QuoteInput } from '../quote/input.js';
import { type Evaluation, quoteUse } from '../quote/quote.js';
import { type Totals, openTotals } from '../quote/totals.js';
import { compiledEngine } from '../strategy/engine/compiled.js';
import { type PromptEngine, answerNow } from '../strategy/engine/matcher.js';
import type { Strategy } from '../strategy/strategy.js';
import type { RecordedUsage } from './recorded-usage.js';

/** A document that recorded usage is priced by. */
export type Side = {
  readonly strategy: Strategy;
  readonly match: PromptEngine['match'];
  /** Whether its rules read `account.id`, which the recording names apart from the facts. */
  readonly readsAccount: boolean;
};

export type Priced = { readonly kind: 'priced'; readonly currency: string; readonly evaluation: Evaluation };
/** Why a use has no price. */
export type Refused = { readonly kind: 'refused'; readonly error: RatebookError };

export function openSide(strategy: Strategy): Side {
  const readsAccount = strategy.moments.usage.required.includes('account.id');
  return { strategy, match: compiledEngine(strategy).match, readsAccount };
}

/** The facts that a recording may have for a document, with their types. */
export function recordableFacts({ facts }: Strategy): ReadonlyMap<string, { readonly isList: boolean }> {
  const declared = [...facts.values()].map(({ name, type }) => [name, { isList: type === 'list' }] as const);
  const builtIn = [...BUILT_IN_GIVEN]
    .filter(([, { moments }]) => moments.includes('usage'))
    .map(([name]) => [name, { isList: false }] as const);
  return new Map([...builtIn, ...declared]);
}

/** The running totals of an account that has used nothing yet. */
export function openAccount({ strategy }: Side): Totals {
  return openTotals(strategy, inputOf(new Map()));
}

/** Prices a use after those that `totals` has counted, and counts it; one that is refused leaves them as they were. */
export function priceOn(side: Side, totals: Totals, usage: RecordedUsage): Priced | Refused {
  const input = inputOf(factsFor(side, usage));
  try {
    const evaluation = answerNow(side.match, quoteUse(side.strategy, input, { index: 0, totals }));
    return { kind: 'priced', currency: currencyOf(side.strategy, evaluation.facts), evaluation };
  } catch (error) {
    if (error instanceof RatebookError) return { kind: 'refused', error };
    throw error;
  }
}

const NOTHING = new Map<string, Decimal>();

function inputOf(facts: GivenFacts): QuoteInput {
  return { moment: 'usage', usages: [facts], used: NOTHING, totals: NOTHING, lines: [], service: {} };
}

/** A fact that only the other side declares would be refused here as unknown. */
function factsFor({ strategy, readsAccount }: Side, { facts, account }: RecordedUsage): GivenFacts {
  const fillsAccount = readsAccount && account !== '' && !facts.has('account.id');
  if (!fillsAccount && knowsAll(strategy, facts)) return facts;
  const own = new Map([...facts].filter(([name]) => isKnown(strategy, name)));
  return fillsAccount ? own.set('account.id', { kind: 'text', text: account }) : own;
}

function knowsAll(strategy: Strategy, facts: GivenFacts): boolean {
  for (const name of facts.keys()) {
    if (!isKnown(strategy, name)) return false;
  }
  return true;
}

function isKnown({ facts }: Strategy, name: string): boolean {
  return facts.has(name) || BUILT_IN_GIVEN.has(name);
}
