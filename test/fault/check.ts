import type { MongoClient } from 'mongodb';
import type { RatingDocument, UnpricedDocument, WindowDocument } from '../../src/services/rating/store.js';
import type { Journal, Sent } from './deliver.js';
import type { Service } from './replica.js';
import { TOTAL, type Use, movesOf } from './uses.js';

/** What is stored of some accounts. */
type Stored = {
  /** In the order of recording. */
  readonly ratings: readonly RatingDocument[];
  readonly unpriced: readonly UnpricedDocument[];
  readonly windows: readonly WindowDocument[];
};

/**
 * The first thing in which what is stored differs from what the clients have sent and were answered. All that they
 * sent must have been answered by now.
 */
export async function firstDifference(
  journal: Journal,
  stored: { readonly client: MongoClient; readonly database: string },
  replica: Service,
): Promise<string | undefined> {
  const accounts = [...new Set([...journal.values()].map(({ use }) => use.account))];
  const { ratings, unpriced, windows } = await readStored(stored, accounts);
  const uses = [...journal.values()].map(({ use }) => use);
  return (
    otherAnswers(journal, ratings) ??
    otherKeys('ratings', uses.filter(isOf('plain')), ratings) ??
    otherKeys('unpriced', uses.filter(isOf('odd')), unpriced) ??
    otherOrder(journal, ratings) ??
    otherArithmetic(journal, ratings) ??
    otherSums(uses.filter(isOf('plain')), ratings) ??
    otherWindows(uses.filter(isOf('plain')), windows) ??
    otherBills(ratings, windows) ??
    (await otherReplay(ratings, replica))
  );
}

async function readStored(
  { client, database }: { readonly client: MongoClient; readonly database: string },
  accounts: readonly string[],
): Promise<Stored> {
  const db = client.db(`${database}_rating`);
  const own = { account: { $in: accounts } };
  const ratings = db.collection<RatingDocument>('ratings').find(own);
  const windows = await db.collection<WindowDocument>('windows').find().toArray();
  return {
    ratings: await ratings.sort({ account: 1, turn: 1, place: 1 }).toArray(),
    unpriced: await db.collection<UnpricedDocument>('unpriced').find(own).toArray(),
    windows: windows.filter(({ _id }) => accounts.includes(_id.split('/')[0] ?? '')),
  };
}

const isOf = (kind: Use['kind']) => (use: Use) => use.kind === kind;

const keyOf = ({ account, usageId }: { readonly account: string; readonly usageId: string }) =>
  `${account} ${usageId}`;

/** A use is rated at most once, and answered ever after with what is stored. */
function otherAnswers(journal: Journal, ratings: readonly RatingDocument[]): string | undefined {
  const amounts = new Map(ratings.map((rating) => [keyOf(rating), rating.amount.toString()]));
  for (const [key, sent] of journal) {
    const wanted = wantedAnswer(sent, amounts.get(key) ?? 'that is stored');
    const wrong = sent.answers.find((answer, i) => !wanted(answer, i));
    if (wrong !== undefined)
      return `${key} (${sent.use.kind}, stored: ${amounts.get(key) ?? 'nothing'}) was answered ${sent.answers.join(', ')}.`;
  }
  return undefined;
}

function wantedAnswer({ use }: Sent, amount: string): (answer: string, place: number) => boolean {
  switch (use.kind) {
    case 'plain':
      return (answer, place) =>
        answer === `duplicate ${amount}` || (place === 0 && answer === `rated ${amount}`);
    case 'odd':
      return (answer) => answer === 'unpriced';
    case 'banned':
      return (answer) => answer === 'rejected REJECTED';
  }
}

function otherKeys(
  where: string,
  uses: readonly Use[],
  documents: readonly { readonly account: string; readonly usageId: string }[],
): string | undefined {
  const wanted = new Set(uses.map(({ account, id }) => `${account} ${id}`));
  for (const key of documents.map(keyOf)) {
    if (!wanted.delete(key)) return `${key} is in ${where} twice, or should not be there.`;
  }
  const [missing] = wanted;
  return missing === undefined ? undefined : `${missing} is not in ${where}.`;
}

/** What one client has sent to an account is recorded in the order sent. */
function otherOrder(journal: Journal, ratings: readonly RatingDocument[]): string | undefined {
  const last = new Map<string, number>();
  for (const rating of ratings) {
    const { client, place } = useOf(journal, rating);
    const line = `${rating.account} ${client}`;
    if (place <= (last.get(line) ?? -1)) return `${keyOf(rating)} was recorded after a later use.`;
    last.set(line, place);
  }
  return undefined;
}

