import { areComparable, formatFactValue, isOrdered, parseFactValue, shorten } from '../fact-value.js';
import { isOneOf } from './facts-of.js';
import type { Path } from '../source/place.js';
import { fault, faultAtKey, found, quoted, suggest } from '../source/report.js';
import { capitalize } from './scalar-schema.js';
import { type Scope, useFact, whyAbsent } from './scope.js';
import type { SourceMap, SourceNode } from '../source/source.js';
import {
  DECORATORS,
  type Decorator,
  type FactType,
  type FactValue,
  type Leaf,
  type LeafValue,
  type Moment,
  OPERATORS,
  type Operator,
} from '../strategy.js';

export type LeafPlace = { readonly node: SourceMap; readonly path: Path; readonly moment?: Moment };

export const LEAF_KEYS = ['fact', 'operator', 'value'];
/** Keys of the engine that a strategy does not take, and why. */
const REFUSED: Readonly<Record<string, string>> = {
  path: 'facts are flat; declare the inner value as a fact of its own',
  params: 'facts take no parameters',
  priority: 'all conditions of a rule are looked at together',
};

/** Reads one comparison of a fact with a value, or with another fact. */
export function readLeaf(scope: Scope, place: LeafPlace): Leaf | undefined {
  const { node, path } = place;
  const known = checkKeys(scope, place);
  const name = textAt(scope, place, 'fact');
  const written = textAt(scope, place, 'operator');
  const value = node.entries.find(({ key }) => key === 'value')?.value;
  if (value === undefined) fault(scope.report, path, '`value` is missing; a comparison needs it.');
  const type = name === undefined ? undefined : readFact(scope, place, { name, key: 'fact' });
  const chain = written === undefined ? undefined : readOperator(scope, written, [...path, 'operator']);
  const other = value === undefined ? undefined : factIn(scope, value, [...path, 'value']);
  const otherType =
    other === undefined ? undefined : readFact(scope, place, { name: other, key: 'value', inner: 'fact' });
  if (name === undefined || type === undefined || chain === undefined || value === undefined)
    return undefined;
  const shape = shapeOf(type, chain);
  if ('why' in shape) {
    fault(scope.report, [...path, 'operator'], shape.why.replace('FACT', `\`${name}\``), shape.hint);
    return undefined;
  }
  const read = readValue(
    scope,
    { ...place, value, other, otherType },
    { shape, name, operator: chain.operator },
  );
  return read && known ? { kind: 'leaf', fact: name, ...chain, value: read } : undefined;
}

function checkKeys(scope: Scope, { node, path }: LeafPlace): boolean {
  const unknown = node.entries.filter(({ key }) => !LEAF_KEYS.includes(key));
  for (const { key } of unknown) {
    const why = Object.hasOwn(REFUSED, key) ? REFUSED[key] : undefined;
    const message =
      why === undefined
        ? `\`${shorten(key)}\` is no key of a comparison.`
        : `A comparison takes no \`${key}\`: ${why}.`;
    faultAtKey(scope.report, [...path, key], message, why === undefined ? suggest(key, LEAF_KEYS) : '');
  }
  return unknown.length === 0;
}

function textAt(scope: Scope, { node, path }: LeafPlace, key: 'fact' | 'operator'): string | undefined {
  const inner = node.entries.find((entry) => entry.key === key)?.value;
  if (inner?.kind === 'scalar' && !inner.empty) return inner.text;
  if (inner === undefined) fault(scope.report, path, `\`${key}\` is missing; a comparison needs it.`);
  else
    fault(
      scope.report,
      [...path, key],
      `The name of ${key === 'fact' ? 'a fact' : 'an operator'} was expected here.`,
    );
  return undefined;
}

type Named = { readonly name: string; readonly key: string; readonly inner?: string };

