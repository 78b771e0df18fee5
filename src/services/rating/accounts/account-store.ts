import { firstOf } from '../../../platform/mongo/first-of.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import type { Found } from '../../../platform/page.js';
import { type AccountDocument, type Store, type SubscriptionDocument, WHOLE } from '../store.js';
import type { Account, Billed, Subscription, SubscriptionName } from './account.js';

// A field that is undefined is not stored, and reads as undefined again.
const withoutTurn = { turn: 0, backdated: 0 } as const;
const withoutOwn = { _id: 0, settled: 0, dueNext: 0, fence: 0 } as const;

/** Whatever changes may change what falls due, also what fell due before. */
const LOOK_AT = { dueNext: 0n } as const;

/**
 * Takes the transaction's place in the order of all that happens to an account, and returns the account as it is at that
 * place; undefined when there is none. The first write of every transaction that changes an account, its subscriptions or
 * what it has used: another that took its place after this one's snapshot makes this one run again.
 */
export async function takeAccountTurn(
  store: Store,
  id: string,
  session: Session,
): Promise<Account | undefined> {
  const options = { session, projection: withoutTurn, returnDocument: 'after' } as const;
  return toAccount(await store.accounts.findOneAndUpdate({ _id: id }, { $inc: { turn: 1 } }, options));
}

/** An account with all its subscriptions, and the number of the turn that a transaction has taken. */
export type AtTurn = {
  readonly account: Account;
  readonly turn: number;
  /** See `AccountDocument`; 0 for none. */
  readonly backdated: bigint;
  readonly subscriptions: readonly Subscription[];
};

/** The same for several accounts at once, with the newest revision for the past that is known; those that there are. */
export async function takeAccountTurns(
  store: Store,
  ids: readonly string[],
  session: Session,
  backdated = 0n,
): Promise<readonly AtTurn[]> {
  await store.accounts.updateMany({ _id: { $in: ids } }, nextTurn(backdated), { session });
  return findAccountTurns(store, ids, session);
}

/** The accounts with the turns that were taken last. */
export async function findAccountTurns(
  store: Store,
  ids: readonly string[],
  session?: Session,
): Promise<readonly AtTurn[]> {
  const found = await store.accounts.find({ _id: { $in: ids } }, { session, batchSize: WHOLE }).toArray();
  // After the accounts: whoever reads without a session sees turns that are no newer than the subscriptions. Not by
  // $lookup, which looks into the subscriptions once for each account.
  const subscriptions = new Map<string, Subscription[]>(ids.map((id) => [id, []]));
  for (const one of await findSubscriptionsOf(store, ids, session)) subscriptions.get(one.account)?.push(one);
  return found.map(({ turn, backdated = 0n, ...account }) => {
    const own = subscriptions.get(account._id) ?? [];
    return { account: accountOf(account), turn, backdated, subscriptions: own };
  });
}

/** Notes the newest revision for the past that is known, on accounts whose turns are taken. */
export async function raiseBackdated(
  store: Store,
  ids: readonly string[],
  backdated: bigint,
  session: Session,
): Promise<void> {
  await store.accounts.updateMany({ _id: { $in: ids } }, { $max: { backdated } }, { session });
}

function nextTurn(backdated: bigint) {
  return { $inc: { turn: 1 }, ...(backdated > 0n && { $max: { backdated } }) };
}

/** Takes the turn after the one at which the account was found; false when another has taken it since. */
export async function takeNextTurn(
  store: Store,
  { account, turn, backdated }: AtTurn,
  session: Session,
): Promise<boolean> {
  const at = { _id: account.id, turn };
  const { matchedCount } = await store.accounts.updateOne(at, nextTurn(backdated), { session });
  return matchedCount === 1;
}

export async function findAccount(store: Store, id: string): Promise<Account | undefined> {
  return toAccount(await store.accounts.findOne({ _id: id }, { projection: withoutTurn }));
}

/** By id, those after `after`. */
export function accountsAfter(store: Store, after: string, size: number): Promise<Found<Account>> {
  const found = store.accounts.find({ _id: { $gt: after } }, { projection: withoutTurn });
  return firstOf(found.sort({ _id: 1 }), size, accountOf);
}

export async function insertAccount(
  store: Store,
  { id, ...account }: Account,
  session: Session,
): Promise<void> {
  await store.accounts.insertOne({ _id: id, turn: 0, ...account }, { session });
}

/** Sets what may change of an account whose turn has been taken. */
export async function updateAccount(
  store: Store,
  { id, closedAt, attributes, coupons }: Account,
  session: Session,
): Promise<void> {
  await store.accounts.updateOne({ _id: id }, { $set: { closedAt, attributes, coupons } }, { session });
  await store.subscriptions.updateMany({ account: id }, { $set: LOOK_AT }, { session });
}

export async function findSubscription(
  store: Store,
  name: SubscriptionName,
  session?: Session,
): Promise<Subscription | undefined> {
  const options = { session, projection: withoutOwn };
  return (await store.subscriptions.findOne({ _id: keyOf(name) }, options)) ?? undefined;
}

/** The subscriptions of all these accounts, by account and id. */
export function findSubscriptionsOf(
  store: Store,
  accountIds: readonly string[],
  session?: Session,
): Promise<Subscription[]> {
  const options = { session, projection: withoutOwn, batchSize: WHOLE } as const;
  return store.subscriptions
    .find({ account: { $in: accountIds } }, options)
    .sort({ account: 1, id: 1 })
    .toArray();
}

/** The subscriptions of one account by id, those after `after`. */
export function subscriptionsAfter(
  store: Store,
  account: string,
  after: string,
  size: number,
): Promise<Found<Subscription>> {
  const found = store.subscriptions.find({ account, id: { $gt: after } }, { projection: withoutOwn });
  return firstOf(found.sort({ account: 1, id: 1 }), size, (one): Subscription => one);
}

/** Like every write of a subscription: in a transaction that has taken the turn of its account. */
export async function insertSubscription(
  store: Store,
  subscription: Subscription,
  session: Session,
): Promise<void> {
  await store.subscriptions.insertOne({ _id: keyOf(subscription), ...subscription, ...LOOK_AT }, { session });
}

/** Sets what may change of a subscription. */
export async function updateSubscription(
  store: Store,
  subscription: Subscription,
  session: Session,
): Promise<void> {
  const { endsAt, attributes, pins, keepsCharged } = subscription;
  const change = { $set: { endsAt, attributes, pins, keepsCharged, ...LOOK_AT } };
  await store.subscriptions.updateOne({ _id: keyOf(subscription) }, change, { session });
}

/** Notes the statements of a subscription. */
export async function updateBilled(
  store: Store,
  name: SubscriptionName,
  billed: Billed,
  session: Session,
): Promise<void> {
  await store.subscriptions.updateOne({ _id: keyOf(name) }, { $set: { billed } }, { session });
}

type FoundAccount = Omit<AccountDocument, 'turn' | 'backdated'>;

function toAccount(found: FoundAccount | null): Account | undefined {
  return found === null ? undefined : accountOf(found);
}

function accountOf({ _id, ...account }: FoundAccount): Account {
  return { id: _id, ...account };
}

function keyOf({ account, id }: SubscriptionName): SubscriptionDocument['_id'] {
  return `${account}/${id}`;
}
