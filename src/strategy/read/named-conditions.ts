import { DEEPEST_CONDITION, MOST_LEAVES } from './conditions.js';
import type { Path } from '../source/place.js';
import { fault, faultAtKey } from '../source/report.js';
import { type Scope, whyAbsent } from './scope.js';
import { factsOfCondition } from './reads.js';
import type { Condition, Moment } from '../strategy.js';

export type Named = ReadonlyMap<string, Condition>;

/** The named conditions without those that, in the end, refer to themselves; each such circle is one fault. */
export function withoutCycles(scope: Scope, named: Named): Map<string, Condition> {
  const done = new Map<string, Condition>();
  const inCycle = new Set<string>();
  const open: string[] = [];
  const visit = (name: string): void => {
    const condition = named.get(name);
    if (condition === undefined || done.has(name) || inCycle.has(name)) return;
    if (open.includes(name)) {
      const circle = open.slice(open.indexOf(name));
      for (const each of circle) inCycle.add(each);
      const message = `The condition \`${name}\` refers to itself: ${[...circle, name].join(' → ')}.`;
      faultAtKey(scope.report, ['conditions', name], message);
      return;
    }
    open.push(name);
    for (const other of namesIn(condition)) visit(other);
    open.pop();
    if (!inCycle.has(name)) done.set(name, condition);
  };
  for (const name of named.keys()) visit(name);
  return done;
}

export function namesIn(condition: Condition): string[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(namesIn);
    case 'not':
      return namesIn(condition.of);
    case 'named':
      return [condition.name];
    case 'leaf':
      return [];
  }
}

export type Size = { readonly leaves: number; readonly depth: number };

/** Leaves and depth with every named condition written out; `sizes` keeps those of the named ones. */
function sizeOf(condition: Condition, named: Named, sizes: Map<string, Size>): Size {
  switch (condition.kind) {
    case 'leaf':
      return { leaves: 1, depth: 0 };
    case 'not': {
      const inner = sizeOf(condition.of, named, sizes);
      return { leaves: inner.leaves, depth: inner.depth + 1 };
    }
    case 'all':
    case 'any': {
      let [leaves, depth] = [0, 0];
      for (const inner of condition.of) {
        const size = sizeOf(inner, named, sizes);
        // Names that refer to names double with each level, so the count stops growing where it no longer matters.
        leaves = Math.min(leaves + size.leaves, MOST_LEAVES + 1);
        depth = Math.max(depth, size.depth);
      }
      return { leaves, depth: depth + 1 };
    }
    case 'named': {
      const known = sizes.get(condition.name);
      if (known !== undefined) return known;
      const target = named.get(condition.name);
      const size = target === undefined ? { leaves: 0, depth: 0 } : sizeOf(target, named, sizes);
      sizes.set(condition.name, size);
      return size;
    }
  }
}

export type RuleCondition = { readonly condition: Condition; readonly path: Path; readonly moment: Moment };
export type NamedSizes = { readonly named: Named; readonly sizes: Map<string, Size> };

/** Checks the limits, which can only be seen once named conditions are written out. */
export function checkSize(
  { report }: Pick<Scope, 'report'>,
  { condition, path }: Omit<RuleCondition, 'moment'>,
  { named, sizes }: NamedSizes,
): void {
  const { leaves, depth } = sizeOf(condition, named, sizes);
  if (leaves > MOST_LEAVES) {
    fault(report, path, `A rule compares at most ${MOST_LEAVES} times; this one does so more often.`);
  }
  if (depth > DEEPEST_CONDITION) {
    const what = `named conditions written out, these are nested ${depth} levels deep`;
    fault(report, path, `With ${what}; at most ${DEEPEST_CONDITION} are read.`);
  }
}

/** Checks what can only be seen once named conditions are written out: the limits, and the facts of the moment. */
export function checkWrittenOut(scope: Scope, rule: RuleCondition, sizes: NamedSizes): void {
  const { condition, path, moment } = rule;
  const { named } = sizes;
  checkSize(scope, rule, sizes);
  for (const name of namesIn(condition)) {
    const target = named.get(name);
    for (const fact of target === undefined ? [] : factsOfCondition(target, named)) {
      const why = whyAbsent(scope, fact, moment);
      if (why === undefined) continue;
      fault(
        scope.report,
        path,
        `A rule of the moment \`${moment}\` cannot use the condition \`${name}\`: ${why}.`,
      );
      break;
    }
  }
}