function readFact(
  scope: Scope,
  { path, moment }: LeafPlace,
  { name, key, inner }: Named,
): FactType | undefined {
  const at = inner === undefined ? [...path, key] : [...path, key, inner];
  const type = useFact(scope, name, at);
  const why = type === undefined || moment === undefined ? undefined : whyAbsent(scope, name, moment);
  if (why === undefined) return type;
  fault(scope.report, at, `A rule of the moment \`${moment ?? ''}\` cannot read \`${name}\`: ${why}.`);
  return undefined;
}

/** The name in `{ fact: name }`, or undefined for any other value. */
function factIn(scope: Scope, value: SourceNode, path: Path): string | undefined {
  if (value.kind !== 'map') return undefined;
  const [entry, second] = value.entries;
  if (entry?.key === 'fact' && second === undefined && entry.value.kind === 'scalar') return entry.value.text;
  fault(scope.report, path, 'A map stands here; a value, a list or `{ fact: name }` was expected.');
  return undefined;
}

type Chain = { readonly decorators: readonly Decorator[]; readonly operator: Operator };

function readOperator(scope: Scope, written: string, path: Path): Chain | undefined {
  const words = written.split(':');
  const last = words.pop() ?? '';
  const operator = OPERATORS.find((known) => known === last);
  if (operator === undefined) {
    fault(scope.report, path, `No operator is called \`${shorten(last)}\`.`, suggest(last, OPERATORS));
  }
  const decorators = words.flatMap((word) => {
    const decorator = DECORATORS.find((known) => known === word);
    if (decorator === undefined) {
      fault(scope.report, path, `No decorator is called \`${shorten(word)}\`.`, suggest(word, DECORATORS));
    }
    return decorator ?? [];
  });
  return operator && decorators.length === words.length ? { decorators, operator } : undefined;
}

/** What a comparison wants of its value: one of a type, or a list of them. */
type Shape = { readonly type: FactType; readonly list: boolean };
type NoShape = { readonly why: string; readonly hint: string };

/**
 * Follows the decorators from the outside in: `swap` hands the value first, `someFact` and `everyFact` take what comes first
 * apart, `someValue` and `everyValue` what comes second.
 */
function shapeOf(type: FactType, { decorators, operator }: Chain): Shape | NoShape {
  let factFirst = true;
  let fact: FactType = type;
  let valueApart = false;
  for (const decorator of decorators) {
    if (decorator === 'swap') factFirst = !factFirst;
    if (decorator === 'swap' || decorator === 'not') continue;
    const takesFirst = decorator === 'someFact' || decorator === 'everyFact';
    if (takesFirst === factFirst) {
      if (fact !== 'list') {
        const is = type === 'list' ? 'is taken apart already' : `is of type ${fact}`;
        return { why: `\`${decorator}\` takes a list apart; FACT ${is}.`, hint: '' };
      }
      fact = 'string';
    } else if (valueApart) {
      return { why: `\`${decorator}\` takes a list of lists apart; there are none.`, hint: '' };
    } else valueApart = true;
  }
  const shape = operandShape(fact, operator, factFirst);
  if ('why' in shape || !valueApart) return shape;
  return shape.list
    ? { why: `\`${operator}\` would need a list of lists here; there are none.`, hint: '' }
    : { ...shape, list: true };
}

/** What the bare operator compares the fact with. */
function operandShape(fact: FactType, operator: Operator, factFirst: boolean): Shape | NoShape {
  switch (operator) {
    case 'equal':
    case 'notEqual':
      if (fact !== 'list') return { type: fact, list: false };
      return { why: `\`${operator}\` compares single values; FACT is a list.`, hint: 'use `contains`' };
    case 'lessThan':
    case 'lessThanInclusive':
    case 'greaterThan':
    case 'greaterThanInclusive':
      if (isOrdered(fact)) return { type: fact, list: false };
      return { why: `\`${operator}\` needs values in an order; FACT is of type ${fact}.`, hint: '' };
    case 'in':
    case 'notIn':
      return membership(fact, operator, factFirst);
    case 'contains':
    case 'doesNotContain':
      return membership(fact, operator, !factFirst);
  }
}

