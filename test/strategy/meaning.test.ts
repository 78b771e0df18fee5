import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { decimal } from '../../src/money/decimal.js';
import type { Operand } from '../../src/pricing/price.js';
import { wantedAttachments } from '../../src/strategy/source/attachments.js';
import { readStrategy } from '../../src/strategy/read/read-strategy.js';
import { readSource } from '../../src/strategy/source/read-source.js';
import { strategyJsonSchema } from '../../src/strategy/read/json-schema.js';
import { findRow } from '../../src/strategy/lookup-rows.js';
import type { Condition, RuleEvent, Strategy } from '../../src/strategy/strategy.js';

const HEAD = 'strategy: test\ncurrency: USD\ntime_zone: UTC\n';
const FACTS =
  'facts: { n: { type: decimal }, m: { type: integer }, s: { type: string }, b: { type: boolean }, ' +
  'at: { type: instant }, d: { type: date }, l: { type: list }, account.seats: { type: decimal, default: 1 } }\n';
const PRICES = 'prices: { p: { model: per_unit, quantity: n, unit_price: 1 } }\n';
const RULES = 'rules: [ { name: r, event: { type: charge, params: { price: p } } } ]\n';

function read(text: string, attachments: readonly { name: string; text: string }[] = []): Strategy {
  const { strategy, faults } = readStrategy(readSource({ name: 'test.yaml', text }), attachments);
  assert.ok(strategy, JSON.stringify(faults));
  return strategy;
}

const number = (value: string): Operand => ({ kind: 'number', value: decimal(value) });
const fact = (name: string): Operand => ({ kind: 'fact', fact: name });

describe('what a price means', () => {
  const price = (text: string) => read(`${HEAD}${FACTS}prices: { p: { ${text} } }\n${RULES}`).prices.get('p');
  const tier = { unitPrice: number('0'), per: number('1'), flat: number('0') };

  it('flat: one each time', () => {
    assert.deepEqual(price('model: flat, amount: 5')?.quantity, number('1'));
  });
  it('per_unit: per is 1 unless given', () => {
    assert.deepEqual(price('model: per_unit, quantity: n, unit_price: "2.50"')?.model, {
      kind: 'per_unit',
      unitPrice: number('2.5'),
      per: number('1'),
    });
  });
  it('a number may be a fact', () => {
    const read = price('model: per_unit, quantity: { fact: n }, unit_price: { fact: m }, per: 1000');
    assert.deepEqual(read?.model, { kind: 'per_unit', unitPrice: fact('m'), per: number('1000') });
    assert.deepEqual(read.quantity, fact('n'));
  });
  it('graduated: a tier costs nothing unless it says so', () => {
    assert.deepEqual(price('model: graduated, quantity: n, tiers: [ { up_to: 10, block: 5 }, {} ]')?.model, {
      kind: 'graduated',
      tiers: [{ upTo: number('10'), ...tier, block: number('5') }, tier],
    });
  });
  it('percentage: its bounds are those of one event', () => {
    const read = price('model: percentage, of: n, percent: 2.9, fixed: 0.3, minimum: 1, maximum: 9');
    assert.deepEqual(read?.model, {
      kind: 'percentage',
      percent: number('2.9'),
      fixed: number('0.3'),
      minimum: number('1'),
      maximum: number('9'),
    });
    assert.equal(read.minimum, undefined);
    assert.equal(read.maximum, undefined);
  });
  it('dynamic: the multiplier is 1 unless given', () => {
    assert.deepEqual(price('model: dynamic, of: n')?.model, { kind: 'dynamic', multiplier: number('1') });
  });
  it('short bounds are of its own window, long ones of another', () => {
    const read = price(
      'model: per_unit, quantity: n, unit_price: 1, free: 5, maximum: { amount: 9, per: day, counter: c }',
    );
    assert.deepEqual(read?.free, { quantity: number('5') });
    assert.deepEqual(read.maximum, { amount: number('9'), own: { per: 'day', counter: 'c' } });
  });
  it('what is left out has the defaults of the format', () => {
    const read = price('model: per_unit, quantity: n, unit_price: 1');
    assert.deepEqual(
      [read?.resets, read?.counter, read?.negative, read?.groupBy, read?.measured, read?.recurring],
      ['month', 'p', false, [], undefined, { bill: 'advance', prorate: 'days', anchor: 'calendar' }],
    );
  });
  it('below 0 with negative: true', () => {
    assert.ok(price('model: per_unit, quantity: n, unit_price: -1, negative: true')?.negative);
  });
  it('unique counts the values of any fact', () => {
    const read = price('model: per_unit, quantity: s, unit_price: 1, aggregate: unique');
    assert.deepEqual([read?.quantity, read?.measured], [fact('s'), { aggregate: 'unique' }]);
  });
  it('a percentile of buckets', () => {
    const read = price('model: per_unit, quantity: n, unit_price: 1, aggregate: max, bucket: 5m, over: p95');
    assert.deepEqual(read?.measured, { aggregate: 'max', bucket: '5m', over: 'p95' });
  });
});

