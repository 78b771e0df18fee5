import { BSON, type FindCursor } from 'mongodb';
import type { Found } from '../page.js';

/** Bytes in the database of what one page holds; many clients refuse an answer of more than 4 MiB. */
const MOST_BYTES = 3 * 1024 * 1024;

/** The first `size` of what is found; fewer, though at least one, where they are large. */
export async function firstOf<D extends object, T>(
  found: FindCursor<D>,
  size: number,
  read: (document: D) => T,
): Promise<Found<T>> {
  const items: T[] = [];
  let bytes = 0;
  for await (const document of found.limit(size + 1)) {
    bytes += BSON.calculateObjectSize(document);
    if (items.length === size || (items.length > 0 && bytes > MOST_BYTES)) return { items, isMore: true };
    items.push(read(document));
  }
  return { items, isMore: false };
}