function membership(fact: FactType, operator: Operator, factIsItem: boolean): Shape | NoShape {
  if (factIsItem && fact !== 'list') return { type: fact, list: true };
  if (!factIsItem && fact === 'list') return { type: 'string', list: false };
  const is = fact === 'list' ? 'FACT is a list' : `FACT is of type ${fact}`;
  const wanted = factIsItem ? 'a single value' : 'a list';
  const hint =
    fact === 'list'
      ? 'use `contains`, or `someFact:in`'
      : operator === 'contains'
        ? 'use `equal` or `in`'
        : '';
  return { why: `\`${operator}\` needs ${wanted} on this side; ${is}.`, hint };
}

type ValuePlace = LeafPlace & {
  readonly value: SourceNode;
  readonly other: string | undefined;
  readonly otherType: FactType | undefined;
};
type Wanted = { readonly shape: Shape; readonly name: string; readonly operator: Operator };

function readValue(scope: Scope, place: ValuePlace, wanted: Wanted): LeafValue | undefined {
  const { value, other, otherType } = place;
  const path = [...place.path, 'value'];
  const { shape, name, operator } = wanted;
  if (value.kind === 'map') {
    if (other === undefined || otherType === undefined) return undefined;
    const fits = shape.list
      ? otherType === 'list' && shape.type === 'string'
      : areComparable(shape.type, otherType);
    if (fits) return { kind: 'fact', fact: other };
    const what = shape.list ? 'a list' : `of type ${shape.type}`;
    fault(scope.report, path, `\`${other}\` is of type ${otherType}; a fact that is ${what} was expected.`);
    return undefined;
  }
  if (!shape.list) {
    const single = readSingle(scope, { node: value, path }, wanted);
    return single === undefined ? undefined : { kind: 'value', value: single };
  }
  if (value.kind !== 'list' || value.items.length === 0) {
    const what = value.kind === 'list' ? 'An empty list' : found(value);
    fault(
      scope.report,
      path,
      `${what} stands here; a list of values to compare \`${name}\` with was expected.`,
      value.kind === 'list' ? '' : `write [ ${value.text} ]${operator === 'in' ? ' or use `equal`' : ''}`,
    );
    return undefined;
  }
  const values = value.items.map((node, position) =>
    readSingle(scope, { node, path: [...path, position] }, wanted),
  );
  const read = values.filter((item) => item !== undefined);
  return read.length === values.length ? { kind: 'value', value: read } : undefined;
}

type SinglePlace = { readonly node: SourceNode; readonly path: Path };

function readSingle(scope: Scope, { node, path }: SinglePlace, wanted: Wanted): FactValue | undefined {
  const { shape, name, operator } = wanted;
  if (node.kind !== 'scalar' || node.empty) {
    const hint = node.kind === 'list' && operator === 'equal' ? 'use `in` for several values' : '';
    fault(
      scope.report,
      path,
      `${found(node)} stands here; a value of type ${shape.type} was expected.`,
      hint,
    );
    return undefined;
  }
  const value = parseFactValue(shape.type, node.text);
  if (!value.ok) {
    fault(scope.report, path, `${capitalize(value.why)}; \`${name}\` is of type ${shape.type}.`);
    return undefined;
  }
  const fact = scope.declared.get(name);
  const ordering = operator.startsWith('lessThan') || operator.startsWith('greaterThan');
  if (fact === undefined || ordering || isOneOf(fact, value.value)) return value.value;
  const known = (fact.oneOf ?? []).map((item) => formatFactValue(shape.type, item));
  const hint = suggest(node.text, known) || `one_of has ${quoted(known.slice(0, 12))}`;
  fault(scope.report, path, `\`${shorten(node.text)}\` is not in the \`one_of\` of \`${name}\`.`, hint);
  return undefined;
}
