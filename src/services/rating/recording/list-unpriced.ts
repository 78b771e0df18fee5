import {
  type Page,
  type PageInput,
  pageFound,
  pageSize,
  pageToken,
  parsePagePosition,
} from '../../../platform/page.js';
import type { RecordingPorts } from './ports.js';
import { parsePosition, positionOf, unpricedAfter } from './rating-store.js';
import type { UnpricedUsage } from './usage.js';

/** Uses of an account that wait for a price, in the order in which they were recorded. */
export async function listUnpriced(
  account: string,
  page: PageInput,
  { store }: Pick<RecordingPorts, 'store'>,
): Promise<Page<UnpricedUsage>> {
  const list = `unpriced-of-${account}`;
  const after = parsePagePosition(list, page, parsePosition);
  const found = await unpricedAfter(store, account, after, pageSize(page));
  return pageFound(found, (last) => pageToken(list, positionOf(last)));
}
