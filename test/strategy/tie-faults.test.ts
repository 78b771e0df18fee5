import assert from 'node:assert/strict';
import { readStrategy } from '../../src/strategy/read/read-strategy.js';
import { hasTree, readSource } from '../../src/strategy/source/read-source.js';
import { tieFaults } from '../../src/strategy/ties/tie-faults.js';

const head = `strategy: llm
title: Ties
currency: USD
time_zone: UTC
period: month
facts:
  units: { type: decimal, min: 0 }
  limit: { type: decimal, min: 0 }
prices:
  unit: { model: per_unit, quantity: units, unit_price: 1 }
rules:
`;
const always = (name: string) => `  - name: ${name}
    event: { type: charge, params: { line: units, price: unit } }
`;
const above = (name: string, value: string) => `  - name: ${name}
    conditions: { all: [ { fact: units, operator: greaterThan, value: ${value} } ] }
    event: { type: charge, params: { line: units, price: unit } }
`;

function faultsOf(...rules: readonly string[]) {
  const source = readSource({ name: 'llm.yaml', text: head + rules.join('') });
  const { strategy, faults } = readStrategy(source, []);
  assert.ok(strategy !== undefined && hasTree(source), faults[0]?.message);
  return tieFaults(strategy, source);
}

describe('strategy/tie-faults', () => {
  it('no tie, no fault', () => {
    assert.deepEqual(faultsOf(always('one')), []);
  });

  it('a tie is an error at the name of the later rule, with facts that match both', () => {
    const [fault, ...rest] = faultsOf(always('one'), above('two', '5'));
    assert.deepEqual(rest, []);
    assert.equal(fault?.severity, 'error');
    assert.deepEqual(
      [fault.file, fault.line, fault.column, fault.width, fault.path],
      ['llm.yaml', 14, 11, 3, 'rules[1].name'],
    );
    assert.match(
      fault.message,
      /^"two" and "one" charge line units with priority 1, and both match units = 6\.$/,
    );
  });

  it('two rules without conditions match all facts', () => {
    assert.match(faultsOf(always('one'), always('two'))[0]?.message ?? '', /both match all facts\.$/);
  });

  it('what cannot be decided is a warning that tells who wins', () => {
    const [fault] = faultsOf(always('one'), above('two', '{ fact: limit }'));
    assert.equal(fault?.severity, 'warning');
    assert.match(fault.message, /not decided, since rule "two" compares units with limit\.$/);
    assert.match(fault.hint, /"one" wins/);
  });

  it('a long list ends with a fault at the rules that says so', () => {
    const faults = faultsOf(...Array.from({ length: 9 }, (_, i) => always(`rule ${i}`)));
    assert.equal(faults.length, 21);
    assert.deepEqual([faults[20]?.severity, faults[20]?.path], ['warning', 'rules']);
  });
});
