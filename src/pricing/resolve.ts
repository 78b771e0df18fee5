import { type Violation, violationError } from '../errors/error.js';
import { minus, remainder } from '../money/arithmetic.js';
import { atMost, greaterThan } from '../money/compare.js';
import { type Decimal, ONE, ZERO, formatDecimal, isNegative, isZero } from '../money/decimal.js';
import { passedLevels } from './graduated.js';
import { type Range, mapNumbers } from './numbers.js';
import type { Model, Operand, Price, Tier } from './price.js';

/**
 * Puts the values of facts in the place of their names. Throws INVALID_FACTS that lists every number which is not
 * allowed; what `read` throws for a fact that is missing passes through.
 */
export function resolvePrice(price: Price<Operand>, read: (fact: string) => Decimal): Price<Decimal> {
  const { resolved, violations } = resolve(price, read);
  if (violations.length > 0) throw violationError('INVALID_FACTS', violations);
  return resolved;
}

/** The price when all its numbers are written out and allowed; only its quantity is still that of the use. */
export function constantPrice(price: Price<Operand>): Price<Decimal> | undefined {
  const counted = price.quantity.kind === 'number' ? price : { ...price, quantity: UNKNOWN };
  if (factsOf(counted).length > 0) return undefined;
  const { resolved, violations } = resolve(counted, () => ZERO);
  return violations.length > 0 ? undefined : { ...resolved, model: withPassed(resolved.model) };
}

/** More than prices have; each level stands on the one before, and what is that deep cannot be gone through everywhere. */
const MOST_PASSED = 100;

/** What whole tiers cost is computed once: no use changes it. */
function withPassed(model: Model<Decimal>): Model<Decimal> {
  if (model.kind !== 'graduated' || model.tiers.length > MOST_PASSED) return model;
  return { ...model, passed: passedLevels(model.tiers) };
}

const UNKNOWN: Operand = { kind: 'number', value: ZERO };

type Resolved = { readonly resolved: Price<Decimal>; readonly violations: readonly Violation[] };

function resolve(price: Price<Operand>, read: (fact: string) => Decimal): Resolved {
  const violations: Violation[] = [];
  const refuse = (field: string, description: string) => {
    violations.push({ field: `prices.${price.id}.${field}`, description });
  };
  const resolved = mapNumbers(price, (field, operand, range, tier) => {
    const value = operand.kind === 'number' ? operand.value : read(operand.fact);
    const fault = faultOf(value, range, price.negative);
    if (fault !== undefined) {
      const source = operand.kind === 'number' ? '' : `, the value of the fact ${operand.fact},`;
      refuse(
        tier === undefined ? field : `tiers[${tier}].${field}`,
        `${formatDecimal(value)}${source} ${fault}`,
      );
    }
    return value;
  });
  checkTiers(resolved.model, refuse);
  return { resolved, violations };
}

/** The facts that a price computes with. */
export function factsOf(price: Price<Operand>): readonly string[] {
  const found: string[] = [];
  mapNumbers(price, (_, operand) => {
    if (operand.kind === 'fact') found.push(operand.fact);
    return ONE;
  });
  return found;
}

function faultOf(value: Decimal, range: Range, negative: boolean): string | undefined {
  switch (range) {
    case 'any':
      return undefined;
    case 'price':
      return isNegative(value) && !negative
        ? 'is below 0; a price that may be needs `negative: true`'
        : undefined;
    case 'zero_or_more':
      return isNegative(value) ? 'is below 0; it must be 0 or more' : undefined;
    case 'above_zero':
      return greaterThan(value, ZERO) ? undefined : 'is not above 0';
  }
}

type Refuse = (field: string, description: string) => void;

function checkTiers(model: Model<Decimal>, refuse: Refuse): void {
  if (!('tiers' in model)) return;
  let floor = ZERO;
  for (const [i, { upTo }] of model.tiers.entries()) {
    if (upTo === undefined) break;
    if (i > 0 && atMost(upTo, floor)) {
      const [found, below] = [formatDecimal(upTo), formatDecimal(floor)];
      refuse(`tiers[${i}].up_to`, `${found} is not above ${below}, the bound of the tier before`);
    }
    floor = upTo;
  }
  if (model.kind === 'graduated') checkBlocks(model.tiers, refuse);
}

/** A graduated tier holds whole blocks: filling up its last one would charge for units of the next tier. */
function checkBlocks(tiers: readonly Tier<Decimal>[], refuse: Refuse): void {
  let floor = ZERO;
  for (const [i, { upTo, block }] of tiers.entries()) {
    if (upTo === undefined) return;
    const width = minus(upTo, floor);
    floor = upTo;
    if (block === undefined || atMost(block, ZERO) || atMost(width, ZERO) || isZero(remainder(width, block)))
      continue;
    const units = `${formatDecimal(width)} units`;
    refuse(
      `tiers[${i}].block`,
      `the tier's ${units} are no multiple of its block of ${formatDecimal(block)}`,
    );
  }
}
