import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { canonicalDocument, contentHash } from '../../src/strategy/canonical.js';
import type { FactType } from '../../src/strategy/strategy.js';
import { sourceOf } from './source-of.js';

const types = new Map<string, FactType>([
  ['tokens', 'decimal'],
  ['seats', 'integer'],
  ['local_hour', 'integer'],
  ['country', 'string'],
  ['size', 'decimal'],
  ['zone', 'string'],
  ['rate', 'decimal'],
  ['description', 'decimal'],
]);

function canonical(text: string, csv = ''): string {
  return canonicalDocument(sourceOf(text), [{ name: 'rows.csv', text: csv }], types);
}

const leaf = (fact: string, value: string) =>
  `rules: [ { name: r, conditions: { all: [ { fact: ${fact}, operator: equal, value: ${value} } ] } } ]`;
const params = (text: string) => `rules: [ { name: r, event: { type: charge, params: { ${text} } } } ]`;
const price = (text: string) => `prices: { p: { ${text} } }`;

describe('strategy/canonical', () => {
  for (const [what, one, other] of [
    ['a price', price('unit_price: 2.50'), price('unit_price: "2.5"')],
    ['an exponent', price('unit_price: 2.5e-6'), price('unit_price: 0.0000025')],
    ['a tier', price('tiers: [ { up_to: 10.0, flat: 1 } ]'), price('tiers: [ { up_to: 10, flat: +1.0 } ]')],
    [
      'a nested number',
      price('free: { quantity: 5.0, per: month }'),
      price('free: { quantity: 5, per: month }'),
    ],
    ['a percentage', params('percent: 20.0'), params('percent: 20')],
    ['a priority', 'rules: [ { priority: 10 } ]', 'rules: [ { priority: "10" } ]'],
    ['a numeric leaf', leaf('tokens', '1.0'), leaf('tokens', '1')],
    ['a numeric list', leaf('seats', '[ 1.0, 2 ]'), leaf('seats', '[ 1, 2.0 ]')],
    ['a built-in fact', leaf('local_hour', '09'), leaf('local_hour', '9')],
    ['a string leaf, quoted or not', leaf('country', 'DE'), leaf('country', '"DE"')],
    ['bounds of a fact', 'facts: { tokens: { min: 0.0 } }', 'facts: { tokens: { min: 0 } }'],
    ['a derivation', 'derive: { d: { sum: [ tokens, 1.0 ] } }', 'derive: { d: { sum: [ tokens, 1 ] } }'],
    [
      'a looked-up number',
      'lookups: { rate: { by: [ zone ], rows: [ [ a, 1.0 ] ] } }',
      'lookups: { rate: { by: [ zone ], rows: [ [ a, 1 ] ] } }',
    ],
    [
      'a bound of a lookup',
      'lookups: { zone: { by: [ size ], rows: [ [ 1.0, a ] ] } }',
      'lookups: { zone: { by: [ size ], rows: [ [ 1, a ] ] } }',
    ],
    ['otherwise', 'lookups: { rate: { otherwise: 1.0 } }', 'lookups: { rate: { otherwise: 1 } }'],
    [
      'a named condition',
      'conditions: { c: { fact: tokens, value: 1.0 } }',
      'conditions: { c: { fact: tokens, value: 1 } }',
    ],
    ['the order of keys', 'strategy: a\nperiod: month', 'period: month\nstrategy: a'],
    [
      'comments and style',
      'prices:\n  p: # a price\n    amount: 1',
      '{ "prices": { "p": { "amount": 1 } } }',
    ],
    ['title and cases', 'strategy: a\ntitle: A\ncases: [ { name: c } ]', 'strategy: a'],
    ['descriptions', `description: a\n${price('description: b, amount: 1')}`, price('amount: 1')],
  ] as const) {
    it(`one meaning, one text: ${what}`, () => {
      assert.equal(canonical(one), canonical(other));
    });
  }

  for (const [what, one, other] of [
    ['a string that looks like a number', leaf('country', '"007"'), leaf('country', '"7"')],
    ['a list of such strings', leaf('country', '[ "1.0" ]'), leaf('country', '[ "1" ]')],
    [
      'values of a string fact',
      'facts: { country: { one_of: [ "007" ] } }',
      'facts: { country: { one_of: [ "7" ] } }',
    ],
    [
      'a prefix',
      'lookups: { rate: { by: [ zone ], rows: [ [ "0049", 1 ] ] } }',
      'lookups: { rate: { by: [ zone ], rows: [ [ "49", 1 ] ] } }',
    ],
    [
      'a looked-up string',
      'lookups: { zone: { by: [ size ], rows: [ [ 1, "01" ] ] } }',
      'lookups: { zone: { by: [ size ], rows: [ [ 1, "1" ] ] } }',
    ],
    ['a label', params('label: "1.0"'), params('label: "1"')],
    ['a line', params('line: "01"'), params('line: "1"')],
    ['the price a rule names', params('price: "01"'), params('price: "1"')],
    ['a counter', price('counter: "01"'), price('counter: "1"')],
    ['the order of rules', 'rules: [ { name: a }, { name: b } ]', 'rules: [ { name: b }, { name: a } ]'],
    ['nothing and an empty text', price('amount:'), price('amount: ""')],
    ['a fact named description', 'facts: { description: { default: 1 } }', 'facts: { }'],
    ['a title elsewhere', 'prices: { title: { amount: 1 } }', 'prices: { }'],
  ] as const) {
    it(`two meanings, two texts: ${what}`, () => {
      assert.notEqual(canonical(one), canonical(other));
    });
  }

  const deck = 'lookups: { rate: { by: [ zone ], rows: rows.csv } }';
  it('a CSV stands in the place of its name, numbers by column', () => {
    const expected = '{"lookups":{"rate":{"by":["zone"],"rows":[["zone","rate"],["0049","1.5"]]}}}';
    assert.equal(canonical(deck, 'zone,rate\n0049,1.50\n'), expected);
    assert.equal(canonical(deck, '\uFEFFzone,rate\r\n\r\n"0049","1.5"'), expected);
  });
  it('a CSV with another row, or another prefix, is another content', () => {
    const texts = ['zone,rate\n0049,1', 'zone,rate\n49,1', 'zone,rate\n0049,1\n1,1', 'rate,zone\n0049,1'];
    assert.equal(new Set(texts.map((csv) => canonical(deck, csv))).size, texts.length);
  });

  it('is the JSON of RFC 8785: keys in order, no space', () => {
    const expected =
      '{"facts":{"country":null},"prices":{"p":{"amount":"1.5","model":"flat"}},"strategy":"a"}';
    assert.equal(
      canonical('strategy: a\nprices: { p: { model: flat, amount: 1.50 } }\nfacts: { country: }'),
      expected,
    );
  });

  it('the hash is SHA-256 of the UTF-8 text', () => {
    assert.equal(contentHash('é'), '4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c');
  });

  it('YAML and JSON, styles, comments and the order of keys give one hash', () => {
    const word = fc.stringMatching(/^[a-z][a-z .:#0-9é-]{0,8}$/);
    const scalar = fc.oneof(word, fc.integer().map(String), fc.constantFrom('007', '1.50', 'true', '0x1'));
    const tree = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        scalar,
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(word, tie('node'), { maxKeys: 4 }),
      ),
    })).node;
    const section = fc.constantFrom('facts', 'prices', 'rules', 'lookups', 'derive', 'conditions', 'other');
    fc.assert(
      fc.property(fc.dictionary(section, tree), (document) => {
        const hash = contentHash(canonical(JSON.stringify(document)));
        for (const yaml of [
          stringify(reversed(document), { defaultStringType: 'QUOTE_DOUBLE', indent: 4 }),
          `# a comment\n${stringify(document, { collectionStyle: 'flow' })}`,
        ]) {
          assert.equal(contentHash(canonical(yaml)), hash);
        }
      }),
    );
  });
});

/** The same tree with every map's keys the other way round. */
function reversed(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(reversed);
  if (typeof tree !== 'object' || tree === null) return tree;
  return Object.fromEntries(
    Object.entries(tree)
      .reverse()
      .map(([key, value]) => [key, reversed(value)]),
  );
}
