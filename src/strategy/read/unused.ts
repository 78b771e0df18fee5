import { namesIn } from './named-conditions.js';
import { warn } from '../source/report.js';
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
  const charged = new Set(
    strategy.rules.flatMap(({ event }) => (event.type === 'charge' ? [event.price] : [])),
  );
  for (const id of strategy.prices.keys()) {
    if (!charged.has(id)) warn(report, ['prices', id], `No rule charges the price \`${id}\`.`);
  }
}
