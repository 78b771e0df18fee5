import assert from 'node:assert/strict';
import { formatSource } from '../../src/strategy/source/format.js';
import { findTies } from '../../src/strategy/ties/ties.js';
import { answerCase } from '../rules/example.js';
import { type GoldenCase, goldenDocuments } from './golden.js';
import { type PublishedRow, readCoverage, summary } from './coverage.js';

const documents = goldenDocuments();

/** Runs a case through the reader, the reference engine and the quote. */
async function assertPasses({ strategy, example }: GoldenCase): Promise<void> {
  assert.ok(strategy, 'the document has faults');
  const { passed, expected, actual } = await answerCase(strategy, example);
  assert.ok(passed, `expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}

describe('golden: published examples', () => {
  for (const { file, strategy, faults, cases } of documents) {
    describe(file.name, () => {
      it('has no fault, no warning and no tie', () => {
        assert.deepEqual(faults, []);
        assert.ok(strategy);
        assert.deepEqual(findTies(strategy), []);
      });

      it('is laid out as fmt does', () => {
        assert.equal(formatSource(file), file.text);
      });

      for (const golden of cases) it(golden.example.name, () => assertPasses(golden));
    });
  }
});

describe('golden: coverage of the published list', () => {
  const rows = readCoverage();
  const known = new Map<string, GoldenCase>();
  for (const { file, cases } of documents)
    for (const golden of cases) known.set(`${file.name}/${golden.example.name}`, golden);

  it('has every row once', () => {
    assert.deepEqual(
      rows.map(({ row }) => row),
      Array.from({ length: 210 }, (_, i) => i + 1),
    );
  });

  for (const row of rows) {
    it(titleOf(row), async () => {
      assert.ok(row.cases.length > 0 || row.reason !== '', 'neither a case nor a reason');
      for (const name of row.cases) {
        const golden = known.get(name);
        assert.ok(golden, `there is no ${name}`);
        assert.equal(golden.source, row.source);
        await assertPasses(golden);
      }
    });
  }

  it('names every case', () => {
    const named = new Set(rows.flatMap(({ cases }) => cases));
    assert.deepEqual(
      [...known.keys()].filter((name) => !named.has(name) && !name.startsWith(OURS)),
      [],
    );
  });

  after(() => {
    console.log(`\n    ${summary(rows)}`);
  });
});

/** Worked out by hand, and of no published list: the formulas that the whole is built for. */
const OURS = 'formulas.yaml/';

function titleOf({ row, model, cases, reason }: PublishedRow): string {
  return `row ${row}, ${model}: ${cases.length > 0 ? cases.join(' and ') : reason}`;
}
