import { canonicalDocument, contentHash } from './canonical.js';
import { indexFaults } from './engine/index-faults.js';
import type { Fault } from './fault.js';
import { readStrategy } from './read/read-strategy.js';
import { type Source, hasTree } from './source/read-source.js';
import type { SourceFile } from './source/source.js';
import type { Strategy } from './strategy.js';
import { tieFaults } from './ties/tie-faults.js';

/** A document that prices: its meaning, and the content by which it is known. */
export type StrategyDocument = {
  readonly strategy: Strategy;
  /** RFC 8785 JSON of all that can change a price. */
  readonly canonical: string;
  /** SHA-256 of `canonical`, lower-case hex. */
  readonly contentHash: string;
};

/** There is a document exactly when no fault is an error. */
export type Opened = { readonly document?: StrategyDocument; readonly faults: readonly Fault[] };

/** Reads a document as whoever prices by it does: one that was published before stays readable. */
export function openDocument(source: Source, attachments: readonly SourceFile[]): Opened {
  const { strategy, faults } = readStrategy(source, attachments);
  if (strategy === undefined || !hasTree(source)) return { faults };
  const canonical = canonicalDocument(source.root, attachments, strategy.types);
  return { document: { strategy, canonical, contentHash: contentHash(canonical) }, faults };
}

/** Reads a document as whoever is about to publish it does: rules that tie, or are slow to match, are faults too. */
export function checkDocument(source: Source, attachments: readonly SourceFile[]): Opened {
  const opened = openDocument(source, attachments);
  if (opened.document === undefined || !hasTree(source)) return opened;
  const { strategy } = opened.document;
  const faults = [...opened.faults, ...tieFaults(strategy, source), ...indexFaults(strategy, source)];
  return faults.some(({ severity }) => severity === 'error') ? { faults } : { ...opened, faults };
}
