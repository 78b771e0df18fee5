import { type RatingDocument, type StoredLine, fieldOf } from '../../../src/services/rating/store.js';
import { TOTAL } from '../strategies.js';
import type { Stored } from './stored.js';
import { type Sums, add, noSums, otherSum } from './sums.js';

/** Each rating of a use goes on from where the one before it has left the counters, and that is where they stand. */
export function otherCounters({ ratings, windows }: Stored): string | undefined {
  const counted = noSums();
  for (const rating of ratings) {
    for (const line of rating.lines) {
      const counter = counterOf(rating, line);
      if (counter === undefined) continue;
      const difference = otherArithmetic(rating, line, counted.get(counter) ?? 0);
      if (difference !== undefined) return difference;
      add(counted, counter, Number(line.quantity));
    }
    const sum = rating.lines.reduce((total, line) => total + Number(line.amount), 0);
    if (sum !== Number(rating.amount))
      return `${rating._id} has the amount ${String(rating.amount)}, its lines ${sum}.`;
  }
  const found = noSums();
  for (const { _id, counters = {} } of windows)
    for (const [name, [quantity]] of Object.entries(counters)) add(found, `${_id} ${name}`, Number(quantity));
  return otherSum('A counter', found, counted) ?? otherTotals(ratings, counted);
}

/** What was bought was priced before it was paid, and counts when it is. */
function otherArithmetic(
  { _id, moment }: RatingDocument,
  line: StoredLine,
  from: number,
): string | undefined {
  if (moment === 'purchase') return undefined;
  const [before, by] = [Number(line.usedBefore ?? 0), Number(line.quantity)];
  const found = `${before} + ${by} costs ${String(line.amount)}`;
  const wanted = `${from} + ${by} costs ${totalOf(line.price, from + by) - totalOf(line.price, from)}`;
  return found === wanted ? undefined : `${line.price} of ${_id}: ${found}, expected ${wanted}.`;
}

/** In no order: the ratings of a counter add up to P of its sum. */
function otherTotals(ratings: readonly RatingDocument[], counted: Sums): string | undefined {
  const [found, wanted] = [noSums(), noSums()];
  for (const rating of ratings)
    for (const line of rating.lines) {
      const counter = counterOf(rating, line);
      if (counter !== undefined) add(found, counter, Number(line.amount));
    }
  for (const [counter, quantity] of counted) {
    const [, price = ''] = / ([a-z]+)(\/\S+)?$/.exec(counter) ?? [];
    wanted.set(counter, totalOf(price, quantity));
  }
  return otherSum('A counter', found, wanted);
}

/** A window's id and a counter's name as they are stored; undefined for what counts nothing. */
function counterOf(rating: RatingDocument, { price }: StoredLine): string | undefined {
  if (TOTAL[price] === undefined) return undefined;
  const { account, subscription, occurredAt, facts } = rating;
  const at = new Date(Number(occurredAt / 1_000_000n));
  const isDaily = price === 'calls';
  const start = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), isDaily ? at.getUTCDate() : 1);
  const region = fieldOf(facts, 'region') ?? '';
  const window = `${account}/${subscription} ${isDaily ? 'day' : 'month'} ${start}000000`;
  return `${window} ${isDaily ? `calls/${region.length}:${region}` : price}`;
}

function totalOf(price: string, quantity: number): number {
  return TOTAL[price]?.(quantity) ?? NaN;
}
