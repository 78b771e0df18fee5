import { minus } from '../money/arithmetic.js';
import { atMost } from '../money/compare.js';
import { type Decimal, ZERO } from '../money/decimal.js';
import { type Cost, type Level, levelOn } from './part.js';
import type { Tier } from './price.js';
import { priceInTier } from './tier.js';

export type Graduated = {
  readonly tiers: readonly Tier<Decimal>[];
  /** By tier with a bound: the level of a total that has passed it, where it was computed before. */
  readonly passed?: readonly Level[];
};

/**
 * Each unit at the price of the tier it falls in. The first tier is entered even with no units; a later one as soon as
 * anything lies above the bound before it. Units below zero fall in the first tier.
 */
export function graduated({ tiers, passed }: Graduated, units: Decimal): Cost {
  let level: Cost;
  let floor = ZERO;
  let position = 0;
  for (const tier of tiers) {
    if (position > 0 && atMost(units, floor)) break;
    const { upTo } = tier;
    const isPassed = upTo !== undefined && atMost(upTo, units);
    const top = isPassed ? upTo : units;
    const known = isPassed ? passed?.[position] : undefined;
    level = known ?? levelOn(level, priceInTier(tier, position, minus(top, floor)));
    floor = top;
    position += 1;
  }
  return level;
}

/** What totals that have passed one tier after the other stand on. */
export function passedLevels(tiers: readonly Tier<Decimal>[]): readonly Level[] {
  const passed: Level[] = [];
  for (const { upTo } of tiers) {
    const level = upTo && graduated({ tiers, passed }, upTo);
    if (level !== undefined) passed.push(level);
  }
  return passed;
}