describe('what a condition means', () => {
  const leaf = (text: string): Condition | undefined => {
    const rules = `rules: [ { name: r, conditions: { all: [ { ${text} } ] }, event: { type: charge, params: { price: p } } } ]\n`;
    const [rule] = read(`${HEAD}${FACTS}${PRICES}${rules}`).rules;
    return rule?.conditions?.kind === 'all' ? rule.conditions.of[0] : undefined;
  };
  const value = (text: string) => {
    const condition = leaf(text);
    return condition?.kind === 'leaf' ? condition.value : undefined;
  };

  const values: readonly (readonly [text: string, expected: unknown])[] = [
    ['fact: n, operator: equal, value: 1.50', { kind: 'value', value: decimal('1.5') }],
    ['fact: n, operator: in, value: [1, 2]', { kind: 'value', value: [decimal(1), decimal(2)] }],
    ['fact: s, operator: equal, value: 1.50', { kind: 'value', value: '1.50' }],
    ['fact: b, operator: equal, value: "true"', { kind: 'value', value: true }],
    ['fact: at, operator: lessThan, value: 1970-01-01T00:00:01Z', { kind: 'value', value: 1_000_000_000n }],
    ['fact: l, operator: contains, value: x', { kind: 'value', value: 'x' }],
    ['fact: l, operator: "someFact:in", value: [x, y]', { kind: 'value', value: ['x', 'y'] }],
    [
      'fact: n, operator: "not:everyValue:lessThan", value: [1, 2]',
      { kind: 'value', value: [decimal(1), decimal(2)] },
    ],
    ['fact: l, operator: "swap:in", value: x', { kind: 'value', value: 'x' }],
    ['fact: s, operator: "swap:contains", value: [x]', { kind: 'value', value: ['x'] }],
    ['fact: n, operator: lessThan, value: { fact: m }', { kind: 'fact', fact: 'm' }],
    ['fact: s, operator: in, value: { fact: l }', { kind: 'fact', fact: 'l' }],
    ['fact: used.p, operator: lessThan, value: 5', { kind: 'value', value: decimal(5) }],
    ['fact: local_time, operator: lessThan, value: "09:30"', { kind: 'value', value: '09:30' }],
  ];
  for (const [text, expected] of values) {
    it(text, () => {
      assert.deepEqual(value(text), expected);
    });
  }

  it('keeps decorators outermost first', () => {
    const condition = leaf('fact: l, operator: "not:someFact:equal", value: x');
    assert.deepEqual(condition?.kind === 'leaf' && [condition.decorators, condition.operator], [
      ['not', 'someFact'],
      'equal',
    ]);
  });
});

