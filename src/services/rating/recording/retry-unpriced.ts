import { type RecordingPorts } from './ports.js';
import { firstUnpricedUses } from './rating-store.js';
import { rateAgain } from './record-usages.js';
import type { SentUsage, UnpricedUsage, UsageOutcome } from './usage.js';

const USUAL = 500;
const MOST = 1_000;

/**
 * Rates what waits for a price again, oldest first, at most so many (0: 500). What has none yet goes on waiting, also
 * where it is now refused for another reason, which is told.
 */
export async function retryUnpriced(
  account: string,
  limit: number,
  { ports, signal }: { readonly ports: RecordingPorts; readonly signal: AbortSignal },
): Promise<readonly UsageOutcome[]> {
  const most = limit <= 0 ? USUAL : Math.min(limit, MOST);
  const waiting = await firstUnpricedUses(ports.store, account, most);
  return waiting.length === 0 ? [] : rateAgain(waiting.map(toSent), ports, signal);
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
