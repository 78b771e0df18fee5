import { createHash } from 'node:crypto';
import type { Session } from '../../../platform/mongo/transaction.js';
import type { Running } from '../../../pricing/price.js';
import { groupOfKey } from '../../../quote/counters.js';
import type { GroupOfWindow } from '../../../quote/groups.js';
import { type StoredTotals, type WindowName, isAccountWindow } from '../../../quote/totals.js';
import type { Instant, Span } from '../../../time/instant.js';
import { fromDecimal128, toDecimal128 } from '../decimal128.js';
import { type Store, type StoredPairs, WHOLE, type WindowDocument } from '../store.js';
import type { LineSum, LineSums } from './line-sums.js';

/** What is kept of one subscription in one window. */
export type StoredWindow = {
  /** The groups whose counters its own document has. */
  readonly groups: ReadonlySet<string>;
  /** What all its ratings come to. */
  readonly sums: LineSums;
  readonly ratings: number;
  /** Of the ratings, those that are on no statement yet. */
  readonly unbilled: number;
};

export type StoredWindows = {
  /** The names that were looked up, whether there was anything or not. */
  readonly asked: ReadonlySet<string>;
  /** What there was, by the names of windows. */
  readonly windows: ReadonlyMap<string, StoredWindow>;
  /** Names of the groups that have a document of their own. */
  readonly apart: ReadonlySet<string>;
  /** Where the counters of a subscription stand, by `ACCOUNT/SUBSCRIPTION`; by `ACCOUNT` those that several share. */
  readonly counted: ReadonlyMap<string, StoredTotals>;
};

export const NO_WINDOWS: StoredWindows = {
  asked: new Set(),
  windows: new Map(),
  apart: new Set(),
  counted: new Map(),
};

/** Whether all these names were looked up. */
export function hasAsked({ asked }: StoredWindows, names: readonly string[]): boolean {
  return names.every((name) => asked.has(name));
}

/** What changes of a window; a counter or line that is not named stays. */
export type MovedWindow = {
  readonly counters: Map<string, Running>;
  /** Where something was rated that is billed with this window. */
  billed: MovedBill | undefined;
};

export type MovedBill = {
  readonly owner: string;
  readonly period: Span;
  readonly dueAt: Instant;
  /** Those lines that have moved. */
  readonly sums: Map<string, LineSum>;
  ratings: number;
  unbilled: number;
};

/** Names a window of a subscription: `ACCOUNT/SUBSCRIPTION KIND START`, or one that its account has: `ACCOUNT @STRATEGY`. */
export function windowName(owner: string, window: WindowName): string {
  return isAccountWindow(window) ? `${accountOf(owner)} ${window}` : `${owner} ${window}`;
}

function accountOf(owner: string): string {
  return owner.slice(0, owner.indexOf('/'));
}

/** Where the counters of a subscription stand, those of its account among them. */
export function countedFor({ counted }: Pick<StoredWindows, 'counted'>, owner: string): StoredTotals {
  const [own, ofAccount] = [counted.get(owner), counted.get(accountOf(owner))];
  if (ofAccount === undefined) return own ?? NOTHING_COUNTED;
  return new Map([...(own ?? []), ...ofAccount]);
}

const NOTHING_COUNTED: StoredTotals = new Map();

/** Names a group that counts in a window of a subscription. */
export function groupName(owner: string, { window, group }: GroupOfWindow): string {
  return `${owner} ${window} ${group}`;
}

/**
 * What there is under these names of windows and groups. Of the groups of a window, of which there may be any number,
 * those are read that are named, and the few that its own document has.
 */
export async function findWindows(
  store: Store,
  names: readonly string[],
  session?: Session,
): Promise<StoredWindows> {
  const asked = new Map(names.map((name) => [idOf(name), name]));
  const found = await store.windows
    .find({ _id: { $in: [...asked.keys()] } }, { session, projection: { billed: 0 }, batchSize: WHOLE })
    .toArray();
  const windows = new Map<string, StoredWindow>();
  const apart = new Set<string>();
  const counted = new Map<string, Map<WindowName, Map<string, Running>>>();
  for (const document of found) {
    const name = asked.get(document._id) ?? document._id;
    const { owner, window, group } = parseName(name);
    const own = counted.get(owner) ?? new Map<WindowName, Map<string, Running>>();
    counted.set(owner, own);
    const counters = own.get(window) ?? new Map<string, Running>();
    own.set(window, counters);
    for (const [key, running] of countersOf(document)) counters.set(key, running);
    if (group === undefined) windows.set(name, toWindow(document));
    else apart.add(name);
  }
  return { asked: new Set(names), windows, apart, counted };
}

