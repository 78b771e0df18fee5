import { RatebookError } from '../../../errors/error.js';
import type { SentUsage, UsageOutcome } from './usage.js';

/** What a use is answered that was recorded before: what is stored, unless it was another use under the same id. */
export function repeated(usage: SentUsage, earlier: UsageOutcome): UsageOutcome {
  switch (earlier.kind) {
    case 'rated':
    case 'duplicate':
      return isSame(usage, earlier.rating) ? { kind: 'duplicate', rating: earlier.rating } : reused(usage);
    case 'unpriced':
      return isSame(usage, earlier.usage) ? earlier : reused(usage);
    case 'rejected':
      return earlier;
  }
}

type Stored = { readonly fingerprint: string; readonly subscription: string; readonly strategy: string };

function isSame({ fingerprint, target }: SentUsage, stored: Stored): boolean {
  const sameTarget =
    target.kind === 'subscription' ? target.id === stored.subscription : target.strategy === stored.strategy;
  return sameTarget && fingerprint === stored.fingerprint;
}

function reused({ account, usageId }: SentUsage): UsageOutcome {
  const message = `The usage id "${usageId}" of ${account} was recorded before with another instant, other facts or another subscription; give each use an id of its own.`;
  const error = new RatebookError('USAGE_ID_REUSED', message, { metadata: { usage_id: usageId, account } });
  return { kind: 'rejected', error };
}
