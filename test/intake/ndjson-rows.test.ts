import assert from 'node:assert/strict';
import { openNdjson, takeNdjson } from '../../src/intake/ndjson-rows.js';
import { LONGEST_ROW } from '../../src/intake/row.js';

const KEYS = ['account', 'tokens', 'tags'];

function read(...pieces: readonly string[]) {
  const stream = openNdjson(KEYS);
  const rows = pieces.flatMap((piece, i) => takeNdjson(stream, piece, i === pieces.length - 1));
  return { rows, ignored: [...stream.ignored] };
}

describe('intake/ndjson-rows', () => {
  const text =
    '\uFEFF{"tokens":1.50,"account":"a","note":{"x":1}}\r\n\n{"account":7,"tags":["x"],"tokens":null}';
  const rows = [
    { line: 1, cells: ['a', '1.50', undefined] },
    { line: 3, cells: ['7', undefined, ['x']] },
  ];

  it('reads the keys that are asked for, in their order', () => {
    assert.deepEqual(read(text), { rows, ignored: ['note'] });
  });

  it('gives the same rows, however the text is cut', () => {
    for (let at = 1; at < text.length; at++)
      assert.deepEqual(read(text.slice(0, at), text.slice(at)).rows, rows, `cut at ${at}`);
  });

  for (const [what, line, about, why] of [
    ['no object', 'account,tokens', 'json', /no JSON object/],
    ['a line that was cut', '{"account":"a","tok', 'json', /"tok stands where a key/],
    ['an object where a fact belongs', '{"account":"a","tokens":{}}', 'nested', /"tokens" holds an object/],
    ['an unreadable character', '{"account":"\uFFFD"}', 'character', /U\+FFFD/],
  ] as const) {
    it(`tells of ${what} in its place and goes on`, () => {
      const [first, bad, last, ...none] = read(`{"account":"a"}\n${line}\n{"account":"b"}\n`).rows;
      assert.ok(first && 'cells' in first && last && 'cells' in last && none.length === 0);
      assert.ok(bad && 'why' in bad && bad.line === 2);
      assert.equal(bad.about, about);
      assert.match(bad.why, why);
    });
  }

  it('reads keys of objects in the object, and source and id of an event as one', () => {
    const stream = openNdjson(['source id', 'data.units', 'data.where.zone', 'a.b']);
    const line =
      '{"specversion":"1.0","source":"/m","id":"7","data":{"units":1.0,"where":{"zone":"eu"}},"a.b":2,"a":{"b":3}}\n';
    const rows = takeNdjson(stream, `${line}{"id":"8","data":[1]}`, true);
    assert.deepEqual(rows, [
      { line: 1, cells: ['/m 7', '1.0', 'eu', '2'] },
      { line: 2, cells: [undefined, undefined, undefined, undefined] },
    ]);
    assert.deepEqual([...stream.ignored], ['specversion']);
  });

  it('does not keep a line that never ends', () => {
    const stream = openNdjson(KEYS);
    const told = Array.from({ length: 20 }, () => takeNdjson(stream, '{'.repeat(100_000), false)).flat();
    assert.deepEqual(told, [
      { line: 1, about: 'too_long', why: `the row has more than ${LONGEST_ROW} characters` },
    ]);
    assert.deepEqual(takeNdjson(stream, '\n{"account":"a"}\n', true), [
      { line: 2, cells: ['a', undefined, undefined] },
    ]);
  });
});
