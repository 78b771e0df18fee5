import type { Session } from '../../../platform/mongo/transaction.js';
import type { GivenFact, GivenFacts } from '../../../quote/input.js';
import { type MeasuredQuantity, type Sample, measure } from '../../../quote/measure.js';
import type { Operand, Price } from '../../../pricing/price.js';
import type { Strategy } from '../../../strategy/strategy.js';
import type { Instant, Span } from '../../../time/instant.js';
import type { SubscriptionName } from '../accounts/account.js';
import type { MeasuredTotal } from '../recording/usage.js';
import { MEASURED, type RatingDocument, type Store, fieldOf, fromDecimal128 } from '../store.js';

type Recorded = Pick<RatingDocument, 'usageId' | 'number' | 'reverses' | 'occurredAt' | 'lines' | 'facts'>;

const NEEDED = { usageId: 1, number: 1, reverses: 1, occurredAt: 1, lines: 1, facts: 1 } as const;

/** All uses of a span whose amount its period tells, in the order in which they happened, but for those taken back. */
export async function findMeasured(
  store: Store,
  { account, id }: SubscriptionName,
  { start, end }: Span,
  session: Session,
): Promise<readonly Recorded[]> {
  const found = await store.ratings
    .find(
      { account, subscription: id, occurredAt: { $gte: start, $lt: end }, ...MEASURED },
      { session, projection: NEEDED },
    )
    .sort({ occurredAt: 1, turn: 1, place: 1 })
    .toArray();
  const nameOf = (usageId: string, number: number) => `${number} ${usageId}`;
  const reversed = new Set(found.map(({ usageId, reverses = 0 }) => nameOf(usageId, reverses)));
  return found.filter(
    ({ usageId, number, reverses }) => reverses === undefined && !reversed.has(nameOf(usageId, number)),
  );
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

/**
 * What the uses of a period come to: prices that have one quantity together, since rules may compare them, then one share
 * for each group of a price and each bucket that is priced alone.
 */
export function sharesOf(
  strategy: Strategy,
  ids: readonly string[],
  { uses, period }: { readonly uses: readonly Recorded[]; readonly period: Span },
): readonly MeasuredShare[] {
  const prices = ids.flatMap((id) => strategy.prices.get(id) ?? []);
  const [single, several] = [prices.filter(isSingle), prices.filter((price) => !isSingle(price))];
  const quantities = (price: Price<Operand>, samples: readonly Sample[]): readonly MeasuredQuantity[] =>
    price.measured === undefined
      ? []
      : measure(samples, { measured: price.measured, period, zone: strategy.timeZone });
  const totals = single.flatMap((price) =>
    quantities(price, samplesOf(price, uses)).map((one) => totalOf(price, one)),
  );
  const together: MeasuredShare = {
    prices: single.map(({ id }) => id),
    totals,
    given: new Map(),
    span: period,
  };
  const apart = several.flatMap((price) =>
    groupsOf(price, uses).flatMap(({ given, own }) =>
      quantities(price, samplesOf(price, own)).map((one): MeasuredShare => {
        const isAlone = price.measured?.bucket !== undefined && price.measured.over === undefined;
        const span = isAlone ? one.span : period;
        return { prices: [price.id], totals: [...totals, totalOf(price, one)], given, span };
      }),
    ),
  );
  const isNamed = strategy.rules.some(
    ({ event, moment }) =>
      moment === 'period' && event.type === 'charge' && together.prices.includes(event.price),
  );
  return totals.length > 0 || isNamed ? [together, ...apart] : apart;
}

function isSingle({ groupBy, measured }: Price<Operand>): boolean {
  return groupBy.length === 0 && (measured?.bucket === undefined || measured.over !== undefined);
}

function totalOf({ id }: Price<Operand>, { quantity, decidedBy }: MeasuredQuantity): MeasuredTotal {
  return { price: id, quantity, decidedBy };
}

function samplesOf({ id, quantity }: Price<Operand>, uses: readonly Recorded[]): readonly Sample[] {
  return uses.flatMap(({ usageId, occurredAt, lines, facts }) =>
    lines
      .filter(({ kind, price }) => kind === 'measured' && price === id)
      .map((line) => ({
        at: occurredAt,
        quantity: fromDecimal128(line.quantity),
        value: (quantity.kind === 'fact' ? factOf(facts, quantity.fact) : undefined) ?? '',
        usageId,
      })),
  );
}

type Group = { readonly given: GivenFacts; readonly own: Recorded[] };

/** Uses by the values of the facts that a price is grouped by, in the order of their first use. */
function groupsOf({ id, groupBy }: Price<Operand>, uses: readonly Recorded[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const use of uses) {
    if (!use.lines.some(({ price }) => price === id)) continue;
    const values = groupBy.flatMap((name): [string, GivenFact][] => {
      const text = factOf(use.facts, name);
      return text === undefined ? [] : [[name, { kind: 'text', text }]];
    });
    const key = JSON.stringify(values);
    const group = groups.get(key) ?? { given: new Map(values), own: [] };
    groups.set(key, group);
    group.own.push(use);
  }
  return [...groups.values()];
}

function factOf(facts: Recorded['facts'], name: string): string | undefined {
  return fieldOf(facts, name);
}
