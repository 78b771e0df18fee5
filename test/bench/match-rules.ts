import { decimal } from '../../src/money/decimal.js';
import type { FactValues } from '../../src/strategy/engine/matcher.js';
import type { FactValue, Rule, Strategy } from '../../src/strategy/strategy.js';
import { all, leaf, strategyOf } from '../strategy/strategy-of.js';

/** Facts of one use: two strings, an hour, a quantity. */
export type BenchFacts = {
  readonly model: string;
  readonly region: string;
  readonly hour: number;
  readonly quantity: number;
};
export const FACTS = { model: 'string', region: 'string', hour: 'number', quantity: 'number' } as const;

/** One box of the space: half-open ranges of hours and quantities. */
export type Tile = {
  readonly model: string;
  readonly region: string;
  readonly hours: readonly [from: number, to: number];
  readonly quantities: readonly [from: number, to: number];
};

/** Into how many pieces each fact is cut. */
export type Cuts = {
  readonly models: readonly string[];
  readonly regions: readonly string[];
  readonly hours: readonly number[];
  readonly quantities: readonly number[];
};

const SIZES: Readonly<Record<number, readonly [number, number, number, number]>> = {
  10: [5, 1, 1, 2],
  100: [5, 5, 2, 2],
  1_000: [10, 10, 2, 5],
  10_000: [10, 10, 10, 10],
};

export function cutsFor(rules: number): Cuts {
  const [models, regions, hours, quantities] = SIZES[rules]!;
  return {
    models: Array.from({ length: models }, (_, i) => `model-${i}`),
    regions: Array.from({ length: regions }, (_, i) => `region-${i}`),
    hours: Array.from({ length: hours + 1 }, (_, i) => Math.floor((24 * i) / hours)),
    quantities: Array.from({ length: quantities + 1 }, (_, i) => 500 * i),
  };
}

/** Boxes that fill the space without overlapping, in no order. */
export function tilesOf({ models, regions, hours, quantities }: Cuts): readonly Tile[] {
  const tiles: Tile[] = [];
  for (const model of models)
    for (const region of regions)
      for (const [h, hour] of hours.slice(0, -1).entries())
        for (const [q, quantity] of quantities.slice(0, -1).entries())
          tiles.push({
            model,
            region,
            hours: [hour, hours[h + 1]!],
            quantities: [quantity, quantities[q + 1]!],
          });
  const random = randomFrom(1);
  for (let i = tiles.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [tiles[i], tiles[j]] = [tiles[j]!, tiles[i]!];
  }
  return tiles;
}

/** 4,096 distinct sets of facts; their strings come off a wire and are equal to those of the rules, but not the same. */
export function factSetsOf({ models, regions, quantities }: Cuts): readonly BenchFacts[] {
  const random = randomFrom(2);
  const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)]!;
  const most = quantities.at(-1)!;
  const sets = new Set<string>();
  while (sets.size < 4096) {
    const hour = Math.floor(random() * 24);
    const quantity = Math.floor(random() * most * 100) / 100;
    sets.add(JSON.stringify({ model: pick(models), region: pick(regions), hour, quantity }));
  }
  return [...sets].map((text) => {
    const { model, region, hour, quantity } = JSON.parse(text) as BenchFacts;
    return { model: received(model), region: received(region), hour, quantity };
  });
}

export function received(text: string): string {
  return Buffer.from(text).toString();
}

/** The same numbers in every run. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A rule as json-rules-engine has it: six leaves. */
export function plainRule({ model, region, hours, quantities }: Tile, i: number) {
  return {
    name: `rule ${i}`,
    number: i,
    conditions: {
      all: [
        { fact: 'model', operator: 'equal', value: model },
        { fact: 'region', operator: 'equal', value: region },
        { fact: 'hour', operator: 'greaterThanInclusive', value: hours[0] },
        { fact: 'hour', operator: 'lessThan', value: hours[1] },
        { fact: 'quantity', operator: 'greaterThanInclusive', value: quantities[0] },
        { fact: 'quantity', operator: 'lessThan', value: quantities[1] },
      ],
    },
    event: { type: 'charge', params: { rule: i } },
  };
}

/** The same rules as a checked document has them. */
export function strategyOfTiles(tiles: readonly Tile[]): Strategy {
  // Written out, so that all rules have one shape, as those that were read from a document.
  const rules = tiles.map(({ model, region, hours, quantities }, index): Rule => ({
    name: `rule ${index}`,
    index,
    moment: 'usage',
    priority: 1,
    conditions: all(
      leaf('model', 'equal', model),
      leaf('region', 'equal', region),
      leaf('hour', 'greaterThanInclusive', decimal(hours[0])),
      leaf('hour', 'lessThan', decimal(hours[1])),
      leaf('quantity', 'greaterThanInclusive', decimal(quantities[0])),
      leaf('quantity', 'lessThan', decimal(quantities[1])),
    ),
    event: { type: 'charge', price: 'price', line: 'line' },
  }));
  return strategyOf({
    rules,
    types: { model: 'string', region: 'string', hour: 'integer', quantity: 'decimal' },
  });
}

/** Facts as a calculation holds them. */
export function typedFacts({ model, region, hour, quantity }: BenchFacts): FactValues {
  return new Map<string, FactValue>([
    ['model', model],
    ['region', region],
    ['hour', decimal(hour)],
    ['quantity', decimal(quantity)],
  ]);
}
