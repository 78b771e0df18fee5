import assert from 'node:assert/strict';
import { checkDocument } from '../../../src/strategy/document.js';
import { readSource } from '../../../src/strategy/source/read-source.js';

const document = (alternatives: number) => `strategy: wide
title: Wide
currency: USD
time_zone: UTC
period: month
facts:
  units: { type: decimal, min: 0 }
  plan: { type: string }
prices:
  unit: { model: per_unit, quantity: units, unit_price: 1 }
rules:
  - name: many ways
    conditions:
      all:
${Array.from(
  { length: alternatives },
  (_, i) =>
    `        - any: [ { fact: plan, operator: equal, value: p${i} }, { fact: units, operator: lessThan, value: ${i} } ]\n`,
).join('')}    event: { type: charge, params: { line: units, price: unit } }
`;

const faultsOf = (alternatives: number) =>
  checkDocument(readSource({ name: 'wide.yaml', text: document(alternatives) }), []);

describe('strategy/index-faults', () => {
  it('a few alternatives are nothing to say anything about', () => {
    assert.deepEqual(faultsOf(5).faults, []);
  });

  it('a rule whose conditions multiply is a warning at its conditions, and the document can be published', () => {
    const { document: opened, faults } = faultsOf(6);
    assert.ok(opened !== undefined);
    assert.deepEqual(
      faults.map(({ severity, path, line }) => [severity, path, line]),
      [['warning', 'rules[0].conditions', 14]],
    );
    assert.match(faults[0]!.message, /^The conditions of the rule `many ways`, written out, multiply/);
  });
});
