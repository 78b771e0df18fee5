import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { formatDecimal } from '../../src/money/decimal.js';
import type { Alternative } from '../../src/quote/alternatives.js';
import { type Nearest, nearestOutcomes } from '../../src/quote/nearest.js';
import type { UseOutcome } from '../../src/quote/use-outcome.js';
import { compiledEngine } from '../../src/strategy/engine/compiled.js';
import { answerNow, answerWith } from '../../src/strategy/engine/matcher.js';
import { referenceEngine } from '../../src/strategy/engine/reference.js';
import { formatFactValue } from '../../src/strategy/fact-value.js';
import type { Strategy } from '../../src/strategy/strategy.js';
import { readExample } from '../rules/example.js';
import { type Asked, type Document, charge, inputOf, rule, strategyFrom, when } from './priced.js';

/** Both engines are asked and agree. */
async function nearest(strategy: Strategy, asked: Asked): Promise<readonly Nearest[]> {
  const input = inputOf(asked);
  const found = answerNow(compiledEngine(strategy).match, nearestOutcomes(strategy, input));
  const again = await answerWith(referenceEngine(strategy).match, nearestOutcomes(strategy, input));
  assert.deepEqual(again.map(told), found.map(told));
  return found;
}

const told = ({ alternatives, nextSteps }: Nearest) => [
  ...alternatives.map(shownAlternative),
  ...nextSteps.map(({ line, what }) => `${line}: ${what}`),
];

function shownAlternative({ fact, value, insteadOf, outcome, insteadOfOutcome }: Alternative): string {
  const [to, from] = [value, insteadOf].map((one) => (one === undefined ? 'nothing' : formatFactValue(one)));
  return `${fact} ${to} instead of ${from}: ${shownOutcome(outcome)} instead of ${shownOutcome(insteadOfOutcome)}`;
}

function shownOutcome(outcome: UseOutcome): string {
  return outcome.kind === 'priced' ? formatDecimal(outcome.total) : outcome.error.reason;
}

describe('quote: the nearest other outcome', () => {
  let llm: Strategy;
  before(async () => {
    const text = await readFile('test/strategy/examples/llm-api.yaml', 'utf8');
    const { strategy } = readExample({ name: 'llm-api.yaml', text });
    assert.ok(strategy);
    llm = strategy;
  });

  const call = {
    model: 'code',
    input_tokens: 1000,
    output_tokens: 0,
    occurred_at: '2026-01-05T17:30:00+08:00',
    account_age_days: 90,
  };
  it('x', async () => {
    console.log((await nearest(llm, { facts: call })).map(told));
    console.log((await nearest(llm, { facts: { ...call, output_tokens: 999962, input_tokens: 0 } })).map(told));
    console.log((await nearest(llm, { facts: { ...call, input_tokens: 0 } })).map(told));
    console.log((await nearest(llm, { usage: [call, call] })).map(told));
  });
});
void [charge, rule, strategyFrom, when];
export type { Document };
