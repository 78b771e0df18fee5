import { decimal, formatDecimal } from '../../src/money/decimal.js';
import type { QuoteInput } from '../../src/quote/input.js';
import { type RatedUse, rateUse } from '../../src/quote/quote.js';
import { reverseUse } from '../../src/quote/reverse-use.js';
import { type StoredCounter, byWindow, countedBy } from '../../src/quote/stored-totals.js';
import { type Totals, restoreTotals } from '../../src/quote/totals.js';
import { compiledEngine } from '../../src/strategy/engine/compiled.js';
import { answerNow } from '../../src/strategy/engine/matcher.js';
import type { Strategy } from '../../src/strategy/strategy.js';

/** Counters as a database keeps them: texts by window and key. */
export type Kept = Map<string, readonly string[]>;

export function keep(kept: Kept, counters: readonly StoredCounter[]): void {
  for (const { window, key, quantity, events } of counters)
    kept.set(`${window}|${key}`, [window, key, formatDecimal(quantity), formatDecimal(events)]);
}

export function restored(strategy: Strategy, kept: Kept): Totals {
  return restoreTotals(strategy, byWindow([...kept.values()].map(counterOf)));
}

function counterOf([window = '', key = '', quantity = '', events = '']: readonly string[]): StoredCounter {
  return { window, key, quantity: decimal(quantity), events: decimal(events) };
}

/** What is kept and stands at zero counts for nothing. */
export function standing(kept: Kept): readonly string[] {
  return [...kept.values()]
    .filter(([, , quantity, events]) => quantity !== '0' || events !== '0')
    .map((counter) => counter.join(' '))
    .toSorted();
}

/** A use on its way through a store: each step restores the totals, and keeps what it has counted. */
export type Recorded = { readonly input: QuoteInput; readonly rated: RatedUse };
export type Recorder = {
  readonly record: (input: QuoteInput) => Recorded;
  readonly reverse: (recorded: Recorded) => RatedUse;
};

export function recorderOf(strategy: Strategy, kept: Kept): Recorder {
  const { match } = compiledEngine(strategy);
  return {
    record: (input) => {
      const use = { index: 0, totals: restored(strategy, kept) };
      const rated = answerNow(match, rateUse(strategy, input, use));
      keep(kept, countedBy(rated.moves));
      return { input, rated };
    },
    reverse: ({ input, rated: { before } }) => {
      const use = { index: 0, totals: restored(strategy, kept), before };
      const rated = answerNow(match, reverseUse(strategy, input, use));
      keep(kept, countedBy(rated.moves));
      return rated;
    },
  };
}
