import { groupOfKey } from '../../../quote/counters.js';
import {
  type MovedWindow,
  type StoredWindow,
  type StoredWindows,
  parseName,
  placing,
} from './window-store.js';

/** What `findWindows` finds under the same names once the moved windows are stored. */
export function windowsAfter(found: StoredWindows, moved: ReadonlyMap<string, MovedWindow>): StoredWindows {
  const windows = new Map(found.windows);
  const apart = new Set(found.apart);
  const counted = new Map(found.counted);
  for (const [name, { counters, billed }] of moved) {
    const { owner, window } = parseName(name);
    const running = new Map([...(counted.get(owner)?.get(window) ?? []), ...counters]);
    counted.set(owner, new Map([...(counted.get(owner) ?? []), [window, running]]));
    const before = windows.get(name) ?? NOTHING;
    const groups = new Set(before.groups);
    const placeOf = placing(name, found);
    for (const group of [...counters.keys()].map(groupOfKey)) {
      if (group === undefined) continue;
      if (placeOf(group) === name) groups.add(group);
      else apart.add(placeOf(group));
    }
    const { ratings, unbilled } = billed ?? before;
    const sums = new Map([...before.sums, ...(billed?.sums ?? [])]);
    windows.set(name, { groups, sums, ratings, unbilled });
  }
  return { asked: found.asked, windows, apart, counted };
}

const NOTHING: StoredWindow = { groups: new Set(), sums: new Map(), ratings: 0, unbilled: 0 };
