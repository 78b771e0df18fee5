import type { Session } from '../../../platform/mongo/transaction.js';
import type { Instant } from '../../../time/instant.js';
import type { AtTurn } from '../accounts/account-store.js';
import type { Subscription } from '../accounts/account.js';
import type { RecordingPorts } from '../recording/ports.js';

export type Due = {
  /** The account, its turn taken in the session. */
  readonly at: AtTurn;
  readonly subscription: Subscription;
  /** What falls due up to here, this instant among it. */
  readonly upTo: Instant;
};

/** Rates what has fallen due of a subscription at the ends and starts of its periods, once, and stores it in the session. */
export async function rateDueIn(_session: Session, _due: Due, _ports: RecordingPorts): Promise<void> {}
