import assert from 'node:assert/strict';
import { plus } from '../../../../src/money/arithmetic.js';
import { ZERO, formatDecimal } from '../../../../src/money/decimal.js';
import type { GivenFact } from '../../../../src/quote/input.js';
import type { Subscription } from '../../../../src/services/rating/accounts/account.js';
import { takeTurns } from '../../../../src/services/rating/recording/take-turns.js';
import { createAccount } from '../../../../src/services/rating/accounts/create-account.js';
import { createSubscription } from '../../../../src/services/rating/accounts/create-subscription.js';
import { endSubscription } from '../../../../src/services/rating/accounts/end-subscription.js';
import { setSubscriptionAttributes } from '../../../../src/services/rating/accounts/set-attributes.js';
import { rateDueIn } from '../../../../src/services/rating/periods/rate-due.js';
import type { RecordingPorts } from '../../../../src/services/rating/recording/ports.js';
import { cancelUsage } from '../../../../src/services/rating/corrections/cancel-usage.js';
import { parseLineKey } from '../../../../src/services/rating/recording/line-sums.js';
import { fromDocument } from '../../../../src/services/rating/recording/rating-document.js';
import { recordUsages } from '../../../../src/services/rating/recording/record-usages.js';
import { replayRating } from '../../../../src/services/rating/recording/replay-rating.js';
import type { Rating } from '../../../../src/services/rating/recording/usage.js';
import { fromPairs } from '../../../../src/services/rating/recording/window-store.js';
import { emptyBook, enter } from '../../../../src/services/rating/revisions/revision-book.js';
import { openStore } from '../../../../src/services/rating/store.js';
import type { AppliesTo, RevisionHead } from '../../../../src/strategy/choose-revision.js';
import { referenceEngine } from '../../../../src/strategy/engine/reference.js';
import { formatInstant } from '../../../../src/time/instant.js';
import { freshDatabase, testMongo } from '../../../mongo.js';
import { type Document, strategyFrom } from '../../../quote/priced.js';
import { type SetClock, at, setClock } from '../../catalog/catalog.js';

/** A rating service without a network, over a database of its own and a book that is written by hand. */
export type Periods = RecordingPorts & { readonly clock: SetClock };

export async function openPeriods(): Promise<Periods> {
  const store = await openStore(await testMongo(), freshDatabase());
  const book = emptyBook();
  book.watermark = at('2100-01-01T00:00:00Z');
  book.heard = 9;
  return { store, book, clock: setClock('2026-01-01T00:00:00Z'), queues: new Map() };
}

type Published = { readonly number?: number; readonly from?: string; readonly appliesTo?: AppliesTo };

/** Publishes a document as a revision of the strategy `test`. */
export function publish(
  { book }: Periods,
  document: Document,
  { number = 1, from = '2020-01-01T00:00:00Z', appliesTo = 'everyone' }: Published = {},
): void {
  const strategy = strategyFrom(document);
  const head: RevisionHead = { number, effectiveFrom: at(from), appliesTo, withdrawn: false };
  enter(book, { head, contentHash: `hash ${number}`, strategy, engine: referenceEngine(strategy) });
}

export const instantOf = (text: string): bigint => at(text.length > 10 ? text : `${text}T00:00:00Z`);

type Values = Readonly<Record<string, string>>;
const factsOf = (values: Values): Record<string, GivenFact> =>
  Object.fromEntries(Object.entries(values).map(([name, text]) => [name, { kind: 'text', text }]));

let accounts = 0;

/** An account with a subscription `main`, which starts with these attributes. */
export async function subscribed(
  ports: Periods,
  startsAt: string | undefined,
  values: Values = {},
  more: Partial<Subscription> = {},
): Promise<string> {
  const account = `a${++accounts}`;
  const since = { openedAt: undefined, closedAt: undefined, attributes: [] };
  await createAccount(
    {
      account: { id: account, currency: 'USD', country: '', timeZone: 'UTC', ...since },
      request: undefined,
    },
    ports,
  );
  const subscription: Omit<Subscription, 'createdAt'> = {
    account,
    id: 'main',
    strategy: 'test',
    startsAt: startsAt === undefined ? undefined : instantOf(startsAt),
    endsAt: undefined,
    revision: undefined,
    attributes: Object.keys(values).length === 0 ? [] : [{ from: undefined, values: factsOf(values) }],
    prepaid: false,
    billingAnchor: undefined,
    trialEndsAt: undefined,
    pins: [],
    keepsCharged: false,
    ...more,
  };
  await createSubscription({ subscription, request: undefined }, ports);
  return account;
}

/** Something done to a subscription: attributes set, its end, a use recorded. */
export type Change =
  | readonly [from: string, kind: 'set', values: Values]
  | readonly [from: string, kind: 'next', values: Values]
  | readonly [at: string, kind: 'end' | 'end kept']
  | readonly [at: string, kind: 'use', usageId: string, values: Values]
  | readonly [at: string, kind: 'take back', usageId: string];

