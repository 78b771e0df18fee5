import { pageOf, pagePosition, pageSize, pageToken, type Page, type PageInput } from '../../platform/page.js';
import type { CatalogPorts } from './ports.js';
import type { Revision } from './revision.js';
import { newestAfter } from './store.js';

/** Every strategy with its newest revision, which may be a withdrawn one, by strategy id. */
export async function listStrategies(page: PageInput, { store }: CatalogPorts): Promise<Page<Revision>> {
  const size = pageSize(page);
  const found = await newestAfter(store, pagePosition('strategies', page) ?? '', size + 1);
  return pageOf(found, size, (last) => pageToken('strategies', last.strategy));
}
