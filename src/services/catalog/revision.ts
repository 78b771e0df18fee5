import type { Fault } from '../../strategy/fault.js';
import type { AppliesTo } from '../../strategy/choose-revision.js';
import type { PeriodTerms } from '../../strategy/period-terms.js';
import type { Instant } from '../../time/instant.js';

/** A published version of a strategy. Only a withdrawal ever changes it, and only before it is in effect. */
export type Revision = {
  readonly strategy: string;
  /** From 1, without gaps. */
  readonly number: number;
  readonly title: string;
  /** SHA-256 of the canonical document, lower-case hex. */
  readonly contentHash: string;
  /** Format of the canonical document. */
  readonly format: number;
  readonly effectiveFrom: Instant;
  /** Whether the watermark or the clock had passed `effectiveFrom` when it was published. */
  readonly backdated: boolean;
  readonly appliesTo: AppliesTo;
  readonly note: string;
  readonly publishedAt: Instant;
  readonly publishedBy: string;
  /** The revision whose document this is again; 0 unless it is a rollback. */
  readonly rolledBackTo: number;
  readonly withdrawn: boolean;
  readonly withdrawnAt?: Instant;
};

/** A document as an analyst's files have it: the rules and the CSV files that they name. */
export type DocumentSource = {
  readonly fileName: string;
  readonly text: string;
  readonly attachments: readonly Attachment[];
};
export type Attachment = { readonly fileName: string; readonly text: string };

/** A revision with what its author wrote. */
export type RevisionWithSource = Revision & { readonly source: DocumentSource };

/** What is to be stored of a revision. */
export type NewRevision = RevisionWithSource & {
  /** RFC 8785 JSON; what `contentHash` is the hash of. */
  readonly canonical: string;
  /** Undefined for what was published before they were kept; it is compared with nothing. */
  readonly terms: PeriodTerms | undefined;
};

/** The answer to every change: the revision as it is now, and what the check of its document warned of. */
export type Changed = { readonly revision: Revision; readonly warnings: readonly Fault[] };
