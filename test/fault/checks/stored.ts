import type { Collection, Document, Filter, MongoClient, Sort } from 'mongodb';
import type {
  EventDocument,
  HoldDocument,
  OrderDocument,
  RatingDocument,
  SubscriptionDocument,
  UnpricedDocument,
  WindowDocument,
} from '../../../src/services/rating/store.js';
import type { StatementDocument } from '../../../src/services/rating/statements/statement-document.js';
import type {
  GrantDocument,
  PostingDocument,
  WalletDocument,
} from '../../../src/services/rating/wallets/wallet-document.js';

export type Database = { readonly client: MongoClient; readonly database: string };

/** All that is stored of some accounts. */
export type Stored = {
  readonly subscriptions: readonly SubscriptionDocument[];
  /** In the order of recording. */
  readonly ratings: readonly RatingDocument[];
  readonly unpriced: readonly UnpricedDocument[];
  readonly windows: readonly WindowDocument[];
  /** By number. */
  readonly statements: readonly StatementDocument[];
  readonly wallets: readonly WalletDocument[];
  readonly grants: readonly GrantDocument[];
  /** By wallet and number. */
  readonly postings: readonly PostingDocument[];
  readonly holds: readonly HoldDocument[];
  readonly orders: readonly OrderDocument[];
  readonly events: readonly EventDocument[];
};

export async function readStored(at: Database, accounts: readonly string[]): Promise<Stored> {
  const all = <T extends Document & { readonly account: string }>(name: string, sort: Sort = { _id: 1 }) =>
    collection<T>(at, name)
      .find({ account: { $in: accounts } } as Filter<T>)
      .sort(sort)
      .toArray();
  const windows = await collection<WindowDocument>(at, 'windows').find().toArray();
  return {
    subscriptions: await all<SubscriptionDocument>('subscriptions'),
    ratings: await all<RatingDocument>('ratings', { account: 1, turn: 1, place: 1 }),
    unpriced: await all<UnpricedDocument>('unpriced'),
    windows: windows.filter(({ _id }) => accounts.includes(_id.split('/')[0] ?? '')),
    statements: await all<StatementDocument>('statements', { owner: 1, number: 1 }),
    wallets: await all<WalletDocument>('wallets'),
    grants: await all<GrantDocument>('grants'),
    postings: await all<PostingDocument>('postings'),
    holds: await all<HoldDocument>('holds'),
    orders: await all<OrderDocument>('orders'),
    events: await all<EventDocument>('events'),
  };
}

export function collection<T extends Document>(at: Database, name: string): Collection<T> {
  return at.client.db(`${at.database}_rating`).collection<T>(name);
}
