import assert from 'node:assert/strict';
import type { Fault } from '../../src/strategy/fault.js';
import { renderFault, renderFaults } from '../../src/strategy/source/render-fault.js';

const fault: Fault = {
  severity: 'error',
  file: 'llm.yaml',
  line: 2,
  column: 8,
  width: 5,
  path: 'rules[0].price',
  message: 'there is no price "imput"',
  hint: 'did you mean "input"?',
};
const text = 'rules:\nprice: imput # why\n';

/** The source line and the line of carets, without the gutter. */
function marked(at: Partial<Fault>, source: string): string[] {
  const lines = renderFault({ ...fault, line: 1, ...at }, source, false).split('\n');
  return lines.slice(3, 5).map((line) => line.slice(4));
}

describe('strategy/render-fault', () => {
  it('shows what, where, the line and what to do', () => {
    const expected = [
      'error: there is no price "imput"',
      ' --> llm.yaml:2:8',
      '  |',
      '2 | price: imput # why',
      '  |        ^^^^^',
      '  = help: did you mean "input"?',
      '',
    ];
    assert.deepEqual(renderFault(fault, text, false).split('\n'), expected);
  });

  it('the gutter is as wide as the number of the line', () => {
    const lines = renderFault({ ...fault, line: 100 }, '\n'.repeat(99) + 'price: imput', false).split('\n');
    assert.deepEqual(lines.slice(1, 5), [
      '   --> llm.yaml:100:8',
      '    |',
      '100 | price: imput',
      '    |        ^^^^^',
    ]);
  });

  for (const [what, at, source, shown, carets] of [
    ['one character', { column: 1, width: 1 }, 'ab', 'ab', '^'],
    ['a mark that runs past the line ends with it', { column: 2, width: 99 }, 'abc', 'abc', ' ^^'],
    ['a place just past the line', { column: 4, width: 1 }, 'abc', 'abc', '   ^'],
    ['a place far past the line', { column: 90, width: 3 }, 'abc', 'abc', '   ^'],
    ['a tab is four columns', { column: 2, width: 2 }, '\tab', '    ab', '    ^^'],
    ['a tab that is marked', { column: 1, width: 1 }, '\tab', '    ab', '^^^^'],
    ['an escape sequence', { column: 2, width: 1 }, '\u001bx', '\\u001bx', '      ^'],
    ['a text direction', { column: 1, width: 1 }, '\u202ex', '\\u202ex', '^^^^^^'],
    ['CRLF', { column: 1, width: 9 }, 'ab\r\ncd', 'ab', '^^'],
  ] as const) {
    it(`marks ${what}`, () => {
      assert.deepEqual(marked(at, source), [shown, carets]);
    });
  }

  it('a line of 100 columns is shown whole', () => {
    assert.deepEqual(marked({ column: 100, width: 1 }, 'x'.repeat(100)), [
      'x'.repeat(100),
      ' '.repeat(99) + '^',
    ]);
  });

  for (const [what, column, width] of [
    ['the start', 1, 3],
    ['the middle', 5_000, 3],
    ['the end', 9_998, 3],
    ['more than fits', 5_000, 3_000],
  ] as const) {
    it(`shows 100 columns of a wide line around ${what}`, () => {
      const source = Array.from({ length: 10_000 }, (_, i) => String.fromCharCode(97 + (i % 26))).join('');
      const [shown = '', carets = ''] = marked({ column, width }, source);
      const start = carets.indexOf('^');
      assert.equal(shown.replaceAll('…', '').length, 100);
      assert.ok(carets.length <= shown.length);
      assert.ok(source.startsWith(shown.slice(start, carets.length), column - 1));
      assert.equal(shown.startsWith('…'), column > 1);
      assert.equal(shown.endsWith('…'), column < 9_998);
    });
  }

  for (const missing of ['', 'only one line']) {
    it(`without the line (${missing}) the rest is told`, () => {
      const expected =
        'error: there is no price "imput"\n --> llm.yaml:2:8\n  = help: did you mean "input"?\n';
      assert.equal(renderFault(fault, missing, false), expected);
    });
  }

  it('no hint, no help', () => {
    assert.ok(!renderFault({ ...fault, hint: '' }, text, false).includes('help'));
  });

  it('control characters in the message do not reach the terminal', () => {
    assert.match(
      renderFault({ ...fault, message: 'x\u001b[2J\ny' }, '', false),
      /^error: x\\u001b\[2J\\u000ay\n/,
    );
  });

  it('color adds escapes and nothing else', () => {
    const colored = renderFault(fault, text, true);
    assert.match(colored, /\u001b\[1;31merror/);
    assert.equal(colored.replaceAll(/\u001b\[[0-9;]*m/g, ''), renderFault(fault, text, false));
  });

  const warning: Fault = { ...fault, severity: 'warning' };
  for (const [what, faults, summary] of [
    ['one error', [fault], '1 error in llm.yaml'],
    ['both', [fault, warning, fault], '2 errors, 1 warning in llm.yaml'],
    ['warnings', [warning, warning], '2 warnings in llm.yaml'],
    ['two files', [fault, { ...fault, file: 'rows.csv' }], '2 errors in llm.yaml, rows.csv'],
  ] as const) {
    it(`sums up ${what}`, () => {
      const rendered = renderFaults(faults, new Map([['llm.yaml', text]]), false);
      assert.equal(rendered.trimEnd().split('\n').at(-1), summary);
      assert.equal(rendered.split('-->').length - 1, faults.length);
    });
  }

  it('shows each fault in the text of its own file', () => {
    const texts = new Map([
      ['llm.yaml', text],
      ['rows.csv', 'a,b\n1,2,3,4,5'],
    ]);
    const rendered = renderFaults([fault, { ...fault, file: 'rows.csv' }], texts, false);
    assert.match(rendered, /2 \| price: imput/);
    assert.match(rendered, /2 \| 1,2,3,4,5/);
  });

  it('nothing wrong, nothing said', () => {
    assert.equal(renderFaults([], new Map(), false), '');
  });

  it('shows many faults of a long line soon', function () {
    this.timeout(5_000);
    const at = {
      severity: 'error',
      file: 'a.json',
      line: 1,
      width: 1,
      path: '',
      message: 'No.',
      hint: '',
    } as const;
    const faults = Array.from({ length: 500 }, (_, i) => ({ ...at, column: 2 * i + 2 }));
    const text = renderFaults(faults, new Map([['a.json', `[${'1,'.repeat(1_000_000)}1]`]]), false);
    assert.match(text, /500 errors in a\.json\n$/);
  });
});
