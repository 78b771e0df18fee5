import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readCases } from '../../src/analysis/read-cases.js';
import { readStrategy } from '../../src/strategy/read/read-strategy.js';
import { readSource } from '../../src/strategy/source/read-source.js';

const first = (text: string, name = 'test.yaml') => {
  const { faults, strategy } = readStrategy(readSource({ name, text }), []);
  assert.equal(strategy, undefined);
  const [fault] = faults;
  return fault && `${fault.line}:${fault.column} ${fault.message}`;
};

const HEAD = 'strategy: test\ncurrency: USD\ntime_zone: UTC\n';

const yaml: readonly (readonly [title: string, text: string, expected: string])[] = [
  ['an empty file', '', '1:1 The file is empty; a strategy document was expected.'],
  ['comments only', '# later\n', '1:1 The file has comments only; a strategy was expected.'],
  ['a scalar', 'hello', '1:1 `hello` stands here; a strategy is a map that starts with `strategy:`.'],
  ['a list', '- a\n', '1:1 A list stands here; a strategy is a map that starts with `strategy:`.'],
  ['a NUL byte', 'a\0b', '1:2 The character U+0000 stands here; a strategy is plain text in UTF-8.'],
  ['bad UTF-8', 'a: \uFFFD', '1:4 The character U+FFFD stands here; a strategy is plain text in UTF-8.'],
  ['a tab', 'strategy: x\n\tcurrency: y\n', '2:1 A tab stands where YAML indents with spaces.'],
  ['an open quote', 'a: b\nc: "x\nd: y\n', '2:4 A quote is opened here and never closed.'],
  ['an open single quote', "a: 'it''s\nb: y\n", '1:4 A quote is opened here and never closed.'],
  ['two documents', 'a: 1\n---\nb: 2\n', '2:1 A second document starts here; a file holds one strategy.'],
  ['an alias', `a: &x 1\nb: *x\n`, '1:1 `a` is no key of a strategy.'],
  ['deep lists', '['.repeat(100_000), '1:66 Lists and maps are nested more than 64 levels deep here.'],
  ['deep blocks', '- '.repeat(100_000), '1:131 Lists and maps are nested more than 64 levels deep here.'],
  ['a huge text', 'x'.repeat(5_000_000), '1:1 The file has 5000000 characters; at most 4194304 are read.'],
];

const json: readonly (readonly [title: string, text: string, expected: string])[] = [
  ['a comment', '{"a": 1 // x\n}', '1:9 JSON has no comments.'],
  ['a trailing comma', '{"a": 1,}', '1:9 A key in double quotes was expected here.'],
  ['an open text', '{"a": "x\n}', '1:7 A text is opened here and never closed on its line.'],
  ['NaN', '{"a": NaN}', '1:7 This is not JSON; a text stands in double quotes.'],
  ['deep lists', '['.repeat(100_000), '1:65 Lists and maps are nested more than 64 levels deep here.'],
  ['a missing brace', '{"a": 1', '1:8 A closing } was expected here.'],
];