describe('what an event means', () => {
  const event = (moment: string, text: string): RuleEvent | undefined =>
    read(
      `${HEAD}${FACTS}${PRICES}rules:\n  - { name: r, event: { type: charge, params: { price: p } } }\n  - { name: q, moment: ${moment}, event: { ${text} } }\n`,
    ).rules[1]?.event;

  it('a charge goes to the line of its price', () => {
    assert.deepEqual(event('usage', 'type: charge, params: { price: p }'), {
      type: 'charge',
      price: 'p',
      line: 'p',
    });
  });
  it('a discount is labelled with its rule', () => {
    assert.deepEqual(event('usage', 'type: discount, params: { free_quantity: 5, of: [p], times: 1 }'), {
      type: 'discount',
      by: 'free_quantity',
      number: number('5'),
      of: ['p'],
      label: 'q',
      exclusive: false,
      times: 1,
    });
  });
  it('a grant of units', () => {
    assert.deepEqual(event('purchase', 'type: grant, params: { units: 5, expires: P1Y2M3DT4H }'), {
      type: 'grant',
      by: 'units',
      number: number('5'),
      expires: 'P1Y2M3DT4H',
      priority: 1,
      rollOver: false,
    });
  });
  it('a minimum with an overage factor', () => {
    assert.deepEqual(
      event('invoice', 'type: minimum, params: { amount: 5, overage_factor: 1.2, measure: gross }'),
      {
        type: 'minimum',
        amount: number('5'),
        overageFactor: number('1.2'),
        label: 'q',
        prorate: 'none',
        measure: 'gross',
      },
    );
  });
  it('a document without lines of its own may name any', () => {
    const rules =
      'rules: [ { name: t, moment: invoice, event: { type: tax, params: { percent: 19, of: [seats] } } } ]';
    assert.deepEqual(read(HEAD + rules).rules[0]?.event, {
      type: 'tax',
      percent: number('19'),
      label: 't',
      of: ['seats'],
      included: false,
    });
  });
});

describe('lookups and derived facts', () => {
  const rate =
    'lookups: { rate: { by: [s], match: longest_prefix, type: decimal, rows: deck.csv, value: price } }\n';
  const prices = 'prices: { p: { model: per_unit, quantity: n, unit_price: { fact: rate } } }\n';
  const deck = (text: string) => [{ name: 'deck.csv', text }];
  const faults = (csv: string) =>
    readStrategy(
      readSource({ name: 'a.yaml', text: HEAD + FACTS + rate + prices + RULES }),
      deck(csv),
    ).faults.filter(({ severity }) => severity === 'error');

  it('takes columns by their headers', () => {
    const { computed } = read(
      HEAD + FACTS + rate + prices + RULES,
      deck('price,note,s\n1.5,x,49\n2.5,y,4917\n'),
    );
    const [lookup] = computed;
    assert.ok(lookup?.kind === 'lookup');
    assert.deepEqual(findRow(lookup, ['49170']), { kind: 'value', value: decimal('2.5') });
    assert.deepEqual(findRow(lookup, ['4930']), { kind: 'value', value: decimal('1.5') });
    assert.equal(findRow(lookup, ['1']), undefined);
  });

  const csvFaults: readonly (readonly [title: string, csv: string, expected: readonly string[]])[] = [
    [
      'a value of another type',
      's,price\n49,cheap\n',
      ['deck.csv:2 "cheap" is not a number; `rate` is of type decimal.'],
    ],
    ['a key twice', 's,price\n49,1\n4,1\n49,2\n', ['deck.csv:4 A row with the same keys is there already.']],
    ['no such column', 's,cost\n49,1\n', ['a.yaml:5 No column of `deck.csv` is called `price`.']],
    [
      'no key column',
      'x,price\n49,1\n',
      ['a.yaml:5 No column of `deck.csv` is called `s`; its header has `x` and `price`.'],
    ],
    [
      'several faults',
      's,price\n49,a\n48,b\n',
      [
        'deck.csv:2 "a" is not a number; `rate` is of type decimal.',
        'deck.csv:3 "b" is not a number; `rate` is of type decimal.',
      ],
    ],
  ];
  for (const [title, csv, expected] of csvFaults) {
    it(`CSV: ${title}`, () => {
      assert.deepEqual(
        faults(csv).map(({ file, line, message }) => `${file}:${line} ${message}`),
        expected,
      );
    });
  }

  it('tells which files it wants', () => {
    assert.deepEqual(wantedAttachments(readSource({ name: 'a.yaml', text: HEAD + rate })), ['deck.csv']);
    assert.deepEqual(
      wantedAttachments(readSource({ name: 'a.yaml', text: 'lookups: { x: { rows: ../../etc/passwd } }' })),
      [],
    );
    assert.deepEqual(wantedAttachments(readSource({ name: 'a.yaml', text: 'lookups: [' })), []);
  });

  it('puts computed facts in the order in which they can be computed', () => {
    const derive = 'derive: { c: { sum: [b2, 1] }, b2: { product: [rate, n] } }\n';
    const document = HEAD + FACTS + derive + rate + prices.replace('quantity: n', 'quantity: c') + RULES;
    assert.deepEqual(
      read(document, deck('s,price\n1,1\n')).computed.map(({ name }) => name),
      ['rate', 'b2', 'c'],
    );
  });
});

