import type { SourceFile } from '../../src/strategy/source/source.js';

/** A document with the CSV files that it names. */
export type BenchDocument = {
  readonly strategy: string;
  readonly file: SourceFile;
  readonly attachments: readonly SourceFile[];
};

/** One rule; as many as a document may have, as YAML and as JSON; one rule and a lookup of 100,000 rows. */
export type Kind = 'small' | 'yaml' | 'json' | 'csv';

const REGIONS = 25;
const PRODUCTS = 20;
const HOURS = [0, 6, 12, 18, 24];
const QUANTITIES = [0, 10, 100, 1_000, 10_000, 100_000];
const LOOKUP_ROWS = 100_000;

/** Every seed makes another content, and the same seed the same one. */
export function benchDocument(kind: Kind, seed: number): BenchDocument {
  const random = randomFrom(seed);
  const strategy = `bench-${kind}`;
  switch (kind) {
    case 'small':
      return {
        strategy,
        file: { name: 'small.yaml', text: oneRule(strategy, '0.0012', '') },
        attachments: [],
      };
    case 'yaml':
      return { strategy, file: { name: 'large.yaml', text: rulesAsYaml(strategy, random) }, attachments: [] };
    case 'json':
      return { strategy, file: { name: 'large.json', text: rulesAsJson(strategy, random) }, attachments: [] };
    case 'csv':
      return {
        strategy,
        file: { name: 'large.yaml', text: oneRule(strategy, '{ fact: rate }', LOOKUP) },
        attachments: [{ name: 'rates.csv', text: lookupRows(random) }],
      };
  }
}

type Random = () => number;
type Box = {
  readonly region: number;
  readonly product: number;
  readonly hour: number;
  readonly quantity: number;
};

/** 10,000 boxes that tile the space of four facts, in no order. */
function boxes(random: Random): Box[] {
  const all = range(REGIONS).flatMap((region) =>
    range(PRODUCTS).flatMap((product) =>
      range(HOURS.length - 1).flatMap((hour) =>
        range(QUANTITIES.length - 1).map((quantity) => ({ region, product, hour, quantity })),
      ),
    ),
  );
  return shuffled(all, random);
}

/** The six leaves of a box: fact, operator, value. */
function leaves({ region, product, hour, quantity }: Box): (readonly [string, string, string | number])[] {
  return [
    ['region', 'equal', `r${region}`],
    ['product', 'equal', `p${product}`],
    ['hour', 'greaterThanInclusive', HOURS[hour] ?? 0],
    ['hour', 'lessThan', HOURS[hour + 1] ?? 0],
    ['units', 'greaterThanInclusive', QUANTITIES[quantity] ?? 0],
    ['units', 'lessThan', QUANTITIES[quantity + 1] ?? 0],
  ];
}

function unitPrices(random: Random): (readonly [string, string])[] {
  return range(100).map((i) => [`u${i}`, `0.${String(Math.floor(random() * 1e9)).padStart(9, '0')}1`]);
}

function rulesAsYaml(strategy: string, random: Random): string {
  const prices = unitPrices(random).map(
    ([id, price]) => `  ${id}: { model: per_unit, quantity: units, unit_price: ${price} }`,
  );
  const rules = boxes(random).map((box, i) => {
    const all = leaves(box).map(
      ([fact, operator, value]) => `{fact: ${fact}, operator: ${operator}, value: ${value}}`,
    );
    return `- name: n${i}\n  conditions: {all: [${all.join(', ')}]}\n  event: {type: charge, params: {price: u${i % 100}}}`;
  });
  return [
    `strategy: ${strategy}`,
    'currency: USD',
    'time_zone: UTC',
    'period: month',
    'facts:',
    '  region: { type: string }',
    '  product: { type: string }',
    '  hour: { type: integer }',
    '  units: { type: decimal }',
    'prices:',
    ...prices,
    'rules:',
    ...rules,
    '',
  ].join('\n');
}

function rulesAsJson(strategy: string, random: Random): string {
  const prices = unitPrices(random).map(([id, price]) => [
    id,
    { model: 'per_unit', quantity: 'units', unit_price: price },
  ]);
  const rules = boxes(random).map((box, i) => ({
    name: `n${i}`,
    conditions: { all: leaves(box).map(([fact, operator, value]) => ({ fact, operator, value })) },
    event: { type: 'charge', params: { price: `u${i % 100}` } },
  }));
  return JSON.stringify({
    strategy,
    currency: 'USD',
    time_zone: 'UTC',
    period: 'month',
    facts: {
      region: { type: 'string' },
      product: { type: 'string' },
      hour: { type: 'integer' },
      units: { type: 'decimal' },
    },
    prices: Object.fromEntries(prices) as unknown,
    rules,
  });
}

const LOOKUP = `lookups:
  rate: { by: [ product, region ], type: decimal, rows: rates.csv }
`;

function oneRule(strategy: string, unitPrice: string, lookups: string): string {
  return `strategy: ${strategy}
currency: USD
time_zone: UTC
period: month
facts:
  region: { type: string }
  product: { type: string }
  hour: { type: integer }
  units: { type: decimal }
${lookups}prices:
  units: { model: per_unit, quantity: units, unit_price: ${unitPrice} }
rules:
  - name: units
    event: { type: charge, params: { price: units, line: a } }
`;
}

function lookupRows(random: Random): string {
  const rows = range(LOOKUP_ROWS).map(
    (i) =>
      `p${Math.floor(i / REGIONS)},r${i % REGIONS},0.${String(Math.floor(random() * 1e6)).padStart(6, '0')}1`,
  );
  return ['product,region,rate', ...rows, ''].join('\n');
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const keyed = items.map((item) => ({ item, at: random() }));
  return keyed.sort((a, b) => a.at - b.at).map(({ item }) => item);
}

/** Numbers from 0 to 1 that look random: a linear congruential generator, good enough to shuffle with. */
function randomFrom(seed: number): Random {
  let state = BigInt(seed);
  return () => {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) & 0xffff_ffff_ffff_ffffn;
    return Number(state >> 33n) / 2 ** 31;
  };
}
