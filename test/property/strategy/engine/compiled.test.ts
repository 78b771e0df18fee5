import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compiledEngine } from '../../../../src/strategy/engine/compiled.js';
import { referenceEngine } from '../../../../src/strategy/engine/reference.js';
import { chargeRule, strategyOf } from '../../../strategy/strategy-of.js';
import { FACTS, documents, facts } from './documents.js';

const MINUTES = Number(process.env['FUZZ_MINUTES'] ?? 0);
const DOCUMENTS = 500;
const FACT_SETS = 10;

describe('property: strategy/engine', function () {
  this.timeout(Math.max(120_000, (MINUTES + 1) * 60_000));

  it('both engines match the same rules in the same order, and trace them alike', () =>
    fc.assert(
      fc.asyncProperty(
        documents,
        fc.array(facts, { minLength: FACT_SETS, maxLength: FACT_SETS }),
        async ({ first, second, rules: drawn }, sets) => {
          const rules = drawn.map(([condition, priority], i) => chargeRule(i, condition, { priority }));
          const strategy = strategyOf({
            rules,
            conditions: { first, second },
            types: Object.fromEntries(FACTS),
          });
          const [compiled, reference] = [compiledEngine(strategy), referenceEngine(strategy)];
          for (const values of sets) {
            const question = { moment: 'usage', facts: values } as const;
            assert.deepEqual(compiled.match(question), await reference.match(question));
            assert.deepEqual(compiled.trace(question), await reference.trace(question));
          }
        },
      ),
      MINUTES > 0 ? { numRuns: Infinity, interruptAfterTimeLimit: MINUTES * 60_000 } : { numRuns: DOCUMENTS },
    ));
});
