import type { EngineFactory } from '../../../src/strategy/engine/matcher.js';
import { compiledEngine } from '../../../src/strategy/engine/compiled.js';
import { referenceEngine } from '../../../src/strategy/engine/reference.js';
import { parseFactValue } from '../../../src/strategy/fact-value.js';
import { readStrategy } from '../../../src/strategy/read/read-strategy.js';
import { readSource } from '../../../src/strategy/source/read-source.js';
import type { FactValue, Strategy } from '../../../src/strategy/strategy.js';
import type { Facts, RuleDocument } from '../corpus.js';
import type { Adapter } from './adapter.js';

/** Both engines behind the reader of strategies, which is what refuses a document. */
export const reference: Adapter = {
  name: 'ratebook, reference',
  exact: true,
  load: loadWith(referenceEngine),
};
export const compiled: Adapter = { name: 'ratebook, compiled', exact: true, load: loadWith(compiledEngine) };

function loadWith(makeEngine: EngineFactory): Adapter['load'] {
  return (document) => {
    const strategy = strategyOf(document);
    const engine = makeEngine(strategy);
    return async (facts) => {
      const matches = await engine.match({ moment: 'usage', facts: valuesOf(strategy, facts) });
      return matches.map(({ name }) => name);
    };
  };
}

/** A strategy in which every rule charges the same, and every fact may be missing. */
function strategyOf({ facts, conditions, rules }: RuleDocument): Strategy {
  const document = {
    strategy: 'corpus',
    currency: 'USD',
    time_zone: 'UTC',
    facts: Object.fromEntries(Object.entries(facts).map(([name, type]) => [name, { type, optional: true }])),
    ...(conditions && { conditions }),
    prices: { any: { model: 'flat', amount: 1 } },
    rules: rules.map((rule) => ({ ...rule, event: { type: 'charge', params: { price: 'any' } } })),
  };
  const read = readStrategy(readSource({ name: 'corpus.json', text: JSON.stringify(document) }), []);
  if (read.strategy !== undefined) return read.strategy;
  const errors = read.faults.filter(({ severity }) => severity === 'error');
  throw new Error(errors.map(({ path, message }) => `${path}: ${message}`).join('\n'));
}

function valuesOf({ types }: Strategy, facts: Facts): ReadonlyMap<string, FactValue> {
  return new Map(
    Object.entries(facts).map(([name, sent]) => {
      const texts = Array.isArray(sent) ? sent.map(textOf) : textOf(sent);
      const value = parseFactValue(types.get(name) ?? 'string', texts);
      if (!value.ok) throw new Error(`${name}: ${value.why}`);
      return [name, value.value];
    }),
  );
}

function textOf(sent: Facts[string]): string {
  return typeof sent === 'string' ? sent : JSON.stringify(sent);
}
