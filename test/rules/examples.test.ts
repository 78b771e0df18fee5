import assert from 'node:assert/strict';
import { formatSource } from '../../src/strategy/format.js';
import { findTies } from '../../src/strategy/ties.js';
import { answerCase, exampleNames, readExample, rulesFile } from './example.js';

describe('rules', () => {
  for (const name of exampleNames) {
    describe(name, () => {
      const file = rulesFile(name);
      const { strategy, cases, faults } = readExample(file);

      it('has no fault and no warning', () => {
        assert.deepEqual(faults, []);
      });

      it('has no two rules that tie', () => {
        assert.ok(strategy);
        assert.deepEqual(findTies(strategy), []);
      });

      it('is laid out as fmt does', () => {
        assert.equal(formatSource(file), file.text);
      });

      for (const example of cases) {
        it(example.name, async () => {
          assert.ok(strategy, 'the document has faults');
          const { actual, expected, passed } = await answerCase(strategy, example);
          assert.ok(passed, `expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
        });
      }
    });
  }
});
