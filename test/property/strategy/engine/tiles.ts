import fc from 'fast-check';
import type { Document } from '../../../quote/priced.js';
import type { Drawn } from './drawn.js';

/** Boxes of four facts that leave no gap and do not overlap, as price tables do, in any order in the file. */
export type Tiling = {
  readonly models: readonly string[];
  /** Ascending. */
  readonly hours: readonly number[];
  /** Ascending, in tenths. */
  readonly units: readonly number[];
  readonly zones: readonly string[];
  /** Whether a box has its lower bound or its upper one. */
  readonly closed: 'below' | 'above';
};

/** Tenths as a document writes them, with a zero too many now and then. */
export const tenths = (value: number) =>
  `${Math.floor(value / 10)}.${value % 10}${value % 3 === 0 ? '0' : ''}`;

/** The document of a tiling; boxes stand in the order of a shuffle that `stride`, without a factor in common, makes. */
export function tiles({ models, hours, units, zones, closed }: Tiling, stride: number): Document {
  const [from, to] =
    closed === 'below' ? ['greaterThanInclusive', 'lessThan'] : ['greaterThan', 'lessThanInclusive'];
  const spans = (fact: string, bounds: readonly string[]) =>
    [undefined, ...bounds].map((low, i) => [
      ...(low === undefined ? [] : [{ fact, operator: from, value: low }]),
      ...(bounds[i] === undefined ? [] : [{ fact, operator: to, value: bounds[i] }]),
    ]);
  const equals = (fact: string, values: readonly string[]) =>
    values.map((value) => [{ fact, operator: 'equal', value }]);
  const boxes = equals('model', models).flatMap((model) =>
    equals('zone', zones).flatMap((zone) =>
      spans('hour', hours.map(String)).flatMap((hour) =>
        spans('units', units.map(tenths)).map((unit) => [...model, ...zone, ...hour, ...unit]),
      ),
    ),
  );
  return {
    facts: {
      model: { type: 'string', optional: true },
      zone: { type: 'string', optional: true },
      hour: { type: 'integer', optional: true },
      units: { type: 'decimal', optional: true },
    },
    prices: { p: { model: 'flat', amount: 1 } },
    rules: boxes.map((_, i) => ({
      name: `box ${i}`,
      conditions: { all: boxes[(i * stride) % boxes.length] },
      event: { type: 'charge', params: { price: 'p' } },
    })),
  };
}

type Counts = { readonly names: number; readonly cuts: number; readonly uses: number };

/** At most so many; `exactly` so many names and cuts when the number of boxes matters. */
function drawnOf({ names, cuts, uses }: Counts, exactly: boolean): fc.Arbitrary<Drawn> {
  const namesOf = (letter: string) =>
    fc
      .integer({ min: exactly ? names : 1, max: names })
      .map((n) => Array.from({ length: n }, (_, i) => `${letter}${i}`));
  const cutsOf = (max: number) =>
    fc
      .uniqueArray(fc.nat({ max }), { minLength: exactly ? cuts : 0, maxLength: cuts, size: 'max' })
      .map((drawn) => drawn.toSorted((a, b) => a - b));
  return fc
    .record({
      models: namesOf('m'),
      zones: namesOf('z'),
      hours: cutsOf(23),
      units: cutsOf(60),
      closed: fc.constantFrom('below' as const, 'above' as const),
      stride: fc.constantFrom(1, 7919, 104729),
      uses: fc.array(
        fc.record({
          model: fc.nat({ max: 99 }),
          zone: fc.nat({ max: 99 }),
          hour: fc.integer({ min: 0, max: 23 }),
          units: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined, freq: 10 }),
        }),
        { minLength: 1, maxLength: uses, size: 'max' },
      ),
    })
    .map(({ stride, uses, ...tiling }) => ({
      asks: 'matches',
      document: tiles(tiling, stride),
      uses: uses.map(({ model, zone, hour, units }) => ({
        model: tiling.models[model % tiling.models.length] ?? '',
        // One in twelve or so is in a zone that no box names.
        zone: zone % 12 === 0 ? 'elsewhere' : (tiling.zones[zone % tiling.zones.length] ?? ''),
        hour: String(hour),
        ...(units !== undefined && { units: tenths(units) }),
      })),
    }));
}

/** Up to about two hundred boxes. */
export const someTiles = drawnOf({ names: 2, cuts: 6, uses: 20 }, false);
/** 1,296 boxes: more than a word of words has bits. */
export const manyTiles = drawnOf({ names: 4, cuts: 8, uses: 6 }, true);
