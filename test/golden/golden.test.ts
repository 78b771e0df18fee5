import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { formatSource } from '../../src/strategy/source/format.js';
import { findTies } from '../../src/strategy/ties/ties.js';
import { answerCase, readExample } from '../rules/example.js';
import { goldenFile, goldenNames, readCoverage, summary } from './golden.js';

const rows = readCoverage();

describe('golden cases from published examples', () => {
  /** Source of every case that passed, by `file/case`. */
  const passed = new Map<string, string>();

  for (const name of goldenNames) {
    describe(name, () => {
      const file = goldenFile(name);
      const { strategy, cases, faults } = readExample(file);
      const described = parse(file.text) as { cases: { name: string; description: string }[] };
      const sources = new Map(described.cases.map((published) => [published.name, published.description]));

      it('has no fault, no warning and no tie', () => {
        assert.deepEqual(faults, []);
        assert.ok(strategy);
        assert.deepEqual(findTies(strategy), []);
      });

      it('is laid out as fmt does', () => {
        assert.equal(formatSource(file), file.text);
      });

      for (const example of cases) {
        it(example.name, async () => {
          assert.ok(strategy, 'the document has faults');
          const result = await answerCase(strategy, example);
          const [expected, actual] = [JSON.stringify(result.expected), JSON.stringify(result.actual)];
          assert.ok(result.passed, `expected ${expected}, got ${actual}`);
          passed.set(`${name}/${example.name}`, sources.get(example.name) ?? '');
        });
      }
    });
  }

  describe('coverage.csv', () => {
    it('lists every published example once', () => {
      assert.deepEqual(
        rows.map(({ row }) => row),
        Array.from({ length: 210 }, (_, i) => i + 1),
      );
    });

    for (const { row, model, source, cases, reason } of rows) {
      it(`row ${row}, ${model}: ${cases.length > 0 ? cases.join(' and ') : 'not covered'}`, () => {
        assert.ok(cases.length > 0 || reason !== '', 'neither a case nor a reason');
        for (const name of cases)
          assert.equal(passed.get(name), source, `${name} did not pass, or has another source`);
      });
    }

    it('names every case', () => {
      const named = new Set(rows.flatMap(({ cases }) => cases));
      assert.deepEqual(
        [...passed.keys()].filter((name) => !named.has(name)),
        [],
      );
    });

    after(() => {
      console.log(`\n    ${summary(rows)}`);
    });
  });
});
