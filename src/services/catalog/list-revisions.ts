import { pageOf, pagePosition, pageSize, pageToken, type Page, type PageInput } from '../../platform/page.js';
import { strategyNotFound } from './get-revision.js';
import type { CatalogPorts } from './ports.js';
import type { Revision } from './revision.js';
import { revisionsBefore } from './store.js';

/** The revisions of a strategy, newest first, withdrawn ones too. Throws STRATEGY_NOT_FOUND when it has none. */
export async function listRevisions(
  strategy: string,
  page: PageInput,
  { store }: CatalogPorts,
): Promise<Page<Revision>> {
  const size = pageSize(page);
  const before = pagePosition(strategy, page);
  const found = await revisionsBefore(
    store,
    strategy,
    before === undefined ? Infinity : Number(before),
    size + 1,
  );
  if (found.length === 0 && before === undefined) throw strategyNotFound(strategy, 0);
  return pageOf(found, size, (last) => pageToken(strategy, last.number.toString()));
}