describe('what a moment needs', () => {
  const document =
    `${HEAD}${FACTS}` +
    'derive: { big: { product: [n, m] } }\n' +
    'lookups: { rate: { by: [s], type: decimal, rows: [ [a, 1] ] }, zone: { by: [local_date], type: string, rows: [ [2026-01-01, x] ] } }\n' +
    'prices:\n' +
    '  p: { model: per_unit, quantity: big, unit_price: { fact: rate } }\n' +
    '  peak: { model: per_unit, quantity: n, unit_price: { fact: account.seats }, aggregate: max }\n' +
    'rules:\n' +
    '  - { name: r, conditions: { all: [ { fact: zone, operator: equal, value: x } ] }, event: { type: charge, params: { price: p } } }\n' +
    '  - { name: q, event: { type: charge, params: { price: peak } } }\n';
  const { moments, types } = read(document);

  it('requires what is given, through everything that is computed from it', () => {
    assert.deepEqual(new Set(moments.usage.required), new Set(['n', 'm', 's']));
  });
  it('reads what is computed or built in', () => {
    assert.deepEqual(moments.usage.reads, new Set(['zone', 'local_date', 'big', 'rate']));
  });
  it('knows what conditions read', () => {
    assert.deepEqual(moments.usage.readByConditions, new Set(['zone']));
  });
  it('needs at the end of a period the numbers of what is measured, not its quantity', () => {
    assert.deepEqual(moments.period, { required: [], reads: new Set(), readByConditions: new Set() });
  });
  it('needs nothing where no rule looks', () => {
    assert.deepEqual(moments.purchase.required, []);
  });
  it('types every fact that can be read', () => {
    assert.deepEqual(
      ['n', 'big', 'rate', 'zone', 'used.p', 'used.peak.events', 'total.peak', 'line.p', 'local_time'].map(
        (name) => types.get(name),
      ),
      ['decimal', 'decimal', 'decimal', 'string', 'decimal', 'integer', 'decimal', 'decimal', 'time'],
    );
  });
});

