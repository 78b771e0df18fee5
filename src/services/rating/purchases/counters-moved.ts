import { minus, type plus } from '../../../money/arithmetic.js';
import { ZERO } from '../../../money/decimal.js';
import type { StoredCounter } from '../../../quote/stored-totals.js';
import { ownerOf } from '../recording/batch.js';
import { type StoredWindows, countedFor } from '../recording/window-store.js';
import type { Order } from './order.js';

/** What a purchase moved when it was priced, on from where the counters stand now, or back. */
export function countersMoved(
  { rating, after }: Order,
  found: StoredWindows,
  move: typeof plus,
): readonly StoredCounter[] {
  const owner = ownerOf({ account: rating.account, id: rating.subscription });
  const counted = countedFor(found, owner);
  return after.map(({ window, key, quantity, events }) => {
    const before = rating.before.find((one) => one.window === window && one.key === key);
    const now = counted.get(window)?.get(key);
    return {
      window,
      key,
      quantity: move(now?.quantity ?? ZERO, minus(quantity, before?.quantity ?? ZERO)),
      events: move(now?.events ?? ZERO, minus(events, before?.events ?? ZERO)),
    };
  });
}
