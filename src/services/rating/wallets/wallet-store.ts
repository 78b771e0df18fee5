import { expiredParts } from '../../../ledger/funds.js';
import type { Grant } from '../../../ledger/grant.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import type { Instant } from '../../../time/instant.js';
import { fromDecimal128, toDecimal128 } from '../decimal128.js';
import type { Store } from '../store.js';
import type { Posting } from './posting.js';
import type { MadeGrant, Wallet, WalletName } from './wallet.js';
import type { GrantDocument, PostingDocument, StoredGrant, WalletDocument } from './wallet-document.js';

const withoutId = { _id: 0 } as const;

export async function findWallet(
  store: Store,
  name: WalletName,
  session?: Session,
): Promise<Wallet | undefined> {
  const found = await store.wallets.findOne({ _id: keyOf(name) }, { session, projection: withoutId });
  return found === null ? undefined : fromDocument(found);
}

/** The wallets of all these accounts, by account and id. */
export async function findWalletsOf(
  store: Store,
  accounts: readonly string[],
  session?: Session,
): Promise<readonly Wallet[]> {
  const options = { session, projection: withoutId } as const;
  const found = store.wallets.find({ account: { $in: [...accounts] } }, options);
  return (await found.sort({ account: 1, wallet: 1 }).toArray()).map(fromDocument);
}

/** The wallets of one account by id, those after `after`. */
export async function walletsAfter(
  store: Store,
  account: string,
  after: string,
  limit: number,
): Promise<readonly Wallet[]> {
  const found = store.wallets.find({ account, wallet: { $gt: after } }, { projection: withoutId });
  return (await found.sort({ wallet: 1 }).limit(limit).toArray()).map(fromDocument);
}

/** So many wallets at most with a grant that has expired and is not held whole. Those held whole are passed over. */
export async function findExpired(store: Store, at: Instant, limit: number): Promise<readonly WalletName[]> {
  const expired: WalletName[] = [];
  for await (const found of store.wallets.find({ 'grants.expiresAt': { $lte: at } })) {
    const { account, wallet } = found;
    if (expiredParts(fromDocument(found), at).length > 0) expired.push({ account, wallet });
    if (expired.length >= limit) break;
  }
  return expired;
}

/** Like every write of a wallet: in a transaction that has taken the turn of its account. */
export async function insertWallet(store: Store, wallet: Wallet, session: Session): Promise<void> {
  await store.wallets.insertOne({ _id: keyOf(wallet), ...toDocument(wallet) }, { session });
}

export async function updateWallets(
  store: Store,
  wallets: readonly Wallet[],
  session: Session,
): Promise<void> {
  if (wallets.length === 0) return;
  const operations = wallets.map((wallet) => ({
    replaceOne: { filter: { _id: keyOf(wallet) }, replacement: toDocument(wallet) },
  }));
  await store.wallets.bulkWrite(operations, { session, ordered: false });
}

export async function insertPostings(
  store: Store,
  postings: readonly Posting[],
  session: Session,
): Promise<void> {
  if (postings.length > 0) await store.postings.insertMany(postings.map(toStoredPosting), { session });
}

/** What was posted to a wallet after a number, in order. */
export async function postingsAfter(
  store: Store,
  name: WalletName,
  after: number,
  limit: number,
): Promise<readonly Posting[]> {
  const range = { $gt: postingKey(name, after), $lt: `${keyOf(name)} :` };
  const found = store.postings.find({ _id: range }, { projection: withoutId });
  return (await found.sort({ _id: 1 }).limit(limit).toArray()).map(fromStoredPosting);
}

export async function insertGrants(
  store: Store,
  grants: readonly MadeGrant[],
  session: Session,
): Promise<void> {
  if (grants.length === 0) return;
  const documents = grants.map(({ account, wallet, fingerprint, grant }) => {
    const _id = grantKey(account, grant.reference);
    return { _id, account, wallet, fingerprint, ...toStoredGrant(grant) };
  });
  await store.grants.insertMany(documents, { session });
}

