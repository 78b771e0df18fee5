import { namesIn } from './named-conditions.js';
import { warn } from '../source/report.js';
import { isMeasuredLate } from './reads.js';
import type { Scope } from './scope.js';
import type { Strategy } from '../strategy.js';

/** Warns of what nothing refers to: most often a name that was changed in one place only. */
export function warnOfUnused(scope: Scope, strategy: Strategy): void {
  const { report, used } = scope;
  for (const { name, lasts } of strategy.facts.values()) {
    // How long a usage lasts is read with every usage.
    if (lasts === undefined && !used.has(name))
      warn(report, ['facts', name], `Nothing reads the fact \`${name}\`.`);
  }
  for (const { name, kind } of strategy.computed) {
    const section = kind === 'derive' ? 'derive' : 'lookups';
    if (!used.has(name)) warn(report, [section, name], `Nothing reads the fact \`${name}\`.`);
  }
  const all = [
    ...strategy.conditions.values(),
    ...strategy.rules.flatMap(({ conditions }) => conditions ?? []),
  ];
  const referred = new Set(all.flatMap(namesIn));
  for (const name of strategy.conditions.keys()) {
    if (!referred.has(name))
      warn(report, ['conditions', name], `No rule refers to the condition \`${name}\`.`);
  }
  const chargedBy = (rules: Strategy['rules']) =>
    new Set(rules.flatMap(({ event }) => (event.type === 'charge' ? [event.price] : [])));
  const charged = chargedBy(strategy.rules);
  const byUse = chargedBy(strategy.rules.filter(({ moment }) => moment === 'usage'));
  for (const [id, price] of strategy.prices) {
    const path = ['prices', id];
    if (!charged.has(id)) warn(report, path, `No rule charges the price \`${id}\`.`);
    // The uses that it is measured from are those that a rule charges by it.
    else if (isMeasuredLate(price) && !byUse.has(id))
      warn(report, path, `No rule of the moment usage charges \`${id}\`, so nothing is measured for it.`);
  }
}
