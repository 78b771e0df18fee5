import type { RecordingPorts } from '../recording/ports.js';
import { holdNotFound } from './end-hold-in.js';
import { type Hold, type HoldKey, holdAt } from './hold.js';
import { findHolds } from './hold-store.js';

/** One hold as of now. Throws HOLD_NOT_FOUND. */
export async function getHold(
  key: HoldKey,
  { store, clock }: Pick<RecordingPorts, 'store' | 'clock'>,
): Promise<Hold> {
  const [hold] = (await findHolds(store, [key])).values();
  if (hold === undefined) throw holdNotFound(key);
  return holdAt(hold, clock.now());
}
