import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Lexer, stringify } from 'yaml';
import { canonicalDocument } from '../../src/strategy/canonical.js';
import { openDocument } from '../../src/strategy/document.js';
import { readSource } from '../../src/strategy/source/read-source.js';
import { formatSource } from '../../src/strategy/source/format.js';
import { sourceOf } from './source-of.js';
import { findUnreadable } from '../../src/strategy/source/unreadable.js';

const yaml = (text: string) => formatSource({ name: 'test.yaml', text });
const json = (text: string) => formatSource({ name: 'test.json', text });
const meaning = (text: string) => canonicalDocument(sourceOf(text), [], new Map());
const wide = 'x'.repeat(60);

const comments = (text: string) =>
  [...new Lexer().lex(text)].filter((token) => token.startsWith('#')).map((comment) => comment.trim());

const document = `# Our prices
rules: # who pays what
  # the only rule
  - name: input
    conditions: { all: [ {fact: tokens,operator: greaterThan,value: 0},
                         {fact: local_hour, operator: lessThan, value: 18 } ] }   # by day
    event: {type: charge, params: {line: input, price: input}}

  # to be gone in May
  - { name: new users, event: { type: discount, params: { percent: 20 } } }
strategy:   llm-api       # an id
title: "LLM: \\u00e9"
prices: {input: {model: per_unit, quantity: tokens, unit_price: 2.50,
    per: 1e6 }}
facts:
    tokens: { type: decimal, min: 0, # never below
              billable: true }
# the end
`;

const laidOut = `strategy: llm-api # an id
title: "LLM: \\u00e9"

facts:
  tokens:
    type: decimal
    min: 0 # never below
    billable: true

prices: { input: { model: per_unit, quantity: tokens, unit_price: 2.50, per: 1e6 } }

# Our prices
rules:
  # who pays what
  # the only rule
  - name: input
    conditions:
      all: [ { fact: tokens, operator: greaterThan, value: 0 }, { fact: local_hour, operator: lessThan, value: 18 } ]
      # by day
    event: { type: charge, params: { line: input, price: input } }

  # to be gone in May
  - { name: new users, event: { type: discount, params: { percent: 20 } } }

# the end
`;