/** Each rating goes on from where the one before it has left the counters. */
function otherArithmetic(journal: Journal, ratings: readonly RatingDocument[]): string | undefined {
  const counted = new Map<string, number>();
  for (const rating of ratings) {
    for (const [price, { window, counter, by }] of Object.entries(movesOf(useOf(journal, rating)))) {
      const from = counted.get(`${window} ${counter}`) ?? 0;
      counted.set(`${window} ${counter}`, from + by);
      const line = rating.lines.find((one) => one.price === price);
      const found = `${String(line?.usedBefore)} + ${String(line?.quantity)} costs ${String(line?.amount)}`;
      const wanted = `${from} + ${by} costs ${totalOf(price, from + by) - totalOf(price, from)}`;
      if (found !== wanted) return `${price} of ${keyOf(rating)}: ${found}, expected ${wanted}.`;
    }
  }
  return undefined;
}

/** By what the clients know, and in no order: the ratings of a counter add up to P of its sum. */
function otherSums(uses: readonly Use[], ratings: readonly RatingDocument[]): string | undefined {
  const wanted = new Map<string, number>();
  for (const counters of countersOf(uses).values())
    for (const [counter, { quantity, price, account }] of counters)
      add(wanted, `${account} ${counter.split('/')[0] ?? ''}`, totalOf(price, quantity));
  const found = new Map<string, number>();
  for (const { account, lines, amount } of ratings) {
    for (const line of lines) add(found, `${account} ${line.price}`, Number(line.amount));
    const sum = lines.reduce((total, line) => total + Number(line.amount), 0);
    if (sum !== Number(amount))
      return `A rating of ${account} has the amount ${String(amount)}, its lines ${sum}.`;
  }
  for (const [what, total] of wanted)
    if (found.get(what) !== total) return `${what} comes to ${found.get(what) ?? 0}, expected ${total}.`;
  return undefined;
}

function otherWindows(uses: readonly Use[], windows: readonly WindowDocument[]): string | undefined {
  const wanted = countersOf(uses);
  for (const { _id, counters } of windows) {
    const own = wanted.get(_id);
    if (own === undefined) return `The window ${_id} should not be there.`;
    wanted.delete(_id);
    const found = Object.entries(counters ?? {}).map(([name, numbers]) => `${name} ${numbers.join(' of ')}`);
    const sums = [...own].map(([name, { quantity, events }]) => `${name} ${quantity} of ${events}`);
    const [a, b] = [found, sums].map((texts) => texts.toSorted().join(', '));
    if (a !== b) return `The window ${_id} has ${a ?? ''}, expected ${b ?? ''}.`;
  }
  const [missing] = wanted.keys();
  return missing === undefined ? undefined : `There is no window ${missing}.`;
}

type Counted = {
  readonly account: string;
  readonly price: string;
  readonly quantity: number;
  readonly events: number;
};

/** What uses add up to, by window and counter. */
function countersOf(uses: readonly Use[]): Map<string, Map<string, Counted>> {
  const windows = new Map<string, Map<string, Counted>>();
  for (const use of uses) {
    for (const [price, { window, counter, by }] of Object.entries(movesOf(use))) {
      const counters = windows.get(window) ?? new Map<string, Counted>();
      const { quantity, events } = counters.get(counter) ?? { quantity: 0, events: 0 };
      const counted = { account: use.account, price, quantity: quantity + by, events: events + 1 };
      windows.set(window, counters.set(counter, counted));
    }
  }
  return windows;
}

/** What is summed up for the bill is what the ratings come to. */
function otherBills(
  ratings: readonly RatingDocument[],
  windows: readonly WindowDocument[],
): string | undefined {
  for (const { owner, sums = {}, ratings: count } of windows) {
    if (owner === undefined) continue;
    const own = ratings.filter(({ account, subscription }) => owner === `${account}/${subscription}`);
    const wanted = own.reduce((total, { amount }) => total + Number(amount), 0);
    const found = Object.values(sums).reduce((total, [, amount]) => total + Number(amount), 0);
    if (count !== own.length || found !== wanted)
      return `The bill of ${owner} has ${count ?? 0} ratings of ${found}, expected ${own.length} of ${wanted}.`;
  }
  return undefined;
}

async function otherReplay(
  ratings: readonly RatingDocument[],
  { rates }: Service,
): Promise<string | undefined> {
  for (const rating of ratings) {
    const { account, usageId } = rating;
    const { agrees } = await rates.replayRating({ account: `accounts/${account}`, usageId });
    if (!agrees) return `${keyOf(rating)} comes out otherwise when it is replayed.`;
  }
  return undefined;
}

function useOf(journal: Journal, rating: RatingDocument): Use {
  const sent = journal.get(keyOf(rating));
  if (sent === undefined) throw new Error(`${keyOf(rating)} was never sent.`);
  return sent.use;
}

function totalOf(price: string, quantity: number): number {
  return TOTAL[price]?.(quantity) ?? NaN;
}

function add(sums: Map<string, number>, what: string, amount: number): void {
  sums.set(what, (sums.get(what) ?? 0) + amount);
}
