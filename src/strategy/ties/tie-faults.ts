import type { Fault } from '../fault.js';
import { type FaultText, type Path, faultAt, pathText, spanAt } from '../source/place.js';
import type { TreeSource } from '../source/read-source.js';
import type { Rule, Strategy } from '../strategy.js';
import { type Tie, findTies } from './ties.js';

/**
 * The rules of a checked document that could both win a line with the same priority, each pair at the name of the later
 * one. A tie is an error, shown by facts that match both; where it cannot be decided, a warning.
 *
 * No part of reading a document: a revision that was published stays readable when a later version finds more ties.
 */
export function tieFaults(strategy: Strategy, { lines, root }: TreeSource): readonly Fault[] {
  return findTies(strategy).map((tie) => {
    const path: Path = tie.kind === 'more' ? ['rules'] : ['rules', tie.second.index, 'name'];
    return faultAt(lines, spanAt(root, path), { path: pathText(path), ...textOf(tie) });
  });
}

function textOf(tie: Tie): Omit<FaultText, 'path'> {
  switch (tie.kind) {
    case 'tie':
      return {
        severity: 'error',
        message: `"${tie.second.name}" and "${tie.first.name}" ${bothCharge(tie.second)}, and both match ${shown(tie.facts)}.`,
        hint: 'give one of them a higher priority, or conditions that exclude the other',
      };
    case 'undecided':
      return {
        severity: 'warning',
        message: `"${tie.second.name}" and "${tie.first.name}" ${bothCharge(tie.second)}; whether both can match is not decided, since ${tie.why}.`,
        hint: `where both do, "${tie.first.name}" wins, as it comes first; give one of them a higher priority to be sure`,
      };
    case 'more':
      return {
        severity: 'warning',
        message: 'More rules than these may match the same facts with one priority on one line.',
        hint: 'correct the ones that are listed and check again',
      };
  }
}

function bothCharge({ event, priority }: Rule): string {
  const line = event.type === 'charge' ? event.line : '';
  return `charge line ${line} with priority ${priority}`;
}

function shown(facts: Readonly<Record<string, string>>): string {
  const named = Object.entries(facts).map(([fact, value]) => `${fact} = ${value}`);
  return named.length === 0 ? 'all facts' : named.join(', ');
}