describe('hostile input', () => {
  for (const [title, text, expected] of yaml) {
    it(`YAML: ${title}`, () => {
      assert.equal(first(text), expected);
    });
  }
  for (const [title, text, expected] of json) {
    it(`JSON: ${title}`, () => {
      assert.equal(first(text, 'test.json'), expected);
    });
  }

  const messages = (text: string, name = 'test.yaml') =>
    readStrategy(readSource({ name, text }), []).faults.map(
      ({ line, column, message }) => `${line}:${column} ${message}`,
    );

  it('refuses aliases without following them', () => {
    const levels = Array.from({ length: 40 }, (_, i) => `b${i + 1}: &b${i + 1} [*b${i}, *b${i}, *b${i}]\n`);
    const found = messages(`b0: &b0 x\n${levels.join('')}`);
    assert.ok(found.includes('2:10 The alias `*b0` stands here; a strategy spells values out.'));
  });

  it('refuses tags', () => {
    const found = messages('strategy: !!js/function x\n');
    assert.ok(found.some((message) => message.startsWith('1:')));
    assert.ok(messages('strategy: !!str x\n').some((message) => message.includes('The tag `tag:yaml.org')));
  });

  it('refuses merge keys', () => {
    assert.ok(
      messages('<<: { a: 1 }\n').includes(
        '1:1 The merge key `<<` stands here; a strategy spells values out.',
      ),
    );
  });

  for (const [text, name, expected] of [
    [
      'title: "\\ud800"',
      'a.yaml',
      '1:8 The escaped character U+D800 stands here; write the text without it.',
    ],
    ['title: "\\0"', 'a.yaml', '1:8 The escaped character U+0000 stands here; write the text without it.'],
    ['"\\udc00": 1', 'a.yaml', '1:1 The escaped character U+DC00 stands here; write the text without it.'],
    ['["\\udfff"]', 'a.json', '1:2 The escaped character U+DFFF stands here; write the text without it.'],
  ] as const) {
    it(`refuses the escape in ${text}`, () => {
      assert.ok(messages(text, name).includes(expected));
    });
  }

  it('reports a key twice in JSON too', () => {
    assert.ok(
      messages('{"title": "a", "title": "b"}', 'a.json').includes(
        '1:16 The key `title` is here a second time.',
      ),
    );
  });

  it('leaves Object.prototype alone', () => {
    const text = '{"__proto__": {"polluted": 1}, "facts": {"__proto__": {"type": "string", "polluted": 1}}}';
    assert.ok(messages(text, 'a.json').includes('1:2 `__proto__` is no key of a strategy.'));
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
  });

  it('stops naming conditions that double with each level', () => {
    const named = Array.from(
      { length: 12 },
      (_, i) => `  c${i + 1}: { any: [ { condition: c${i} }, { condition: c${i} } ] }\n`,
    );
    const text =
      `${HEAD}facts: { n: { type: decimal } }\nprices: { p: { model: per_unit, quantity: n, unit_price: 1 } }\n` +
      `conditions:\n  c0: { all: [ { fact: n, operator: equal, value: 1 } ] }\n${named.join('')}` +
      'rules: [ { name: r, conditions: { condition: c12 }, event: { type: charge, params: { price: p } } } ]\n';
    assert.deepEqual(messages(text), [
      '20:33 A rule compares at most 500 times; this one does so more often.',
    ]);
  });

  it('lists 500 faults and says that there are more', () => {
    const rules = Array.from({ length: 2000 }, (_, i) => `  - { name: r${i} }\n`).join('');
    const found = messages(`${HEAD}rules:\n${rules}`);
    assert.equal(found.length, 501);
    assert.match(found.at(-1) ?? '', /There are more faults than these/);
  });

  it('lists 500 faults of a table too', () => {
    const document = `${HEAD}facts: { k: { type: string } }\nlookups: { z: { by: [k], type: string, rows: z.csv } }\n`;
    const table = { name: 'z.csv', text: `k,z\n${'a,b\n'.repeat(100_000)}` };
    const { faults } = readStrategy(readSource({ name: 'test.yaml', text: document }), [table]);
    assert.equal(faults.length, 501);
  });

  it('finishes soon with a list of wrong things on one line', function () {
    this.timeout(10_000);
    const source = readSource({ name: 'cases.json', text: `[${'1,'.repeat(200_000)}1]` });
    assert.equal(readCases(source).faults.length, 501);
  });

  it('finishes soon with a map of wrong things', function () {
    this.timeout(10_000);
    const prices = Array.from({ length: 100_000 }, (_, i) => `"p${i}":{}`).join();
    const text = `{"strategy": "big", "currency": "USD", "time_zone": "UTC", "prices": {${prices}}}`;
    assert.equal(messages(text, 'a.json').length, 501);
  });

  it('refuses 10,001 rules', () => {
    const rule = '{"name": "r", "event": {"type": "reject", "params": {"code": "A", "message": "b"}}}';
    const text = `{"strategy": "big", "currency": "USD", "time_zone": "UTC", "rules": [${Array(10_001).fill(rule).join()}]}`;
    assert.ok(
      messages(text, 'a.json').some((message) =>
        message.endsWith('There are 10001 rules; at most 10000 are read.'),
      ),
    );
  });

  it('never throws, whatever the text', () => {
    const word = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '-',
      '[',
      ']',
      '{',
      '}',
      ',',
      '"',
      "'",
      '#',
      '&x',
      '*x',
      '!t',
      '|',
      '>',
      '?',
      '%',
      '\t',
      '1',
      '---',
      '<<',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), fc.constantFrom('a.yaml', 'a.json'), (words, name) => {
        const { strategy, faults } = readStrategy(readSource({ name, text: words.join('') }), []);
        assert.ok(strategy === undefined && faults.length > 0);
        for (const { line, column, width } of faults) assert.ok(line >= 1 && column >= 1 && width >= 1);
      }),
      { numRuns: 3000 },
    );
  });

  it('never throws, whatever stands in a section', () => {
    const sections = ['facts', 'lookups', 'derive', 'conditions', 'prices', 'rules', 'cases'] as const;
    const keys = fc.constantFrom(
      'n',
      'type',
      'model',
      'all',
      'fact',
      'tiers',
      'event',
      'params',
      'by',
      'rows',
      '__proto__',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom('n', 'per_unit', 'decimal', '1', '-1', null, true, 7, 1e300),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(keys, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(fc.constantFrom(...sections), tree, (section, value) => {
        const text = JSON.stringify({
          strategy: 'test',
          currency: 'USD',
          time_zone: 'UTC',
          [section]: value,
        });
        const { faults } = readStrategy(readSource({ name: 'a.json', text }), []);
        assert.ok(faults.length > 0);
      }),
      { numRuns: 2000 },
    );
  });
});
