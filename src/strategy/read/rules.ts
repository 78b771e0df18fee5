import type { Operand, Price } from '../../pricing/price.js';
import { readConditions } from './conditions.js';
import { type EventNames, readEvent } from './events.js';
import { type NamedSizes, checkWrittenOut } from './named-conditions.js';
import { factsOfCharge } from './needs.js';
import { type Path, nodeAt } from '../source/place.js';
import { fault, faultAtKey } from '../source/report.js';
import { factsOfEvent } from './reads.js';
import type { RuleSource } from './rule-schema.js';
import { type Scope, whyAbsent } from './scope.js';
import type { Rule } from '../strategy.js';

export type RuleContext = NamedSizes & {
  readonly names: EventNames;
  /** Names of the document's conditions, also of those that have faults. */
  readonly conditionNames: ReadonlySet<string>;
  readonly prices: ReadonlyMap<string, Price<Operand>>;
};

/** A rule with its condition and event checked; undefined, with faults, when any part of it is wrong. */
export function readRule(
  scope: Scope,
  source: RuleSource,
  index: number,
  context: RuleContext,
): Rule | undefined {
  const path = ['rules', index];
  const { report } = scope;
  const before = report.faults.length;
  const { name, moment, priority } = source;
  const at = [...path, 'conditions'];
  const node = nodeAt(report.root, at);
  const conditions = node && readConditions(scope, { node, path: at, moment, names: context.conditionNames });
  if (conditions !== undefined) checkWrittenOut(scope, { condition: conditions, path: at, moment }, context);
  const event = readEvent(scope, { rule: source, path }, context.names);
  if (event === undefined || report.faults.length > before) return undefined;
  const rule: Rule = { name, index, moment, priority, ...(conditions && { conditions }), event };
  checkMoment(scope, rule, context);
  return rule;
}

/** What a rule's price and numbers read must be there at its moment. */
function checkMoment(scope: Scope, { event, moment, index }: Rule, { prices }: RuleContext): void {
  const path = ['rules', index, 'event', 'params'];
  if (event.type !== 'charge') {
    refuseAbsent(scope, factsOfEvent(event), { path, moment, who: `a ${event.type}` });
    return;
  }
  const price = prices.get(event.price);
  if (price === undefined) return;
  const who = `the price \`${price.id}\``;
  refuseAbsent(scope, factsOfCharge(price, moment), { path: [...path, 'price'], moment, who });
}

type Reader = { readonly path: Path; readonly moment: Rule['moment']; readonly who: string };

function refuseAbsent(scope: Scope, facts: readonly string[], { path, moment, who }: Reader): void {
  for (const fact of new Set(facts)) {
    const why = whyAbsent(scope, fact, moment);
    if (why === undefined) continue;
    fault(scope.report, path, `At the moment \`${moment}\`, ${who} cannot read \`${fact}\`: ${why}.`);
  }
}

/** Two rules of one name could not be told apart in an explanation. */
export function checkRuleNames(scope: Scope, sources: readonly (RuleSource | undefined)[]): void {
  const first = new Map<string, number>();
  sources.forEach((source, index) => {
    if (source === undefined) return;
    const earlier = first.get(source.name);
    if (earlier === undefined) first.set(source.name, index);
    else {
      const message = `\`rules[${earlier}]\` is called \`${source.name}\` already.`;
      faultAtKey(scope.report, ['rules', index, 'name'], message, 'give each rule a name of its own');
    }
  });
}
