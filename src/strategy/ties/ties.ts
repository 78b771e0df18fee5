import { whyCorrelated } from './correlated-facts.js';
import { type FactRange, exampleOf, hullOf, meet } from './fact-range.js';
import { formatFactValue } from '../fact-value.js';
import { type Hull, overlaps } from './overlaps.js';
import { type Box, boxOf, isEmpty } from './rule-box.js';
import type { Rule, Strategy } from '../strategy.js';

/** Two `charge` rules of one moment, line and priority, `first` earlier in the file. */
export type Tie =
  | {
      readonly kind: 'tie';
      readonly first: Rule;
      readonly second: Rule;
      /** Facts that match both, as text; a fact that neither reads may have any value. */
      readonly facts: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'undecided';
      readonly first: Rule;
      readonly second: Rule;
      /** Half a sentence: what stands in the way. */
      readonly why: string;
    }
  /** There are more than these, or too many to look at all. */
  | { readonly kind: 'more' };

/** Of ties, and again of pairs that were not decided. */
const MOST_LISTED = 20;
/** Pairs judged one by one, over all lines: each with each of 1,000 rules, some two seconds. */
const MOST_JUDGED = 500_000;

/**
 * The pairs of rules that could both win a line with the same priority. Exact where the conditions are comparisons of
 * given facts with values, joined by `all`: no pair listed, no tie. At most 20 of each kind are listed, then `more`.
 */
export function findTies(strategy: Strategy): readonly Tie[] {
  const ties: Tie[] = [];
  const undecided: Tie[] = [];
  let judged = 0;
  for (const rules of rivals(strategy.rules)) {
    const boxes = rules.map((rule) => boxOf(strategy, rule)).filter((box) => !isEmpty(box));
    for (const [i, j] of overlaps(boxes.length, coordinatesOf(boxes))) {
      const [first, second] = [boxes[i], boxes[j]];
      if (first === undefined || second === undefined) continue;
      const tie = judge(strategy, first, second);
      const list = tie?.kind === 'tie' ? ties : undecided;
      if (tie !== undefined && list.length <= MOST_LISTED) list.push(tie);
      if (ties.length > MOST_LISTED || ++judged >= MOST_JUDGED) return listed(ties, undecided, true);
    }
  }
  return listed(ties, undecided, undecided.length > MOST_LISTED);
}

function listed(ties: readonly Tie[], undecided: readonly Tie[], more: boolean): readonly Tie[] {
  const list = [...ties.slice(0, MOST_LISTED), ...undecided.slice(0, MOST_LISTED)];
  return more ? [...list, { kind: 'more' }] : list;
}

/** Rules of which only one can win. */
function rivals(rules: readonly Rule[]): Iterable<readonly Rule[]> {
  const groups = new Map<string, Rule[]>();
  for (const rule of rules) {
    if (rule.event.type !== 'charge') continue;
    const key = `${rule.moment} ${rule.priority} ${rule.event.line}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [rule]);
    else group.push(rule);
  }
  return groups.values();
}

/** Undefined: no fact set matches both. */
function judge(strategy: Strategy, one: Box, other: Box): Tie | undefined {
  const ranges = new Map(one.ranges);
  for (const [fact, range] of other.ranges) {
    const met = meetIn(ranges, fact, range);
    if (exampleOf(met) === undefined) return undefined;
    ranges.set(fact, met);
  }
  const rules = { first: one.rule, second: other.rule };
  const why = one.unclear ?? other.unclear ?? whyCorrelated(strategy, [...ranges.keys()]);
  if (why !== undefined) return { kind: 'undecided', ...rules, why };
  return { kind: 'tie', ...rules, facts: witness(ranges) };
}

function meetIn(ranges: ReadonlyMap<string, FactRange>, fact: string, range: FactRange): FactRange {
  const known = ranges.get(fact);
  return known === undefined ? range : meet(known, range);
}

function witness(ranges: ReadonlyMap<string, FactRange>): Record<string, string> {
  const facts = [...ranges].map(([fact, range]) => {
    const value = exampleOf(range) ?? '';
    return [fact, formatFactValue(value)] as const;
  });
  return Object.fromEntries(facts);
}

/** For each fact that a box bounds, the hulls of all boxes; one at a time, since 10,000 rules may read many facts. */
function* coordinatesOf(boxes: readonly Box[]): Generator<readonly Hull[]> {
  const facts = new Set(boxes.flatMap((box) => [...box.ranges.keys()]));
  for (const fact of facts) {
    yield boxes.map((box) => {
      const range = box.ranges.get(fact);
      return range === undefined ? undefined : hullOf(range);
    });
  }
}
