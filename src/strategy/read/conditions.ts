import { shorten } from '../fact-value.js';
import { LEAF_KEYS, readLeaf } from './leaf.js';
import type { Path } from '../source/place.js';
import { fault, faultAtKey, found, quoted, suggest } from '../source/report.js';
import { type Scope } from './scope.js';
import type { SourceMap, SourceNode } from '../source/source.js';
import type { Condition, Moment } from '../strategy.js';

/** Groups within groups, and leaves, of one rule; named conditions count wherever they are referred to. */
export const DEEPEST_CONDITION = 16;
export const MOST_LEAVES = 500;

/** Where a condition stands. A named one belongs to no moment of its own. */
export type ConditionPlace = {
  readonly node: SourceNode;
  readonly path: Path;
  readonly moment?: Moment;
  /** Names of the document's conditions. */
  readonly names: ReadonlySet<string>;
};

const GROUPS = ['all', 'any', 'not', 'condition'] as const;

/** Reads the conditions of a rule, or a named condition; undefined, with faults, when any part of them is wrong. */
export function readConditions(scope: Scope, place: ConditionPlace): Condition | undefined {
  const { node, path } = place;
  if (node.kind !== 'map') {
    fault(
      scope.report,
      path,
      `${found(node)} stands here; a map with one of ${quoted(GROUPS, 'or')} was expected.`,
    );
    return undefined;
  }
  const has = (key: string) => node.entries.some((entry) => entry.key === key);
  if (!has('fact') || GROUPS.some(has)) return readNode(scope, place, 1);
  // The engine refuses a bare leaf at the root; what is wrong inside it is said all the same.
  fault(
    scope.report,
    path,
    'A single comparison stands here; `all`, `any` or `not` was expected.',
    'wrap it: all: [ { ... } ]',
  );
  readLeaf(scope, { ...place, node });
  return undefined;
}

function readNode(scope: Scope, place: ConditionPlace, depth: number): Condition | undefined {
  const { node, path } = place;
  if (node.kind !== 'map') {
    fault(scope.report, path, `${found(node)} stands here; a condition, which is a map, was expected.`);
    return undefined;
  }
  if (depth > DEEPEST_CONDITION) {
    fault(scope.report, path, `Conditions are nested more than ${DEEPEST_CONDITION} levels deep here.`);
    return undefined;
  }
  const groups = GROUPS.filter((key) => node.entries.some((entry) => entry.key === key));
  const [group] = groups;
  if (group === undefined) {
    if (isRecognised(scope, { ...place, node })) return readLeaf(scope, { ...place, node });
    return undefined;
  }
  if (!checkAlone(scope, { ...place, node }, groups)) return undefined;
  const inner = node.entries.find((entry) => entry.key === group)?.value;
  if (inner === undefined) return undefined;
  const at: ConditionPlace = { ...place, node: inner, path: [...path, group] };
  switch (group) {
    case 'all':
    case 'any':
      return readGroup(scope, at, { kind: group, depth });
    case 'not': {
      const of = readNode(scope, at, depth + 1);
      return of && { kind: 'not', of };
    }
    case 'condition':
      return readReference(scope, at);
  }
}

/** Whether a node without a group is meant as a comparison; else one fault tells what was expected. */
function isRecognised(
  { report }: Scope,
  { node, path }: ConditionPlace & { readonly node: SourceMap },
): boolean {
  const [first] = node.entries;
  if (node.entries.some(({ key }) => LEAF_KEYS.includes(key))) return true;
  const expected = `${quoted(GROUPS)}, or a comparison with ${quoted(LEAF_KEYS)}`;
  if (first === undefined)
    fault(report, path, `Nothing stands in this condition; one of ${expected} was expected.`);
  else {
    const hint = suggest(first.key, [...GROUPS, ...LEAF_KEYS]);
    faultAtKey(report, [...path, first.key], `\`${shorten(first.key)}\` is no key of a condition.`, hint);
  }
  return false;
}

/** A node has one group and nothing else: the engine would silently ignore the rest. */
function checkAlone(
  scope: Scope,
  { node, path }: ConditionPlace & { readonly node: SourceMap },
  groups: readonly string[],
): boolean {
  if (groups.length > 1) {
    const hint = 'put one of them inside the other';
    fault(scope.report, path, `One node holds ${quoted(groups)}; each needs a node of its own.`, hint);
    return false;
  }
  const others = node.entries.filter(({ key }) => !groups.includes(key));
  for (const { key } of others) {
    faultAtKey(scope.report, [...path, key], `\`${key}\` cannot stand beside \`${groups[0] ?? ''}\`.`);
  }
  return others.length === 0;
}

type Group = { readonly kind: 'all' | 'any'; readonly depth: number };

function readGroup(scope: Scope, place: ConditionPlace, { kind, depth }: Group): Condition | undefined {
  const { node, path } = place;
  if (node.kind !== 'list') {
    fault(scope.report, path, `${found(node)} stands here; \`${kind}\` takes a list of conditions.`);
    return undefined;
  }
  if (node.items.length === 0) {
    const always = 'an empty one would always match';
    fault(scope.report, path, `\`${kind}\` is empty; ${always}.`, 'leave `conditions` out to match always');
    return undefined;
  }
  const of: Condition[] = [];
  node.items.forEach((item, position) => {
    const inner = readNode(scope, { ...place, node: item, path: [...path, position] }, depth + 1);
    if (inner !== undefined) of.push(inner);
  });
  return of.length === node.items.length ? { kind, of } : undefined;
}

function readReference(scope: Scope, { node, path, names }: ConditionPlace): Condition | undefined {
  if (node.kind !== 'scalar' || node.empty) {
    fault(scope.report, path, 'The name of a condition was expected here.');
    return undefined;
  }
  if (names.has(node.text)) return { kind: 'named', name: node.text };
  fault(scope.report, path, `No condition is called \`${node.text}\`.`, suggest(node.text, names));
  return undefined;
}
