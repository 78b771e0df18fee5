import type { Grant } from '../../../ledger/grant.js';
import type { Entry } from '../../../ledger/posting.js';
import type { StoredDecimal } from '../store.js';
import type { Posting } from './posting.js';
import type { Wallet } from './wallet.js';

/** A wallet with the grants of which something is left, so that it is paid from at one read and one write; `_id` is `ACCOUNT/ID`. */
export type WalletDocument = Omit<Wallet, keyof StoredFunds> & StoredFunds & { readonly _id: string };

type StoredFunds = {
  readonly grants: readonly StoredGrant[];
  readonly owed: StoredDecimal;
  readonly heldCredit: StoredDecimal;
  readonly creditLimit: StoredDecimal;
  readonly lowBalance?: StoredDecimal | undefined;
  readonly topUpBelow?: StoredDecimal | undefined;
  readonly topUpAmount?: StoredDecimal | undefined;
  readonly spendThreshold?: StoredDecimal | undefined;
  readonly spent: StoredDecimal;
  readonly spentTold: StoredDecimal;
};

export type StoredGrant = Omit<Grant, 'amount' | 'remaining' | 'held'> & {
  readonly amount: StoredDecimal;
  readonly remaining: StoredDecimal;
  readonly held: StoredDecimal;
};

/** A grant as it was made, for ever; `_id` is `ACCOUNT REFERENCE`. */
export type GrantDocument = StoredGrant & {
  readonly _id: string;
  readonly account: string;
  readonly wallet: string;
  /** What tells a repeat from another grant under the same reference. */
  readonly fingerprint: string;
};

/** What a ledger transaction has done to one wallet; `_id` is `ACCOUNT/WALLET NUMBER`, of twelve digits. Never changed. */
export type PostingDocument = Omit<Posting, 'entries' | 'balance'> & {
  readonly _id: string;
  readonly entries: readonly StoredEntry[];
  readonly balance: StoredDecimal;
};

export type StoredEntry = Omit<Entry, 'amount'> & { readonly amount: StoredDecimal };
