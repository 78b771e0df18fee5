import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readCases } from '../../src/analysis/read-cases.js';
import { readStrategy } from '../../src/strategy/read/read-strategy.js';
import { readSource } from '../../src/strategy/source/read-source.js';

const text = readFileSync('test/strategy/examples/llm-api.yaml', 'utf8');

describe('the example of the format page', () => {
  const source = readSource({ name: 'llm-api.yaml', text });
  const { strategy, faults } = readStrategy(source, []);

  it('is read without an error', () => {
    assert.deepEqual(
      faults.map(({ severity, message }) => [severity, message]),
      [['warning', 'Nothing reads the fact `model`.']],
    );
    assert.equal(strategy?.id, 'llm-api');
    assert.equal(readCases(source).cases.length, 3);
  });

  it('has its rules in file order', () => {
    assert.deepEqual(
      strategy?.rules.map(({ name, moment, priority }) => [name, moment, priority]),
      [
        ['input', 'usage', 1],
        ['input at peak hours', 'usage', 10],
        ['output', 'usage', 1],
        ['new users', 'usage', 1],
        ['seats', 'period', 1],
        ['value added tax', 'invoice', 1],
      ],
    );
  });

  it('names its lines', () => {
    assert.deepEqual(strategy?.lines, ['input', 'output', 'seats']);
  });

  it('needs at each moment what its rules read', () => {
    assert.deepEqual(strategy?.moments.usage.required, ['input_tokens', 'output_tokens', 'account_age_days']);
    assert.deepEqual(strategy.moments.usage.reads, new Set(['local_hour', 'account_age_days']));
    assert.deepEqual(strategy.moments.period.required, []);
    assert.deepEqual(strategy.moments.invoice.required, []);
  });
});
