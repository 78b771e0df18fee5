import { isDeepStrictEqual } from 'node:util';
import { type EngineFactory, type FactValues, inRank } from '../../../../src/strategy/engine/matcher.js';
import { referenceEngine } from '../../../../src/strategy/engine/reference.js';
import { parseFactValue } from '../../../../src/strategy/fact-value.js';
import type { Strategy } from '../../../../src/strategy/strategy.js';
import { type Use, strategyFrom } from '../../../quote/priced.js';
import type { Drawn } from './documents.js';

/** What was compared, so that a run can tell whether it was worth something. */
export type Count = {
  documents: number;
  /** A document with one set of facts, at one moment. */
  pairs: number;
  /** Pairs in which some rule matched and some did not. */
  mixed: number;
};

export const nothingCounted = (): Count => ({ documents: 0, pairs: 0, mixed: 0 });

/** What the engine and the reference answer differently about a document, in words; undefined: nothing. Counts as it goes. */
export async function differenceIn(
  { document, uses }: Drawn,
  makeEngine: EngineFactory,
  count: Count,
): Promise<string | undefined> {
  const strategy = strategyFrom(document);
  const [engine, reference] = [makeEngine(strategy), referenceEngine(strategy)];
  const moments = new Set(strategy.rules.map(({ moment }) => moment));
  count.documents++;
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
      if (wanted !== found) return `use ${i}, ${moment}: ${found} match, not ${wanted}`;
      if (!isDeepStrictEqual(await engine.trace(question), traces))
        return `use ${i}, ${moment}: ${wanted} match, but they are explained otherwise`;
    }
    if (mixed) count.mixed++;
  }
  return undefined;
}

function namesOf(rules: readonly { readonly name: string }[]): string {
  return rules.length === 0 ? 'no rules' : rules.map(({ name }) => name).join(', ');
}

/** The facts of a use as an engine takes them; those that are not of their type are not sent. */
function valuesOf({ types }: Strategy, use: Use): FactValues {
  const values = Object.entries(use).flatMap(([name, written]) => {
    const type = types.get(name);
    const texts = typeof written === 'object' ? written : String(written);
    const value = type === undefined ? undefined : parseFactValue(type, texts);
    return value?.ok === true ? [[name, value.value] as const] : [];
  });
  return new Map(values);
}