type Name = { readonly owner: string; readonly window: WindowName; readonly group: string | undefined };

/** No owner has a blank in it, and no window a slash. */
const NAME = /^(\S+) ([^/]+?)(?: (\/.*))?$/s;

export function parseName(name: string): Name {
  const [, owner, window, group] = NAME.exec(name) ?? [];
  if (owner === undefined || window === undefined) throw new Error(`"${name}" names no window`);
  return { owner, window, group };
}

/** Of an id, in characters. The values that a group goes by may be longer. */
const LONGEST_ID = 300;

function idOf(name: string): WindowDocument['_id'] {
  if (name.length <= LONGEST_ID) return name;
  const { owner, window, group = '' } = parseName(name);
  return `${windowName(owner, window)} #${createHash('sha256').update(group).digest('hex')}`;
}

/** Stores where the moved windows stand; `found` is what there was of them in the same session. */
export async function writeWindows(
  store: Store,
  moved: ReadonlyMap<string, MovedWindow>,
  found: StoredWindows,
  session: Session,
): Promise<void> {
  if (moved.size === 0) return;
  const operations = [...moved].flatMap(([name, window]) =>
    [...changesOf(name, window, found)].map(([changed, $set]) => ({
      updateOne: { filter: { _id: idOf(changed) }, update: { $set }, upsert: true },
    })),
  );
  await store.windows.bulkWrite(operations, { session, ordered: false });
}

/**
 * So many groups of a window are kept in its own document, the first that count in it: most windows have no more, and
 * then they are read and written with it. All others have documents of their own, and stay there.
 */
const GROUPS_INSIDE = 16;
const LONGEST_INSIDE = 100;

type Changes = Record<string, unknown>;

/** The fields to set, by the name of the document that has them. */
function changesOf(
  name: string,
  { counters, billed }: MovedWindow,
  found: StoredWindows,
): ReadonlyMap<string, Changes> {
  const changes = new Map<string, Changes>();
  const placeOf = placing(name, found);
  if (billed !== undefined) changes.set(name, billChanges(billed));
  for (const [key, { quantity, events }] of counters) {
    const place = placeOf(groupOfKey(key));
    const fields = changes.get(place) ?? {};
    changes.set(place, fields);
    fields[`counters.${fieldOfKey(key)}`] = [toDecimal128(quantity), toDecimal128(events)];
  }
  return changes;
}

/** Names the document that has a group's counters, for the groups of a window in the order in which they are stored. */
export function placing(
  name: string,
  { windows, apart }: StoredWindows,
): (group: string | undefined) => string {
  const groups = new Set(windows.get(name)?.groups);
  return (group) => {
    if (group === undefined || groups.has(group)) return name;
    const ownName = `${name} ${group}`;
    if (apart.has(ownName) || groups.size >= GROUPS_INSIDE || group.length > LONGEST_INSIDE) return ownName;
    groups.add(group);
    return name;
  };
}

function billChanges({ sums, ...plain }: MovedBill): Changes {
  const changes: Changes = { ...plain };
  for (const [key, { quantity, amount }] of sums)
    changes[`sums.${fieldOfKey(key)}`] = [toDecimal128(quantity), toDecimal128(amount)];
  return changes;
}

function countersOf({ counters }: WindowDocument): ReadonlyMap<string, Running> {
  return fromPairs(counters, (quantity, events) => ({ quantity, events }));
}

function toWindow({ counters = {}, sums, ratings, unbilled }: WindowDocument): StoredWindow {
  const groups = Object.keys(counters).map((field) => groupOfKey(keyOfField(field)));
  return {
    groups: new Set(groups.filter((group) => group !== undefined)),
    sums: fromPairs(sums, (quantity, amount) => ({ quantity, amount })),
    ratings: ratings ?? 0,
    unbilled: unbilled ?? 0,
  };
}

export function fromPairs<T>(
  pairs: StoredPairs | undefined,
  make: (quantity: LineSum['quantity'], other: LineSum['amount']) => T,
): ReadonlyMap<string, T> {
  return new Map(
    Object.entries(pairs ?? {}).map(([field, [quantity, other]]) => [
      keyOfField(field),
      make(fromDecimal128(quantity), fromDecimal128(other)),
    ]),
  );
}

/** A field's name has no dot, no dollar and no NUL in it. */
function fieldOfKey(key: string): string {
  return key.replace(/[%.$\0]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function keyOfField(field: string): string {
  return field.replace(/%([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}
