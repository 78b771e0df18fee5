import type { Model, Operand, Price } from '../../pricing/price.js';
import type { ComputedFact, Condition, Leaf, LookupValue, RuleEvent } from '../strategy.js';

/** The facts that each part of a checked document reads by itself. */

function factsOfOperands(operands: readonly (Operand | undefined)[]): string[] {
  return operands.flatMap((operand) => (operand?.kind === 'fact' ? [operand.fact] : []));
}

/** The facts that a condition compares, those of named conditions included. */
export function factsOfCondition(
  condition: Condition,
  named: ReadonlyMap<string, Condition>,
): ReadonlySet<string> {
  return new Set(
    leavesOf(condition, named).flatMap(({ fact, value }) =>
      value.kind === 'fact' ? [fact, value.fact] : [fact],
    ),
  );
}

/** All that a condition compares, those of each named condition once. */
export function leavesOf(condition: Condition, named: ReadonlyMap<string, Condition>): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const entered = new Set<string>();
  const visit = (inner: Condition): void => {
    switch (inner.kind) {
      case 'all':
      case 'any':
        inner.of.forEach(visit);
        return;
      case 'not':
        visit(inner.of);
        return;
      case 'named': {
        const target = named.get(inner.name);
        if (target === undefined || entered.has(inner.name)) return;
        entered.add(inner.name);
        visit(target);
        return;
      }
      case 'leaf':
        leaves.push(inner);
    }
  };
  visit(condition);
  return leaves;
}

/** The facts that hold a price's numbers: all that it reads but its quantity and its groups. */
export function factsOfNumbers(price: Price<Operand>): string[] {
  const { free, maximum, minimum, roundQuantity, roundRating } = price;
  return factsOfOperands([
    ...numbersOf(price.model),
    free?.quantity,
    maximum?.amount,
    minimum,
    roundQuantity?.to,
    roundRating?.to,
  ]);
}

function numbersOf(model: Model<Operand>): readonly (Operand | undefined)[] {
  switch (model.kind) {
    case 'flat':
      return [model.amount];
    case 'per_unit':
      return [model.unitPrice, model.per];
    case 'graduated':
    case 'volume':
      return model.tiers.flatMap((tier) => [
        tier.upTo,
        tier.unitPrice,
        tier.per,
        tier.flat,
        tier.block,
        tier.maximum,
      ]);
    case 'package':
      return [model.size, model.price];
    case 'percentage':
      return [model.percent, model.fixed, model.freeEvents, model.freeAmount, model.minimum, model.maximum];
    case 'graduated_percentage':
    case 'volume_percentage':
      return model.tiers.flatMap((tier) => [tier.upTo, tier.percent, tier.flat]);
    case 'dynamic':
      return [model.multiplier];
  }
}

export function factsOfPrice(price: Price<Operand>): string[] {
  return [...factsOfOperands([price.quantity]), ...factsOfNumbers(price), ...price.groupBy];
}

/** Whether the amount is known only when the period, or a bucket of it, closes. */
export function isMeasuredLate({ measured }: Price<Operand>): boolean {
  if (measured === undefined) return false;
  return measured.bucket !== undefined || (measured.aggregate !== 'sum' && measured.aggregate !== 'count');
}

/** What is read when a measured price closes: its quantity and group are recorded by then. */
export function factsAtClose(price: Price<Operand>): string[] {
  return factsOfNumbers(price).filter((fact) => !price.groupBy.includes(fact));
}

/** The fact that holds a price's minimum, which is read when a window closes. */
export function factsOfMinimum({ minimum, groupBy }: Price<Operand>): string[] {
  return factsOfOperands([minimum]).filter((fact) => !groupBy.includes(fact));
}

/** The facts that hold an event's numbers; its price is another matter. */
export function factsOfEvent(event: RuleEvent): string[] {
  switch (event.type) {
    case 'charge':
    case 'reject':
      return [];
    case 'discount':
    case 'surcharge':
    case 'grant':
      return factsOfOperands([event.number]);
    case 'minimum':
    case 'maximum':
      return factsOfOperands([event.amount, event.overageFactor]);
    case 'tax':
      return factsOfOperands([event.percent]);
  }
}

/** The facts that a derived or looked-up fact is made of, whichever row is found. */
export function factsOfComputed(fact: ComputedFact): string[] {
  if (fact.kind === 'derive') return factsOfOperands([...fact.of, fact.min, fact.max]);
  const values: (LookupValue | undefined)[] = [fact.otherwise];
  for (const bucket of fact.rows.values()) {
    if (bucket.kind === 'by_text') for (const value of bucket.values.values()) values.push(value);
    else for (const { value } of bucket.bounds) values.push(value);
  }
  const named = new Set(values.flatMap((value) => (value?.kind === 'fact' ? [value.fact] : [])));
  return [...fact.by, ...named];
}
