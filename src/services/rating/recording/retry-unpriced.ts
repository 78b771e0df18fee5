import {
  type Page,
  type PageInput,
  pageFound,
  pageToken,
  parsePagePosition,
} from '../../../platform/page.js';
import { type RecordingPorts } from './ports.js';
import { parsePosition, positionOf, unpricedAfter } from './rating-store.js';
import { rateAgain } from './record-usages.js';
import { OWN_USAGE, type SentUsage, type UnpricedUsage, type UsageOutcome } from './usage.js';

const USUAL = 500;
const MOST = 1_000;

/**
 * Rates what waits for a price again, oldest first, a page of at most so many (0: 500). What has none yet goes on waiting,
 * also where it is now refused for another reason, which is told.
 */
export async function retryUnpriced(
  account: string,
  page: PageInput,
  { ports, signal }: { readonly ports: RecordingPorts; readonly signal: AbortSignal },
): Promise<Page<UsageOutcome>> {
  const list = `retried-of-${account}`;
  const size = page.size === 0 ? USUAL : Math.min(page.size, MOST);
  const after = parsePagePosition(list, page, parsePosition);
  const found = await unpricedAfter(ports.store, account, after, size);
  const { items, nextToken } = pageFound(found, (last) => pageToken(list, positionOf(last)));
  // A period that waits is looked at whenever something falls due.
  const uses = items.filter(({ usageId }) => !usageId.startsWith(OWN_USAGE));
  const outcomes = uses.length === 0 ? [] : await rateAgain(uses.map(toSent), ports, signal);
  return { items: outcomes, nextToken };
}

function toSent({
  account,
  usageId,
  subscription,
  occurredAt,
  given,
  fingerprint,
}: UnpricedUsage): SentUsage {
  const target = { kind: 'subscription', id: subscription } as const;
  return { account, usageId, target, occurredAt, given, fingerprint };
}
