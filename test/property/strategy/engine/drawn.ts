import assert from 'node:assert/strict';
import type { GivenFact } from '../../../../src/quote/input.js';
import type { FactType, Strategy } from '../../../../src/strategy/strategy.js';
import { type Document, instant, strategyFrom } from '../../../quote/priced.js';
import { readExample, rulesFile } from '../../../rules/example.js';

/** What the fuzzer draws, prints and keeps: a document and uses of it, as plain JSON. */
export type Drawn = {
  /** Whether engines are asked for matches alone, or a whole quote asks them. */
  readonly asks: 'matches' | 'quotes';
  /** A strategy document, or the name of one in the folder `rules`. */
  readonly document: Document | string;
  readonly uses: readonly Use[];
};

export type Use = Readonly<Record<string, Sent>>;

/** A fact as it is sent: its text, the texts of a list, a text with a type of its own, or a point in time. */
export type Sent =
  | string
  | readonly string[]
  | { readonly text: string; readonly type: FactType }
  | { readonly instant: string };

export function strategyOfDrawn({ document }: Drawn): Strategy {
  return typeof document === 'string' ? exampleOf(document) : strategyFrom(document);
}

const examples = new Map<string, Strategy>();
function exampleOf(name: string): Strategy {
  const strategy = examples.get(name) ?? readExample(rulesFile(name)).strategy;
  assert.ok(strategy, name);
  examples.set(name, strategy);
  return strategy;
}

export function givenFact(sent: Sent): GivenFact {
  if (typeof sent === 'string') return { kind: 'text', text: sent };
  if ('text' in sent) return { kind: 'text', ...sent };
  if ('instant' in sent) return { kind: 'instant', at: instant(sent.instant) ?? 0n };
  return { kind: 'list', texts: sent };
}
