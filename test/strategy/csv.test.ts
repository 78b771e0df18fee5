import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseCsv } from '../../src/strategy/source/csv.js';
import { findUnreadable } from '../../src/strategy/source/unreadable.js';

const cells = (text: string) => parseCsv(text).rows.map((row) => row.cells);
const lines = (text: string) => parseCsv(text).rows.map((row) => row.line);

describe('strategy/csv', () => {
  for (const [what, text, expected] of [
    ['nothing', '', []],
    ['one cell', 'a', [['a']]],
    [
      'LF',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'CRLF',
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'CR',
      'a,b\r1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a byte order mark',
      '\uFEFFa,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'no end of line at the end',
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['blank lines', '\n\na\n  \n\n1\n\n', [['a'], ['1']]],
    [
      'empty cells',
      'a,,c\n,,\n',
      [
        ['a', '', 'c'],
        ['', '', ''],
      ],
    ],
    ['an empty quoted cell is no blank line', 'a\n""\n', [['a'], ['']]],
    ['spaces belong to the cell', ' a , b ', [[' a ', ' b ']]],
    ['quotes', '"a","b,c"\n', [['a', 'b,c']]],
    ['a doubled quote', '"say ""hi""",x', [['say "hi"', 'x']]],
    ['a cell over two lines', '"a\r\nb",c', [['a\r\nb', 'c']]],
    ['leading zeros stay', '0049,007', [['0049', '007']]],
  ] as const) {
    it(`reads ${what}`, () => {
      assert.deepEqual(cells(text), expected);
      assert.deepEqual(parseCsv(text).faults, []);
    });
  }

  it('a row has the line on which it starts', () => {
    assert.deepEqual(lines('h,i\n\n"a\nb\r\nc",d\ne,f'), [1, 3, 6]);
  });

  for (const [what, text, line, kind, message] of [
    ['a short row', 'a,b\n1\n2,3', 2, 'width', 'the row has 1 cell, the first one has 2'],
    ['a long row', 'a,b\n\n1,2,3', 3, 'width', 'the row has 3 cells, the first one has 2'],
    [
      'a quote that is never closed',
      'a,b\n1,"2\n3,4',
      2,
      'quote',
      'a quoted cell is opened here and never closed',
    ],
    [
      'text after a quote',
      'a\n"1"x\n2',
      2,
      'quote',
      'x follows a closing quote; a comma or the end of the line belongs there',
    ],
    [
      'a quote inside',
      'a\n5"\n2',
      2,
      'quote',
      'a quote stands inside the cell 5"; quote the whole cell and double the quote',
    ],
    [
      'bytes of another encoding',
      'a\nZ\uFFFDrich',
      2,
      'character',
      'a cell has the character U+FFFD; the file is plain text in UTF-8',
    ],
    [
      'a NUL',
      'a\nb\n1\0',
      3,
      'character',
      'a cell has the character U+0000; the file is plain text in UTF-8',
    ],
    ['a long cell', `a\n${'x'.repeat(1001)}`, 2, 'too_long', 'a cell has 1001 characters, the most is 1000'],
  ] as const) {
    it(`tells ${what} with its line`, () => {
      assert.deepEqual(parseCsv(text).faults, [{ kind, line, message }]);
    });
  }

  it('tells every fault of a file and keeps the good rows', () => {
    const csv = parseCsv('a,b\n1\n2,3\n4,5,6\n');
    assert.deepEqual(
      csv.faults.map((fault) => fault.line),
      [2, 4],
    );
    assert.deepEqual(
      csv.rows.map((row) => row.cells),
      [
        ['a', 'b'],
        ['2', '3'],
      ],
    );
  });

  it('stops after 100 faults', () => {
    const { faults } = parseCsv('a,b\n' + 'x\n'.repeat(500));
    assert.equal(faults.length, 101);
    assert.equal(faults.at(-1)?.message, 'the file has 100 faults up to here; the rest was not read');
  });

  it('takes 200,000 rows and not one more', () => {
    assert.deepEqual(parseCsv('x,y\n'.repeat(200_000)).faults, []);
    const over = parseCsv('x,y\n'.repeat(200_002));
    assert.equal(over.rows.length, 200_000);
    assert.deepEqual(over.faults, [
      {
        kind: 'too_long',
        line: 200_001,
        message: 'the file has more than 200000 rows; the rest was not read',
      },
    ]);
  });

  it('reads back whatever is written with quotes', () => {
    const cell = fc.string({ unit: 'grapheme' }).filter((text) => findUnreadable(text) === undefined);
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width })));
    const write = (rows: string[][]) =>
      rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(',') + '\r\n').join('');
    fc.assert(
      fc.property(table, (rows) => {
        assert.deepEqual(cells(write(rows)), rows);
      }),
    );
  });
});
