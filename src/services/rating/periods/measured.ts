import type { Session } from '../../../platform/mongo/transaction.js';
import type { GivenFact, GivenFacts } from '../../../quote/input.js';
import {
  type MeasuredQuantity,
  type Meter,
  addSample,
  readMeter,
  startMeter,
} from '../../../quote/measure.js';
import type { Operand, Price } from '../../../pricing/price.js';
import type { Strategy } from '../../../strategy/strategy.js';
import type { Instant, Span } from '../../../time/instant.js';
import type { SubscriptionName } from '../accounts/account.js';
import type { MeasuredTotal } from '../recording/usage.js';
import { fromDecimal128 } from '../decimal128.js';
import { MEASURED, type RatingDocument, type Store, fieldOf } from '../store.js';

type Recorded = Pick<RatingDocument, 'usageId' | 'number' | 'reverses' | 'occurredAt' | 'lines' | 'facts'>;

const NEEDED = { usageId: 1, number: 1, reverses: 1, occurredAt: 1, lines: 1, facts: 1 } as const;

type InSpan = SubscriptionName & { readonly span: Span };

/**
 * The uses of a span whose amount its period tells, one after the other in the order in which they happened, but for
 * those taken back.
 */
async function* measuredIn(
  store: Store,
  { account, id, span }: InSpan,
  session: Session,
): AsyncGenerator<Recorded> {
  const { start, end } = span;
  const own = { account, subscription: id, occurredAt: { $gte: start, $lt: end }, ...MEASURED };
  const nameOf = (usageId: string, number: number) => `${number} ${usageId}`;
  const reversed = new Set<string>();
  const reversals = store.ratings.find(
    { ...own, reverses: { $exists: true } },
    { session, projection: NEEDED },
  );
  for await (const { usageId, reverses = 0 } of reversals) reversed.add(nameOf(usageId, reverses));
  const uses = store.ratings.find({ ...own, reverses: { $exists: false } }, { session, projection: NEEDED });
  for await (const use of uses.sort({ occurredAt: 1, turn: 1, place: 1 }))
    if (!reversed.has(nameOf(use.usageId, use.number))) yield use;
}

export async function firstMeasured(
  store: Store,
  { account, id }: SubscriptionName,
  session: Session,
): Promise<Instant | undefined> {
  const [first] = await store.ratings
    .find({ account, subscription: id, ...MEASURED }, { session, projection: { occurredAt: 1 } })
    .sort({ occurredAt: 1 })
    .limit(1)
    .toArray();
  return first?.occurredAt;
}

/** What is priced in one evaluation when a period closes. */
export type MeasuredShare = {
  readonly prices: readonly string[];
  readonly totals: readonly MeasuredTotal[];
  /** The facts of the group. */
  readonly given: GivenFacts;
  /** The bucket where each is priced alone. */
  readonly span: Span;
};

export type ToMeasure = {
  readonly subscription: SubscriptionName;
  readonly strategy: Strategy;
  /** Ids of the prices that are measured. */
  readonly prices: readonly string[];
  readonly period: Span;
  /** The part of it that was served. */
  readonly service: Span;
};

/**
 * What the uses of a period come to: prices that have one quantity together, since rules may compare them, then one share
 * for each group of a price and each bucket that is priced alone. Uses are gone through one by one and not kept.
 */
export async function findShares(
  store: Store,
  { subscription: { account, id }, strategy, prices: ids, period, service }: ToMeasure,
  session: Session,
): Promise<readonly MeasuredShare[]> {
  const prices = ids.flatMap((one) => strategy.prices.get(one) ?? []);
  const metered = new Map(prices.map((price): [string, Metered] => [price.id, { price, groups: new Map() }]));
  for await (const use of measuredIn(store, { account, id, span: service }, session))
    meterUse(metered, use, { period, zone: strategy.timeZone });
  const together = [...metered.values()].filter(({ price }) => isSingle(price));
  const totals = together.flatMap(({ price, groups }) =>
    [...groups.values()].flatMap(({ meter }) => readMeter(meter).map((one) => totalOf(price, one))),
  );
  const names = together.map(({ price }) => price.id);
  const apart = [...metered.values()].filter(({ price }) => !isSingle(price));
  const shares = apart.flatMap((one) => sharesOf(one, { totals, period }));
  const first: MeasuredShare = { prices: names, totals, given: new Map(), span: period };
  return totals.length > 0 || isNamed(strategy, names) ? [first, ...shares] : shares;
}

function isNamed({ rules }: Strategy, ids: readonly string[]): boolean {
  return rules.some(
    ({ event, moment }) => moment === 'period' && event.type === 'charge' && ids.includes(event.price),
  );
}

type Shared = { readonly totals: readonly MeasuredTotal[]; readonly period: Span };

function sharesOf({ price, groups }: Metered, { totals, period }: Shared): readonly MeasuredShare[] {
  const isAlone = price.measured?.bucket !== undefined && price.measured.over === undefined;
  return [...groups.values()].flatMap(({ given, meter }) =>
    readMeter(meter).map((one): MeasuredShare => {
      const span = isAlone ? one.span : period;
      return { prices: [price.id], totals: [...totals, totalOf(price, one)], given, span };
    }),
  );
}

function isSingle({ groupBy, measured }: Price<Operand>): boolean {
  return groupBy.length === 0 && (measured?.bucket === undefined || measured.over !== undefined);
}

function totalOf({ id }: Price<Operand>, { quantity, decidedBy }: MeasuredQuantity): MeasuredTotal {
  return { price: id, quantity, decidedBy };
}

/** The groups that a price is measured in, in the order of their first use. */
type Metered = {
  readonly price: Price<Operand>;
  readonly groups: Map<string, { readonly given: GivenFacts; readonly meter: Meter }>;
};

function meterUse(
  metered: ReadonlyMap<string, Metered>,
  { usageId, occurredAt, lines, facts }: Recorded,
  { period, zone }: { readonly period: Span; readonly zone: string },
): void {
  for (const { kind, price: id, quantity } of lines) {
    const found = metered.get(id);
    const measured = found?.price.measured;
    if (kind !== 'measured' || found === undefined || measured === undefined) continue;
    const { price, groups } = found;
    const values = price.groupBy.flatMap((name): [string, GivenFact][] => {
      const text = factOf(facts, name);
      return text === undefined ? [] : [[name, { kind: 'text', text }]];
    });
    const key = JSON.stringify(values);
    const group = groups.get(key) ?? {
      given: new Map(values),
      meter: startMeter({ measured, period, zone }),
    };
    groups.set(key, group);
    const value = (price.quantity.kind === 'fact' ? factOf(facts, price.quantity.fact) : undefined) ?? '';
    addSample(group.meter, { at: occurredAt, quantity: fromDecimal128(quantity), value, usageId });
  }
}

function factOf(facts: Recorded['facts'], name: string): string | undefined {
  return fieldOf(facts, name);
}
