import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type JsonValue, parseJsonLine, parseJsonList } from '../../src/intake/json-line.js';

const text = (value: string): JsonValue => ({ kind: 'text', text: value });

describe('intake/json-line', () => {
  for (const [what, line, expected] of [
    ['nothing', '{}', {}],
    ['texts', '{"a":"x y","b":""}', { a: text('x y'), b: text('') }],
    [
      'blanks',
      ' { "a" : 1 , "b" : [ 1 , "2" ] } \r',
      { a: text('1'), b: { kind: 'list', texts: ['1', '2'] } },
    ],
    ['escapes', String.raw`{"a\n":"\u00e9\"\\\/\t"}`, { 'a\n': text('é"\\/\t') }],
    [
      'true, false and null',
      '{"a":true,"b":false,"c":null}',
      { a: text('true'), b: text('false'), c: { kind: 'null' } },
    ],
    ['an empty list', '{"a":[]}', { a: { kind: 'list', texts: [] } }],
    [
      'what is nested',
      '{"a":{"b":[{}]},"c":[[1]],"d":[null]}',
      {
        a: { kind: 'object', entries: new Map([['b', { kind: 'nested' }]]) },
        c: { kind: 'nested' },
        d: { kind: 'nested' },
      },
    ],
    [
      'a key that a map has of its own',
      '{"__proto__":1}',
      JSON.parse('{"__proto__":{"kind":"text","text":"1"}}'),
    ],
  ] as const) {
    it(`reads ${what}`, () => {
      const read = parseJsonLine(line);
      assert.ok(read.ok, JSON.stringify(read));
      assert.deepEqual([...read.value], Object.entries(expected as object));
    });
  }

  for (const number of ['0', '-0.10', '12345678901234567.123', '1e-7', '1E+2', '0.1'])
    it(`keeps the digits of ${number}`, () => {
      const read = parseJsonLine(`{"n":${number}}`);
      assert.deepEqual(read.ok && read.value.get('n'), text(number));
    });

  for (const [line, why] of [
    ['', /nothing is no JSON object/],
    ['[1]', /\[1\] is no JSON object/],
    ['{"a":1', /the line ends where a comma or a brace belongs/],
    ['{"a":1} {', /\{ follows the object/],
    ['{"a":}', /\} stands where a value belongs/],
    ['{"a" 1}', /1\} stands where a colon belongs/],
    ['{a:1}', /a:1\} stands where a key in double quotes belongs/],
    ['{"a":01}', /1\} stands where a comma or a brace belongs/],
    ['{"a":.5}', /stands where a value belongs/],
    ['{"a":NaN}', /stands where a value belongs/],
    ['{"a":1,}', /stands where a key in double quotes belongs/],
    ['{"a":[1,]}', /stands where a value belongs/],
    ['{"a":"x', /"x stands where a text belongs/],
    [String.raw`{"a":"\x"}`, /has an escape that JSON does not know/],
    [String.raw`{"a":"\ud800"}`, /escaped character U\+D800/],
    ['{"a":1,"a":1}', /the key "a" stands twice/],
    [`{"a":${'['.repeat(100_000)}`, /nothing nested so deep belongs/],
  ] as const) {
    it(`refuses ${line.slice(0, 30) || 'an empty line'}: ${why.source}`, () => {
      const read = parseJsonLine(line);
      assert.ok(!read.ok);
      assert.match(read.why, why);
    });
  }

  it('reads what JSON writes', () => {
    const scalar = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(scalar, fc.array(scalar))), (object) => {
        const written = JSON.stringify(object);
        const read = parseJsonLine(written);
        if (!read.ok) assert.match(written, /\\u|[\x7F\uFFFD]/, read.why);
        else
          assert.deepEqual(
            [...read.value],
            Object.entries(JSON.parse(written) as object).map(([key, value]: [string, unknown]) => [
              key,
              Array.isArray(value) ? { kind: 'list', texts: value.map(textOf) } : text(textOf(value)),
            ]),
          );
      }),
    );
  });

  it('reads a list and nothing else', () => {
    assert.deepEqual(parseJsonList(' ["a", 1.0] '), ['a', '1.0']);
    for (const other of ['', 'a', '{}', '["a"', '["a"] x', '[["a"]]'])
      assert.equal(parseJsonList(other), undefined);
  });
});

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
