import type { Fault } from './fault.js';
import { type Lines, faultAt, keySpanAt, pathText } from './place.js';
import type { SourceNode } from './source.js';
import type { Rule, Strategy } from './strategy.js';
import { type Tie, findTies } from './ties.js';

/**
 * Ties as faults of the document, each at its later rule: an error with facts that show it, or a warning where it could
 * not be decided.
 */
export function tieFaults(strategy: Strategy, lines: Lines, root: SourceNode): readonly Fault[] {
  const ties = findTies(strategy);
  const anyTie = ties.some(({ kind }) => kind === 'tie');
  return ties.map((tie) => {
    const path = tie.kind === 'more' ? ['rules'] : ['rules', tie.second.index, 'name'];
    const severity = tie.kind === 'tie' || (tie.kind === 'more' && anyTie) ? 'error' : 'warning';
    return faultAt(lines, keySpanAt(root, path), { severity, path: pathText(path), ...wordsOf(tie) });
  });
}

function wordsOf(tie: Tie): Pick<Fault, 'message' | 'hint'> {
  switch (tie.kind) {
    case 'tie':
      return {
        message: `${both(tie)} match ${factsText(tie.facts)}, both with priority ${tie.second.priority}, and both charge the line \`${lineOf(tie.second)}\`.`,
        hint: 'give one of them a higher priority, or conditions that exclude each other',
      };
    case 'undecided':
      return {
        message: `${both(tie)} may match the same facts, which was not decided since ${tie.why}; the earlier in the file wins.`,
        hint: 'give one of them a higher priority if that is not what is meant',
      };
    case 'more':
      return { message: 'There are more pairs of rules like these.', hint: 'settle the ones above first' };
  }
}

function both({ first, second }: { readonly first: Rule; readonly second: Rule }): string {
  return `\`${first.name}\` and \`${second.name}\``;
}

function factsText(facts: Readonly<Record<string, string>>): string {
  const known = Object.entries(facts).map(([name, value]) => `${name}: ${value}`);
  return known.length === 0 ? 'any facts' : `{ ${known.join(', ')} }`;
}

function lineOf({ event }: Rule): string {
  return event.type === 'charge' ? event.line : '';
}
