import assert from 'node:assert/strict';
import { readCases } from '../../src/analysis/read-cases.js';
import { runCase } from '../../src/analysis/run-case.js';
import { answerWith } from '../../src/strategy/engine/matcher.js';
import { readSource } from '../../src/strategy/source/read-source.js';
import { referenceEngine } from '../../src/strategy/engine/reference.js';
import { type Document, charge, rule, strategyFrom, when } from '../quote/priced.js';

const strategy = strategyFrom({
  facts: { a: { type: 'decimal', min: 0 } },
  prices: { unit: { model: 'per_unit', quantity: 'a', unit_price: 2 } },
  rules: [
    charge('unit', 'line', when('a', 'greaterThan', 0)),
    rule('ten', 'discount', { percent: 10, label: 'Ten off' }),
    rule('no', 'reject', { code: 'TOO_MANY', message: 'Too many.' }, when('a', 'greaterThan', 100)),
    rule('included', 'grant', { units: 5, of: ['unit'] }, { moment: 'period' }),
  ],
});

async function run(asked: Document, expect: Document) {
  const text = JSON.stringify([{ name: 'case', ...asked, expect }]);
  const { cases, faults } = readCases(readSource({ name: 'test.json', text }));
  assert.deepEqual(faults, []);
  return answerWith(referenceEngine(strategy).match, runCase(strategy, cases[0]!));
}

describe('analysis: what a case expects', () => {
  const one = { facts: { a: 5 } };
  for (const [name, asked, expect, passed] of [
    ['the amount', one, { amount: '9.0' }, true],
    ['another amount', one, { amount: 10 }, false],
    ['amounts of a sequence', { usage: [{ a: 1 }, { a: 2 }] }, { amounts: [1.8, 3.6], amount: 5.4 }, true],
    ['one amount too few', { usage: [{ a: 1 }, { a: 2 }] }, { amounts: [1.8] }, false],
    ['total and currency', one, { total: 9, currency: 'USD' }, true],
    ['another currency', one, { currency: 'EUR' }, false],
    [
      'a line',
      one,
      { lines: { line: { rule: 'charge unit', price: 'unit', quantity: 5, amount: 10, net: 9 } } },
      true,
    ],
    ['a line of another rule', one, { lines: { line: { rule: 'x' } } }, false],
    ['a line that is not there', one, { lines: { other: { amount: 0 } } }, false],
    ['what a period gives', { moment: 'period' }, { amount: 0, grants: { included: 5 } }, true],
    ['more than it gives', { moment: 'period' }, { grants: { included: 6 } }, false],
    ['what a use does not give', one, { grants: { included: 5 } }, false],
    ['no such line', one, { lines: { other: null } }, true],
    ['a line that should not be there', one, { lines: { line: null } }, false],
    [
      'lines of a sequence, added up',
      { usage: [{ a: 1 }, { a: 2 }] },
      { lines: { line: { amount: 6 } } },
      true,
    ],
    ['a line by its amount alone', one, { lines: { line: 10 } }, true],
    ['another amount of a line', one, { lines: { line: 9 } }, false],
    ['a discount in the long form', one, { discounts: { ten: { amount: 1 } } }, true],
    ['a discount by label', one, { discounts: { 'Ten off': 1 } }, true],
    ['a discount by rule', one, { discounts: { ten: 1 } }, true],
    ['another discount', one, { discounts: { ten: 2 } }, false],
    ['an error', { facts: { a: 0 } }, { error: 'NO_PRICE' }, true],
    ['another error', { facts: { a: 0 } }, { error: 'INVALID_FACTS' }, false],
    ['the code of a reject', { facts: { a: 101 } }, { error: 'TOO_MANY' }, true],
    ['a reject as such', { facts: { a: 101 } }, { error: 'REJECTED' }, true],
    ['an error that does not come', one, { error: 'NO_PRICE' }, false],
    ['an amount where there is no price', { facts: { a: 0 } }, { amount: 0 }, false],
    ['an amount where facts are refused', { facts: { a: -1 } }, { amount: -2 }, false],
    ['an amount where the use is rejected', { facts: { a: 101 } }, { amount: 202 }, false],
    ['nothing at all', one, {}, false],
  ] as const) {
    it(`${name}: ${passed ? 'passes' : 'fails'}`, async () => {
      assert.equal((await run(asked, expect)).passed, passed);
    });
  }

  it('says what it expected and what came', async () => {
    const { expected, actual } = await run({ facts: { a: 0 } }, { amount: 0 });
    assert.deepEqual(expected, { error: 'none' });
    assert.match(actual.error ?? '', /^NO_PRICE: No charge rule of test matches/);
  });
});
