import type { Entry } from '../../../ledger/posting.js';
import type { Decimal } from '../../../money/decimal.js';
import type { Instant } from '../../../time/instant.js';

/** What one transaction of the ledger has done to one wallet. It never changes. */
export type Posting = {
  readonly account: string;
  readonly wallet: string;
  /** From 1 in each wallet, without a gap. */
  readonly number: number;
  readonly reason: PostingReason;
  /** The use, or the grant's reference. */
  readonly reference: string;
  /** They sum to zero. The wallet's book comes first. */
  readonly entries: readonly Entry[];
  /** The wallet's book after it. */
  readonly balance: Decimal;
  readonly at: Instant;
};

export type PostingReason = 'grant' | 'use' | 'reversal' | 'expiry';

/** The books on the other side: what was used, what was paid in, what was given (what expires of it goes back), and what has expired of the rest. */
export type Book = 'usage' | 'payments' | 'presents' | 'breakage';
