import { allocate } from '../money/allocation.js';
import { minus, negate, plus, sum, times } from '../money/arithmetic.js';
import { atLeast, greatest, least } from '../money/compare.js';
import { type Decimal, FRACTION_DIGITS, HUNDRED, ONE, ZERO, isNegative, isZero } from '../money/decimal.js';
import { divide } from '../money/rounding.js';
import type { Matches, RuleEvent } from '../strategy/strategy.js';
import { type Charge, costOf } from './charge.js';
import { type Facts, numberWithin } from './facts.js';
import { type Discount, type Line, concerns } from './line.js';
import { type Matched, type RuleOf, matchesOf } from './matched.js';
import { prorate } from './prorate.js';
import { countTimes, hasTimesLeft } from './moves.js';
import { factsOfRule, matchesIn } from './pieces/piece.js';

type DiscountRule = RuleOf<'discount'>;
type Kind = Extract<RuleEvent, { type: 'discount' }>['by'];

/** Free units first, since they change what percentages are taken of; fixed amounts last, so that they are not reduced. */
const ORDER: readonly Kind[] = ['free_quantity', 'percent', 'amount'];

/** What one line is left with, on the way. */
type Standing = {
  readonly charge: Charge;
  /** Among the charges. */
  readonly position: number;
  net: Decimal;
  /** Units made free so far. */
  freed: Decimal;
};

/** What each discount took off each charge, by its rule and by the position of the charge. */
export type Losses = ReadonlyMap<string, ReadonlyMap<number, Decimal>>;

/** What was taken off a use; the losses where several of its lines may have one name. */
export type Taken = { readonly discounts: readonly Discount[]; readonly losses?: Losses };

/**
 * Takes the matching discounts off the lines: by kind, within a kind by priority and file order. `places` is how finely
 * a shared amount is split: the minor unit on a bill, 18 digits before it.
 */
export function takeDiscounts(
  matched: Matched,
  charges: readonly Charge[],
  places: number = FRACTION_DIGITS,
): Discounted {
  const { matches, moves } = matched;
  // What an account has had as often as it may is as if its rule had not matched.
  const rules = rulesLeft(matches, ({ name, event: { times } }) => {
    return times === undefined || hasTimesLeft(moves, name, times);
  });
  const discounted = goThrough(rules, charges, (rule, concerned) => {
    const { by } = rule.event;
    const number = numberOf(rule, factsOfRule(matched, rule));
    const due = by === 'amount' ? prorate(number, matched.fixedShare) : number;
    return lossesOf(rule, due, { concerned, places });
  });
  countTaken(rules, discounted, (rule) => {
    countTimes(moves, rule, ONE);
  });
  return discounted;
}

/**
 * Gives back what discounts have `taken` off the lines of a use: percentages anew, of what the lines that take it back
 * come to, all else as it was taken. Those were taken of the units and the money that the use had then, which its place
 * among the others no longer tells; as they were, what is given back adds up to what was taken.
 */
export function giveBackDiscounts(matched: Matched, charges: readonly Charge[], taken: Taken): Discounted {
  const { matches, moves } = matched;
  const byLine = new Map(taken.discounts.map(({ rule, lines }) => [rule, lines]));
  const rules = rulesLeft(matches, ({ name, event: { times } }) => times === undefined || byLine.has(name));
  countTaken(rules, taken, (rule) => {
    countTimes(moves, rule, negate(ONE));
  });
  const lossOf = ({ name }: DiscountRule, { charge, position }: Standing): Decimal | undefined =>
    taken.losses === undefined
      ? byLine.get(name)?.get(charge.line.line)
      : taken.losses.get(name)?.get(position);
  return goThrough(rules, charges, (rule, concerned) =>
    rule.event.by === 'percent'
      ? percentOf(rule, numberOf(rule, factsOfRule(matched, rule)), concerned)
      : concerned.map((standing) => negate(lossOf(rule, standing) ?? ZERO)),
  );
}

function rulesLeft(matches: Matches, isLeft: (rule: DiscountRule) => boolean): readonly DiscountRule[] {
  const rules = matchesOf(matches, 'discount');
  return rules.every(isLeft) ? rules : rules.filter(isLeft);
}

function countTaken(
  rules: readonly DiscountRule[],
  { discounts }: Pick<Discounted, 'discounts'>,
  count: (rule: string) => void,
): void {
  for (const { name, event } of rules)
    if (event.times !== undefined && discounts.some(({ rule }) => rule === name)) count(name);
}

type Discounted = Taken & { readonly lines: readonly Line[] };
/** What a discount takes off each of the lines that it concerns. */
type TakesOff = (rule: DiscountRule, concerned: readonly Standing[]) => readonly Decimal[];