describe('warnings', () => {
  const warnings = (text: string) =>
    readStrategy(readSource({ name: 'a.yaml', text }), []).faults.map(
      ({ severity, line, message }) => `${severity} ${line} ${message}`,
    );

  it('names what nothing refers to', () => {
    const text =
      `${HEAD}facts: { n: { type: decimal }, spare: { type: decimal } }\nderive: { x: { sum: [n] } }\n` +
      'conditions: { c: { all: [ { fact: n, operator: equal, value: 1 } ] } }\n' +
      `prices: { p: { model: per_unit, quantity: n, unit_price: 1 }, old: { model: flat, amount: 1 } }\n${RULES}`;
    assert.deepEqual(warnings(text), [
      'warning 4 Nothing reads the fact `spare`.',
      'warning 5 Nothing reads the fact `x`.',
      'warning 6 No rule refers to the condition `c`.',
      'warning 7 No rule charges the price `old`.',
    ]);
  });

  it('names what is measured from no use', () => {
    const rule = (more: string) =>
      `  - { name: r${more.length}, ${more}event: { type: charge, params: { line: l, price: p } } }\n`;
    const text =
      `${HEAD}facts: { n: { type: decimal, default: 0 } }\n` +
      `prices: { p: { model: per_unit, quantity: n, unit_price: 1, aggregate: max } }\nrules:\n`;
    assert.deepEqual(warnings(text + rule('moment: period, ')), [
      'warning 5 No rule of the moment usage charges `p`, so nothing is measured for it.',
    ]);
    assert.deepEqual(warnings(text + rule('moment: period, ') + rule('')), []);
    assert.deepEqual(warnings(text + rule('')), []);
  });
});

describe('JSON and YAML', () => {
  const text = readFileSync('test/strategy/examples/llm-api.yaml', 'utf8');

  it('give the same strategy', () => {
    const json = JSON.stringify(parse(text));
    assert.deepEqual(readStrategy(readSource({ name: 'a.json', text: json }), []).strategy, read(text));
  });

  it('take a number in quotes for the same number', () => {
    const quoted = text.replaceAll(/: (\d+(?:\.\d+)?)(?=[ ,}])/g, ': "$1"');
    assert.notEqual(quoted, text);
    assert.deepEqual(read(quoted), read(text));
  });
});

describe('the JSON Schema', () => {
  const schema = strategyJsonSchema();
  const text = JSON.stringify(schema);

  it('is of draft 2020-12 and knows every section', () => {
    assert.equal(schema['$schema'], 'https://json-schema.org/draft/2020-12/schema');
    for (const key of ['strategy', 'facts', 'lookups', 'derive', 'conditions', 'prices', 'rules', 'cases']) {
      assert.ok(Object.hasOwn(schema['properties'] as object, key), key);
    }
    assert.deepEqual(schema['required'], ['strategy', 'currency', 'time_zone', 'rules']);
  });
  it('refers only to what it defines', () => {
    const names = [...text.matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g)].map(([, name]) => name);
    assert.deepEqual(new Set(names), new Set(Object.keys(schema['$defs'] as object)));
  });
  it('takes numbers with and without quotes', () => {
    assert.ok(text.includes('"unit_price":{"anyOf":[{"type":["number","string"]}'));
  });
  it('keeps marks of our own to itself', () => {
    assert.ok(!text.includes('"scalar"') && !text.includes('"expected"'));
  });
});

describe('what acts only on recorded usage', () => {
  it('is warned of, since a quote would show another amount', () => {
    const text = `
strategy: calls
currency: EUR
time_zone: UTC
facts: { minutes: { type: decimal, lasts: minute }, subscription.seats: { type: decimal } }
prices:
  call: { model: per_unit, quantity: minutes, unit_price: 0.1 }
  seat: { model: per_unit, quantity: subscription.seats, unit_price: 5, anchor: subscription }
rules:
  - { name: call, event: { type: charge, params: { price: call } } }
  - { name: seat, moment: period, event: { type: charge, params: { price: seat } } }
`;
    const { faults } = readStrategy(readSource({ name: 'calls.yaml', text }), []);
    assert.deepEqual(
      faults.map(({ severity, path, message }) => [severity, path, message]),
      [
        [
          'warning',
          'prices.seat.anchor',
          'A quote takes the start of the service for the anchor, and without one the periods of the calendar.',
        ],
      ],
    );
  });
});
