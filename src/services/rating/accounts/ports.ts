import type { Clock } from '../../../platform/clock.js';
import type { RevisionBook } from '../revisions/revision-book.js';
import type { Store } from '../store.js';

/** What the use cases of accounts need of the world. */
export type AccountPorts = {
  readonly store: Store;
  readonly clock: Clock;
  /** Tells when periods end. */
  readonly book: RevisionBook;
};
