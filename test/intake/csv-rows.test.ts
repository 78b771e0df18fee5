import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openCsv, takeCsv } from '../../src/intake/csv-rows.js';
import { LONGEST_ROW, type Row } from '../../src/intake/row.js';
import { parseCsv } from '../../src/strategy/source/csv.js';

/** The rows of a text that comes in these pieces. */
function rowsOf(...pieces: readonly string[]): readonly Row[] {
  const stream = openCsv();
  return pieces.flatMap((piece, i) => takeCsv(stream, piece, i === pieces.length - 1));
}

const row = (line: number, ...cells: string[]) => ({ line, cells });

describe('intake/csv-rows', () => {
  for (const [what, text, expected] of [
    ['nothing', '', []],
    ['LF', 'a,b\n1,2\n', [row(1, 'a', 'b'), row(2, '1', '2')]],
    ['CRLF', 'a,b\r\n1,2\r\n', [row(1, 'a', 'b'), row(2, '1', '2')]],
    ['CR', 'a,b\r1,2\r', [row(1, 'a', 'b'), row(2, '1', '2')]],
    ['no end of line at the end', 'a,b\n1,2', [row(1, 'a', 'b'), row(2, '1', '2')]],
    ['a byte order mark', '\uFEFFa,b\n1,2', [row(1, 'a', 'b'), row(2, '1', '2')]],
    ['blank lines', '\n \na,b\n\n1,2\n\n', [row(3, 'a', 'b'), row(5, '1', '2')]],
    ['empty cells and blanks in cells', 'a,b\n, 2 \n', [row(1, 'a', 'b'), row(2, '', ' 2 ')]],
    ['quotes', 'a,b\n"1,5","say ""hi"""\n', [row(1, 'a', 'b'), row(2, '1,5', 'say "hi"')]],
    [
      'a line end in a cell',
      'a,b\n"1\r\n2",3\n4,5',
      [row(1, 'a', 'b'), row(2, '1\r\n2', '3'), row(4, '4', '5')],
    ],
  ] as const) {
    it(`reads ${what}`, () => {
      assert.deepEqual(rowsOf(text), expected);
    });
  }

  for (const [what, text, line, about, why, next] of [
    ['a cell too many', 'a,b\n1,2,3\n4,5', 2, 'width', /3 cells, the first one has 2/, row(3, '4', '5')],
    ['a line that was cut', 'a,b\n4,5\n1', 3, 'width', /1 cell, the first one has 2/, undefined],
    [
      'a quote inside a cell',
      'a,b\n1"2,3\n4,5',
      2,
      'quote',
      /a quote stands inside the cell/,
      row(3, '4', '5'),
    ],
    ['text after a quote', 'a,b\n"1"2,3\n4,5', 2, 'quote', /2 follows a closing quote/, row(3, '4', '5')],
    [
      'a quote that is never closed',
      'a,b\n"1,2\n4,5\n',
      2,
      'quote',
      /opened here and never closed/,
      row(3, '4', '5'),
    ],
    ['an unreadable character', 'a,b\n1,\u0000\n4,5', 2, 'character', /U\+0000/, row(3, '4', '5')],
    ['bytes that are no UTF-8', 'a,b\n1,\uFFFD\n4,5', 2, 'character', /U\+FFFD/, row(3, '4', '5')],
  ] as const) {
    it(`tells of ${what} in its place and goes on`, () => {
      const rows = rowsOf(text);
      const bad = rows.find((one) => 'why' in one);
      assert.deepEqual([bad?.line, bad?.about], [line, about]);
      assert.match(bad?.why ?? '', why);
      assert.equal(rows.length, 3);
      if (next !== undefined) assert.deepEqual(rows[2], next);
    });
  }

  it('does not keep a row that never ends', () => {
    const stream = openCsv();
    takeCsv(stream, 'a,b\n', false);
    const told = Array.from({ length: 20 }, () => takeCsv(stream, 'x'.repeat(100_000), false)).flat();
    assert.deepEqual(told, [
      { line: 2, about: 'too_long', why: `the row has more than ${LONGEST_ROW} characters` },
    ]);
    assert.ok(stream.rest.length <= LONGEST_ROW);
    assert.deepEqual(takeCsv(stream, 'x\n1,2\n', true), [row(3, '1', '2')]);
  });

  it('does not wait for a quote for ever', () => {
    const stream = openCsv();
    takeCsv(stream, 'a,b\n"', false);
    const lines = '1,2\n'.repeat(LONGEST_ROW / 4 + 1);
    const rows = takeCsv(stream, lines, false);
    assert.deepEqual(rows[0], {
      line: 2,
      about: 'quote',
      why: 'a quoted cell is opened here and never closed',
    });
    assert.deepEqual(rows[1], row(3, '1', '2'));
  });

  const cell = fc.string({
    unit: fc.constantFrom('a', '1', ' ', ',', '"', '\n', '\r', 'é', '😀'),
    maxLength: 4,
  });
  const plain = cell.map((text) => text.replace(/[",\r\n]/g, ''));
  const quoted = cell.map((text) => `"${text.replaceAll('"', '""')}"`);
  const text = fc
    .array(fc.tuple(fc.oneof(plain, quoted, cell), fc.oneof(plain, quoted)), { maxLength: 8 })
    .chain((rows) =>
      fc.constantFrom('\n', '\r\n', '\r').map((end) => rows.map((cells) => cells.join(',')).join(end)),
    );
  const cuts = fc.array(fc.nat(60), { maxLength: 6 });

  it('gives the same rows, however the text is cut', () => {
    fc.assert(
      fc.property(text, cuts, (whole, at) => {
        const places = [0, ...at.filter((one) => one <= whole.length).sort((a, b) => a - b), whole.length];
        const pieces = places.slice(1).map((end, i) => whole.slice(places[i], end));
        assert.deepEqual(rowsOf(...pieces), rowsOf(whole));
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads as the reader of whole texts does where that finds no fault', () => {
    fc.assert(
      fc.property(text, (whole) => {
        const { rows, faults } = parseCsv(whole);
        if (faults.length === 0) assert.deepEqual(rowsOf(whole), rows);
      }),
      { numRuns: 2_000 },
    );
  });
});