/** Those of the references that grants of the account were made under. */
export async function findGrants(
  store: Store,
  account: string,
  references: readonly string[],
  session?: Session,
): Promise<readonly MadeGrant[]> {
  const ids = references.map((reference) => grantKey(account, reference));
  return (await store.grants.find({ _id: { $in: ids } }, { session }).toArray()).map(fromMade);
}

/** All that were ever put into a wallet. */
export async function grantsOf(store: Store, { account, wallet }: WalletName): Promise<readonly MadeGrant[]> {
  return (await store.grants.find({ account, wallet }).toArray()).map(fromMade);
}

function keyOf({ account, wallet }: WalletName): string {
  return `${account}/${wallet}`;
}

/** In the order of the numbers, so that no other index is needed: there is a posting for nearly every use. */
function postingKey(name: WalletName, number: number): string {
  return `${keyOf(name)} ${number.toString().padStart(12, '0')}`;
}

function grantKey(account: string, reference: string): string {
  return `${account} ${reference}`;
}

export function toDocument(wallet: Wallet): Omit<WalletDocument, '_id'> {
  return {
    ...wallet,
    grants: wallet.grants.map(toStoredGrant),
    owed: toDecimal128(wallet.owed),
    heldCredit: toDecimal128(wallet.heldCredit),
    creditLimit: toDecimal128(wallet.creditLimit),
    lowBalance: wallet.lowBalance && toDecimal128(wallet.lowBalance),
    topUpBelow: wallet.topUpBelow && toDecimal128(wallet.topUpBelow),
    topUpAmount: wallet.topUpAmount && toDecimal128(wallet.topUpAmount),
    spendThreshold: wallet.spendThreshold && toDecimal128(wallet.spendThreshold),
    spent: toDecimal128(wallet.spent),
    spentTold: toDecimal128(wallet.spentTold),
  };
}

export function fromDocument(found: Omit<WalletDocument, '_id'>): Wallet {
  return {
    ...found,
    grants: found.grants.map(fromStoredGrant),
    owed: fromDecimal128(found.owed),
    heldCredit: fromDecimal128(found.heldCredit),
    creditLimit: fromDecimal128(found.creditLimit),
    lowBalance: found.lowBalance && fromDecimal128(found.lowBalance),
    topUpBelow: found.topUpBelow && fromDecimal128(found.topUpBelow),
    topUpAmount: found.topUpAmount && fromDecimal128(found.topUpAmount),
    spendThreshold: found.spendThreshold && fromDecimal128(found.spendThreshold),
    spent: fromDecimal128(found.spent),
    spentTold: fromDecimal128(found.spentTold),
  };
}

function toStoredGrant({ amount, remaining, held, ...plain }: Grant): StoredGrant {
  return {
    ...plain,
    amount: toDecimal128(amount),
    remaining: toDecimal128(remaining),
    held: toDecimal128(held),
  };
}

function fromStoredGrant({ amount, remaining, held, ...plain }: StoredGrant): Grant {
  return {
    reference: plain.reference,
    priority: plain.priority,
    expiresAt: plain.expiresAt,
    grantedAt: plain.grantedAt,
    prices: plain.prices,
    ...(plain.isPresent && { isPresent: true }),
    amount: fromDecimal128(amount),
    remaining: fromDecimal128(remaining),
    held: fromDecimal128(held),
  };
}

function fromMade(found: GrantDocument): MadeGrant {
  const { account, wallet, fingerprint } = found;
  return { account, wallet, fingerprint, grant: fromStoredGrant(found) };
}

function toStoredPosting({ entries, balance, ...plain }: Posting): PostingDocument {
  return {
    _id: postingKey(plain, plain.number),
    ...plain,
    entries: entries.map(({ amount, ...entry }) => ({ ...entry, amount: toDecimal128(amount) })),
    balance: toDecimal128(balance),
  };
}

function fromStoredPosting({ entries, balance, ...plain }: Omit<PostingDocument, '_id'>): Posting {
  return {
    ...plain,
    entries: entries.map(({ amount, ...entry }) => ({ ...entry, amount: fromDecimal128(amount) })),
    balance: fromDecimal128(balance),
  };
}