export async function make(ports: Periods, account: string, [when, kind, ...rest]: Change): Promise<void> {
  const name = { account, id: 'main', request: undefined };
  const instant = instantOf(when);
  switch (kind) {
    case 'set':
    case 'next': {
      const change = { from: instant, values: factsOf(rest[0] as Values) };
      const next = kind === 'next' ? { nextPeriod: true } : {};
      await setSubscriptionAttributes({ ...name, change: { ...change, ...next }, atPeriodEnd: false }, ports);
      return;
    }
    case 'end':
    case 'end kept':
      await endSubscription(
        { ...name, when: { kind: 'at', at: instant }, keepsCharged: kind === 'end kept' },
        ports,
      );
      return;
    case 'take back':
      await cancelUsage({ account, usageId: rest[0] as string }, ports);
      return;
    case 'use': {
      const [usageId, values] = rest as [string, Values];
      const target = { kind: 'subscription', id: 'main' } as const;
      const given = new Map(Object.entries(factsOf(values)));
      const usage = { account, usageId, target, occurredAt: instant, given, fingerprint: usageId };
      if (ports.clock.time < instant) ports.clock.time = instant;
      const [outcome] = await recordUsages([usage], ports, AbortSignal.timeout(10_000));
      assert.equal(
        outcome?.kind,
        'rated',
        JSON.stringify(outcome?.kind === 'rejected' ? outcome.error.message : ''),
      );
    }
  }
}

/** Makes changes and rates what falls due at the dates between them, in this order, for a new account that is returned. */
export async function walk(
  ports: Periods,
  document: Document,
  {
    start,
    steps,
    more = {},
  }: {
    readonly start: string | undefined;
    readonly steps: readonly (Change | string)[];
    readonly more?: Partial<Subscription>;
  },
): Promise<string> {
  publish(ports, document);
  const account = await subscribed(ports, start, {}, more);
  for (const step of steps)
    await (typeof step === 'string' ? due(ports, account, step) : make(ports, account, step));
  await checkBooks(ports, account);
  return account;
}

/** Rates what has fallen due up to an instant. */
export async function due(ports: Periods, account: string, upTo: string): Promise<void> {
  if (ports.clock.time < instantOf(upTo)) ports.clock.time = instantOf(upTo);
  await ports.store.mongo.transaction(async (session) => {
    const [turn] = await takeTurns(ports, [account], session);
    assert.ok(turn);
    for (const subscription of turn.subscriptions)
      await rateDueIn(session, { at: turn, subscription, upTo: instantOf(upTo) }, ports);
  });
}

export async function ratingsOfPeriods({ store }: Periods, account: string): Promise<readonly Rating[]> {
  const found = await store.ratings.find({ account, moment: 'period' }).sort({ turn: 1, place: 1 }).toArray();
  return found.map(fromDocument);
}

/** Each rating as `DUE AMOUNT`, in the order in which they were recorded. */
export async function recorded(ports: Periods, account: string): Promise<string> {
  const all = await ratingsOfPeriods(ports, account);
  return all.map(({ dueAt, amount }) => `${day(dueAt)} ${formatDecimal(amount)}`).join(', ');
}

/** What is charged after all, by the instant that it is due at: `DUE AMOUNT`. */
export async function charged(ports: Periods, account: string): Promise<string> {
  const sums = new Map<bigint, Rating['amount']>();
  for (const { dueAt, amount } of await ratingsOfPeriods(ports, account))
    sums.set(dueAt, plus(sums.get(dueAt) ?? ZERO, amount));
  const inOrder = [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return inOrder.map(([dueAt, amount]) => `${day(dueAt)} ${formatDecimal(amount)}`).join(', ');
}

function day(instant: bigint): string {
  return formatInstant(instant).replace('T00:00:00Z', '');
}

/** Every rating replays, and what the windows have summed up is what all ratings come to. */
export async function checkBooks(ports: Periods, account: string): Promise<void> {
  const ratings = (await ports.store.ratings.find({ account }).toArray()).map(fromDocument);
  for (const { usageId, number } of ratings) {
    const { agrees, stored, computed } = await replayRating({ account, usageId }, number, ports);
    if (!agrees) assert.deepEqual(computed, stored);
  }
  const windows = await ports.store.windows.find({ owner: `${account}/main` }).toArray();
  let summed = ZERO;
  for (const { sums } of windows)
    for (const [key, amount] of fromPairs(sums, (_, other) => other))
      if (parseLineKey(key).kind !== 'settled') summed = plus(summed, amount);
  const total = ratings.reduce((sum, { amount }) => plus(sum, amount), ZERO);
  assert.equal(formatDecimal(summed), formatDecimal(total));
  const numbers = windows.reduce((sum, one) => sum + (one.ratings ?? 0), 0);
  assert.equal(numbers, ratings.length);
}
