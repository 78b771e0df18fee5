import type { Clock } from '../../platform/clock.js';
import type { Fault } from '../../strategy/fault.js';
import type { PeriodTerms } from '../../strategy/period-terms.js';
import type { DocumentSource } from './revision.js';
import type { Store } from './store.js';
import type { Follows } from './term-advice.js';

/**
 * Reads a document and reports every fault. `content` is there when none of the faults is an error. Rejects with
 * TOO_LARGE when that takes too much memory. Told what the document would follow, it warns of what may not follow it at
 * any time.
 */
export type CheckDocument = (source: DocumentSource, follows?: Follows) => Promise<CheckedDocument>;

export type CheckedDocument = {
  /** In the order of the file. */
  readonly faults: readonly Fault[];
  readonly content: DocumentContent | undefined;
};

export type DocumentContent = {
  readonly strategy: string;
  readonly title: string;
  readonly canonical: string;
  readonly contentHash: string;
  readonly format: number;
  readonly terms: PeriodTerms;
};

/** What the use cases of the catalog need of the world. */
export type CatalogPorts = {
  readonly store: Store;
  readonly clock: Clock;
  readonly checkDocument: CheckDocument;
};
