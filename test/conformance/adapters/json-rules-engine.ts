import { Engine, type RuleProperties, type TopLevelCondition } from 'json-rules-engine';
import type { RuleDocument } from '../corpus.js';
import type { Adapter } from './adapter.js';

/** The engine as it comes, with the facts and values that JSON.parse gives: no operators of ours, no types. */
export const jsonRulesEngine: Adapter = {
  name: 'json-rules-engine',
  exact: false,
  load: (document) => {
    engineOf(document);
    return async (facts) => {
      const { events } = await engineOf(document).run(facts);
      return events.map(({ type }) => type);
    };
  },
};

/** A new one for each evaluation: it writes its results into the rules. An event carries the name of its rule. */
function engineOf(document: RuleDocument): Engine {
  const { conditions = {}, rules } = structuredClone(document);
  const engine = new Engine();
  for (const [name, condition] of Object.entries(conditions))
    engine.setCondition(name, condition as TopLevelCondition);
  for (const rule of rules) engine.addRule({ ...rule, event: { type: rule.name } } as RuleProperties);
  return engine;
}
