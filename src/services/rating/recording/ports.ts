import type { Clock } from '../../../platform/clock.js';
import type { RevisionBook } from '../revisions/revision-book.js';
import type { Store } from '../store.js';
import type { Queues } from './queues.js';

/** What recording needs of the world. */
export type RecordingPorts = {
  readonly store: Store;
  readonly clock: Clock;
  readonly book: RevisionBook;
  readonly queues: Queues;
};
