import {
  type Page,
  type PageInput,
  pageFound,
  pageSize,
  pageToken,
  parsePagePosition,
} from '../../../platform/page.js';
import type { Instant } from '../../../time/instant.js';
import { cutOf } from '../statements/cut.js';
import type { StatementName } from '../statements/statement.js';
import type { RecordingPorts } from './ports.js';
import { parsePosition, positionOf, ratingsAfter } from './rating-store.js';
import type { Rating } from './usage.js';

/** Of one account or one of its subscriptions, of uses from `from` to before `to`. */
export type ListedRatings = {
  readonly account: string;
  readonly subscription: string | undefined;
  readonly from: Instant | undefined;
  readonly to: Instant | undefined;
  /** On this statement of theirs alone. */
  readonly statement?: StatementName;
};

/** Ratings in the order in which they were recorded. An account that there is not has none. Throws STATEMENT_NOT_FOUND. */
export async function listRatings(
  listed: ListedRatings,
  page: PageInput,
  { store }: Pick<RecordingPorts, 'store'>,
): Promise<Page<Rating>> {
  const list = `ratings-of-${listed.account}`;
  const { statement } = listed;
  const cut = statement && (await cutOf(statement, { store }));
  const after = parsePagePosition(list, page, parsePosition);
  const found = await ratingsAfter(store, { ...listed, cut }, { after, size: pageSize(page) });
  return pageFound(found, (last) => pageToken(list, positionOf(last)));
}
