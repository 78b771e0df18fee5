import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compiledEngine } from '../../../../src/strategy/engine/compiled.js';
import { decimal } from '../../../../src/money/decimal.js';
import type { FactValue } from '../../../../src/strategy/strategy.js';
import { type Document, strategyFrom } from '../../../quote/priced.js';
import { type PlainFacts, holds } from './naive.js';
import { type Tiling, tiles } from './tiles.js';

const range = (count: number, of: (i: number) => number) => Array.from({ length: count }, (_, i) => of(i));

/** 20 models × 5 zones × 10 spans of hours × 10 spans of units. */
const TILING: Tiling = {
  models: range(20, (i) => i).map((i) => `m${i}`),
  zones: range(5, (i) => i).map((i) => `z${i}`),
  hours: range(9, (i) => 2 * i + 1),
  units: range(9, (i) => 25 * i + 10),
  closed: 'below',
};

/** Every twentieth box is said in another way, none of which is a box of its own. */
function written(rule: Document, i: number): Document {
  const priority = 1 + (i % 3);
  const { conditions } = rule as { readonly conditions: { readonly all: readonly Document[] } };
  const [first, ...others] = conditions.all;
  switch (i % 20) {
    case 0:
      return {
        ...rule,
        priority,
        conditions: { not: { any: conditions.all.map((leaf) => ({ not: leaf })) } },
      };
    case 1:
      return { ...rule, priority, conditions: { any: [conditions, { all: [{ condition: 'rare' }] }] } };
    case 2:
      return { ...rule, priority, conditions: { all: [...others, { any: [first, { condition: 'rare' }] }] } };
    case 3:
      return { ...rule, priority, conditions: { all: [...others, { not: first }] } };
    default:
      return { ...rule, priority };
  }
}

const RARE: Document = {
  all: [
    { fact: 'hour', operator: 'equal', value: '23' },
    { fact: 'model', operator: 'in', value: ['m1', 'm1', 'm7'] },
    { fact: 'units', operator: 'notEqual', value: '3.5' },
  ],
};

describe('property: strategy/engine, ten thousand rules', function () {
  this.timeout(120_000);
  const drawn = tiles(TILING, 7919);
  const rules = (drawn.rules as readonly Document[]).map(written);
  const conditions = { rare: RARE };
  let engine: ReturnType<typeof compiledEngine>;
  before(() => {
    assert.equal(rules.length, 10_000);
    engine = compiledEngine(strategyFrom({ ...drawn, conditions, rules }));
  });

  /** At a bound, beside it, anywhere, or missing. Quantities are whole tenths, which floats compare as they should. */
  const near = (bounds: readonly number[]) =>
    fc.option(
      fc
        .tuple(fc.constantFrom(...bounds), fc.integer({ min: -1, max: 1 }))
        .map(([bound, step]) => bound + step),
      { nil: undefined, freq: 12 },
    );
  const facts = fc.record({
    model: fc.constantFrom(...TILING.models, 'm99', undefined),
    zone: fc.constantFrom(...TILING.zones, ...TILING.zones, 'z9'),
    hour: near([...TILING.hours, 23]),
    units: near([...TILING.units, 35]).map((tenths) => tenths && tenths / 10),
  });

  it('match as each of their conditions, looked at alone, says they do', () => {
    fc.assert(
      fc.property(facts, (given: PlainFacts) => {
        const expected = rules
          .map((rule, index) => ({ rule, index, priority: Number(rule.priority) }))
          .filter(({ rule }) => holds(rule.conditions as Document, given, conditions))
          .sort((a, b) => b.priority - a.priority || a.index - b.index);
        const found = engine.match({ moment: 'usage', facts: valuesOf(given) });
        assert.deepEqual(
          found.map(({ name }) => name),
          expected.map(({ rule }) => rule.name),
        );
      }),
      { numRuns: 300 },
    );
  });
});

function valuesOf(given: PlainFacts): ReadonlyMap<string, FactValue> {
  return new Map(
    Object.entries(given).flatMap(([name, value]) => {
      if (value === undefined) return [];
      return [[name, typeof value === 'number' ? decimal(value) : value] as const];
    }),
  );
}
