import type { Fault } from '../fault.js';
import { faultAt, pathText, spanAt } from '../source/place.js';
import type { TreeSource } from '../source/read-source.js';
import { quoted } from '../source/report.js';
import type { Strategy } from '../strategy.js';
import { unindexed } from './compiled.js';

/**
 * One warning, at the first of them, for the rules of a checked document whose conditions would take too many boxes. They
 * match as right as all others and cost more time in every rating.
 */
export function indexFaults(strategy: Strategy, { lines, root }: TreeSource): readonly Fault[] {
  const names = unindexed(strategy);
  const first = strategy.rules.find(({ name }) => names.includes(name));
  if (first === undefined) return [];
  const path = ['rules', first.index, 'conditions'];
  const who = names.length === 1 ? 'the rule' : `${names.length} rules`;
  return [
    faultAt(lines, spanAt(root, path), {
      severity: 'warning',
      path: pathText(path),
      message: `The conditions of ${who} ${quoted(names)}, written out, multiply beyond what the index holds; matching takes longer.`,
      hint: 'split the rule, or have fewer `any` over several facts inside one `all`',
    }),
  ];
}