describe('strategy/format', () => {
  it('lays a document out', () => {
    assert.equal(yaml(document), laidOut);
  });

  it('a formatted strategy has the hash of the one it was', () => {
    const text = readFileSync('test/strategy/examples/llm-api.yaml', 'utf8');
    const hashOf = (source: string) => {
      const { document } = openDocument(readSource({ name: 'llm-api.yaml', text: source }), []);
      assert.ok(document !== undefined);
      return document.contentHash;
    };
    assert.notEqual(yaml(text), text);
    assert.equal(hashOf(yaml(text)), hashOf(text));
  });

  for (const text of [
    'n: 1.10\n',
    'n: 1e3\n',
    'n: 0x1F\n',
    'n: 9007199254740993.000000000000000001\n',
    'n: 007\n',
    'n: "1.10"\n',
    "n: 'it''s'\n",
    'n: "\\u00e9\\t"\n',
    'n: 2026-01-05T12:00:00+08:00\n',
    'n: yes\n',
    'n: ~\n',
    'n:\n',
    'n: null\n',
    '"quoted key": x\n',
    'n: {}\n',
    'n: []\n',
    'n: |\n  one\n   two\n\n\n  three\n',
    'n: { a:, b: "1.0" }\n',
    'n: { a b, c: 1 }\n',
    'n: { a, b }\n',
    'facts:\n  # --- tokens ---\n\n  a: 1\n',
  ]) {
    it(`leaves as it is: ${JSON.stringify(text)}`, () => {
      assert.equal(yaml(text), text);
    });
  }

  for (const [what, text, expected] of [
    ['what fits takes one line', 'n: { a: 1,\n  b: [\n  2]}', 'n: { a: 1, b: [ 2 ] }\n'],
    [
      '120 columns fit',
      `n: { a: ${wide}, b: ${'y'.repeat(45)} }`,
      `n: { a: ${wide}, b: ${'y'.repeat(45)} }\n`,
    ],
    ['121 do not', `n: { a: ${wide}, b: ${'y'.repeat(46)} }`, `n:\n  a: ${wide}\n  b: ${'y'.repeat(46)}\n`],
    [
      'only what is too wide is broken',
      `n: [ { a: ${wide} }, { b: ${wide} } ]`,
      `n:\n  - { a: ${wide} }\n  - { b: ${wide} }\n`,
    ],
    ['lines stay lines', 'n:\n    a: 1\n    b: 2', 'n:\n  a: 1\n  b: 2\n'],
    ['lists are indented', 'n:\n- 1\n- 2', 'n:\n  - 1\n  - 2\n'],
    [
      'sections stand apart',
      'facts: { a: 1 }\nrules: [ ]\nperiod: day',
      'period: day\n\nfacts: { a: 1 }\n\nrules: []\n',
    ],
    ['unknown keys come last, in their order', 'z: 1\na: 2\nstrategy: x', 'strategy: x\nz: 1\na: 2\n'],
    ['several blank lines are one', 'a: 1\n\n\n\nb: 2', 'a: 1\n\nb: 2\n'],
    ['a byte order mark', '\uFEFFa:   1', 'a: 1\n'],
    ['CRLF', 'a: 1\r\nb: { c: 2 }\r\n', 'a: 1\n\nb: { c: 2 }\n'],
    ['a text over lines is folded anew', 'n: one\n  two', 'n: one two\n'],
  ] as const) {
    it(what, () => {
      assert.equal(yaml(text), expected);
    });
  }

  for (const text of ['', 'a: [ 1', 'a: 1\n  b: 2', '- 1\n-   2', 'just   text', '# nothing\n']) {
    it(`a text that is no document comes back as it is: ${JSON.stringify(text)}`, () => {
      assert.equal(yaml(text), text);
    });
  }

  it('a text too deep to be a document comes back as it is', () => {
    const deep = '[ '.repeat(50_000) + ']'.repeat(50_000);
    assert.equal(yaml(`n: ${deep}`), `n: ${deep}`);
    assert.equal(json(`{"n":${deep}}`), `{"n":${deep}}`);
  });

  it('keeps every comment and the meaning, wherever comments stand, and is done after one pass', () => {
    const lines = document.split('\n');
    const note = fc.record({
      line: fc.nat(lines.length - 1),
      indent: fc.nat(8),
      blank: fc.boolean(),
    });
    const disturb = (notes: { line: number; indent: number; blank: boolean }[]) =>
      lines
        .map((line, i) => {
          const above = notes.filter((at) => at.line === i);
          return (
            above
              .map((at, k) => ' '.repeat(at.indent) + `# note ${i}.${k}\n` + (at.blank ? '\n' : ''))
              .join('') + line
          );
        })
        .join('\n');
    fc.assert(
      fc.property(fc.array(note, { maxLength: 8 }).map(disturb), (text) => {
        const formatted = yaml(text);
        assert.deepEqual(comments(formatted).sort(), comments(text).sort());
        assert.equal(meaning(formatted), meaning(text));
        assert.equal(yaml(formatted), formatted);
      }),
    );
  });

  const scalar = fc.oneof(
    fc.string({ unit: 'grapheme' }).filter((text) => findUnreadable(text) === undefined),
    fc.constantFrom('007', '1.50', 'true', 'a: b', '#c', ' x '),
  );
  const tree = fc.letrec<{ map: object; node: unknown }>((tie) => ({
    map: fc.dictionary(fc.stringMatching(/^[a-z][a-z .#:-]{0,5}$/), tie('node'), { maxKeys: 4 }),
    node: fc.oneof({ maxDepth: 4 }, scalar, fc.array(tie('node'), { maxLength: 4 }), tie('map')),
  })).map;

  it('keeps the meaning of any tree in any style, and is done after one pass', () => {
    const style = fc.record({
      collectionStyle: fc.constantFrom('any', 'block', 'flow'),
      defaultStringType: fc.constantFrom(
        'PLAIN',
        'QUOTE_DOUBLE',
        'QUOTE_SINGLE',
        'BLOCK_LITERAL',
        'BLOCK_FOLDED',
      ),
      lineWidth: fc.constantFrom(20, 80),
    });
    fc.assert(
      fc.property(tree, style, (content, options) => {
        const text = stringify(content, { ...options, defaultKeyType: 'QUOTE_DOUBLE' });
        const formatted = yaml(text);
        assert.equal(meaning(formatted), meaning(text));
        assert.equal(yaml(formatted), formatted);
      }),
    );
  });

  for (const [what, text, expected] of [
    [
      'order, indent, numbers as written',
      '{"rules":[],"strategy":"a","n":1.10}',
      '{\n  "strategy": "a",\n  "rules": [],\n  "n": 1.10\n}\n',
    ],
    ['one line that fits', '{"n":{"a":[1e3,{}]}}', '{\n  "n": { "a": [1e3, {}] }\n}\n'],
    ['lines stay lines', '{"n":{\n"a":1}}', '{\n  "n": {\n    "a": 1\n  }\n}\n'],
    [
      'one line that does not fit',
      `{"n":["${wide}",["${wide}"]]}`,
      `{\n  "n": [\n    "${wide}",\n    ["${wide}"]\n  ]\n}\n`,
    ],
    ['a byte order mark', '\uFEFF{"n":1}', '{\n  "n": 1\n}\n'],
    ['escapes', '{ "n": "\\u00e9\\/" }', '{\n  "n": "\\u00e9\\/"\n}\n'],
  ] as const) {
    it(`JSON: ${what}`, () => {
      assert.equal(json(text), expected);
    });
  }

  for (const text of ['', '{"a":1', '{"a":1,}', '{ "a": 1 } // why', '{a: 1}']) {
    it(`JSON: a text with faults comes back as it is: ${text}`, () => {
      assert.equal(json(text), text);
    });
  }

  it('JSON: keeps the meaning of any tree, and is done after one pass', () => {
    fc.assert(
      fc.property(tree, fc.constantFrom(0, 1, 4), (content, indent) => {
        const text = JSON.stringify(content, null, indent);
        assert.deepEqual(JSON.parse(json(text)), JSON.parse(text));
        assert.equal(json(json(text)), json(text));
      }),
    );
  });
});