function goThrough(rules: readonly DiscountRule[], charges: readonly Charge[], takes: TakesOff): Discounted {
  if (rules.length === 0) return { lines: charges.map(({ line }) => line), discounts: [] };
  const standings = charges.map((charge, position): Standing => {
    return { charge, position, net: charge.line.amount, freed: ZERO };
  });
  const discounts: Discount[] = [];
  const losses = new Map<string, ReadonlyMap<number, Decimal>>();
  const inPieces = charges.some(({ piece }) => piece !== undefined);
  for (const kind of ORDER) {
    for (const rule of rules) {
      if (rule.event.by !== kind) continue;
      const isConcerned = ({ charge }: Standing) => applies(rule, rules, charge);
      const concerned = standings.every(isConcerned) ? standings : standings.filter(isConcerned);
      const lost = takes(rule, concerned);
      const taken = takeOff(rule, concerned, lost);
      if (taken === undefined) continue;
      discounts.push(taken);
      if (inPieces) losses.set(rule.name, byPosition(concerned, lost));
    }
  }
  return { lines: standings.map(lineLeft), discounts, losses: inPieces ? losses : undefined };
}

function byPosition(concerned: readonly Standing[], lost: readonly Decimal[]): ReadonlyMap<number, Decimal> {
  return new Map(concerned.map(({ position }, i) => [position, lost[i] ?? ZERO]));
}

function lineLeft({ charge: { line }, net }: Standing): Line {
  if (net === line.net) return line;
  const { line: name, kind, price, rule, quantity, usedBefore, amount, shares } = line;
  return { line: name, kind, price, rule, quantity, usedBefore, amount, net, shares };
}

/** An exclusive discount keeps all others off its lines; of several exclusive ones the first, by priority, stays. */
function applies(rule: DiscountRule, all: readonly DiscountRule[], { line, piece }: Charge): boolean {
  if (line.kind === 'measured' || !concerns(rule.event.of, line) || !matchesIn(piece, rule)) return false;
  const first = all.find(
    (one) => one.event.exclusive && concerns(one.event.of, line) && matchesIn(piece, one),
  );
  return first === undefined || first === rule;
}

/** Takes one discount off its lines and says what each lost; a line that loses nothing is not listed. */
function takeOff(
  rule: DiscountRule,
  concerned: readonly Standing[],
  losses: readonly Decimal[],
): Discount | undefined {
  const { by, label } = rule.event;
  const lines = new Map<string, Decimal>();
  let amount = ZERO;
  for (let i = 0; i < concerned.length; i++) {
    const standing = concerned[i];
    const loss = losses[i];
    if (standing === undefined || loss === undefined || isZero(loss)) continue;
    standing.net = minus(standing.net, loss);
    amount = plus(amount, loss);
    const { line } = standing.charge.line;
    // What was measured may close on a line that has a charge already.
    lines.set(line, plus(loss, lines.get(line) ?? ZERO));
  }
  return lines.size === 0 ? undefined : { kind: by, rule: rule.name, label, amount, lines };
}

type Target = { readonly concerned: readonly Standing[]; readonly places: number };

function lossesOf(rule: DiscountRule, number: Decimal, { concerned, places }: Target): readonly Decimal[] {
  switch (rule.event.by) {
    case 'free_quantity':
      return freeUnits(number, concerned);
    case 'percent':
      return percentOf(rule, number, concerned);
    case 'amount':
      return sharedAmount(number, concerned, places);
  }
}

/** A percentage may be another one in another piece. */
function percentOf(rule: DiscountRule, percent: Decimal, concerned: readonly Standing[]): readonly Decimal[] {
  return concerned.map(({ charge: { piece }, net }) => {
    const own = piece === undefined ? percent : numberOf(rule, piece.facts);
    return divide(times(net, own), HUNDRED);
  });
}

/** Free units come off the bottom, line after line until they are used up: P(t + freed + free) − P(t + freed). */
function freeUnits(free: Decimal, concerned: readonly Standing[]): readonly Decimal[] {
  let left = free;
  return concerned.map((standing) => {
    const { charge, freed } = standing;
    const units = least(left, greatest(minus(charge.line.quantity, freed), ZERO));
    left = minus(left, units);
    standing.freed = plus(freed, units);
    return towardsZero(minus(costOf(charge, standing.freed), costOf(charge, freed)), standing.net);
  });
}

/** Where a cheaper tier prices all units, the free ones may cost more than all of them, or less than nothing. */
function towardsZero(loss: Decimal, net: Decimal): Decimal {
  return isNegative(net) ? greatest(least(loss, ZERO), net) : least(greatest(loss, ZERO), net);
}

/** A fixed amount, in proportion to what the lines have left and never more than that. */
function sharedAmount(amount: Decimal, concerned: readonly Standing[], places: number): readonly Decimal[] {
  const weights = concerned.map(({ net }) => greatest(net, ZERO));
  const all = sum(weights);
  if (isZero(all)) return weights;
  return atLeast(amount, all) ? weights : heldTo(weights, allocate(amount, weights, places));
}

/** Lines may be finer than the unit by which an amount is split: what is too much for one goes to the others. */
function heldTo(limits: readonly Decimal[], parts: readonly Decimal[]): readonly Decimal[] {
  const held = parts.map((part, i) => least(part, limits[i] ?? ZERO));
  let left = minus(sum(parts), sum(held));
  return held.map((part, i) => {
    const more = least(left, minus(limits[i] ?? ZERO, part));
    left = minus(left, more);
    return plus(part, more);
  });
}

function numberOf({ name, event }: DiscountRule, facts: Facts): Decimal {
  const range = event.by === 'percent' ? 'percentage' : 'zero_or_more';
  return numberWithin(facts, event.number, { rule: name, of: 'discount', range });
}
