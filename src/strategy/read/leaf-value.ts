import { areComparable, formatFactValue, parseFactValue, shorten } from '../fact-value.js';
import type { Path } from '../source/place.js';
import { fault, found, quoted, suggest } from '../source/report.js';
import type { SourceNode } from '../source/source.js';
import type { FactType, FactValue, LeafValue, Operator } from '../strategy.js';
import { isOneOf } from './facts-of.js';
import type { Shape } from './leaf-shape.js';
import { capitalize } from './scalar-schema.js';
import type { Scope } from './scope.js';

/** The value of a comparison, and the fact that it names instead of one, with its type. */
type ValuePlace = {
  readonly value: SourceNode;
  readonly path: Path;
  readonly other: string | undefined;
  readonly otherType: FactType | undefined;
};
/** What a comparison wants of its value, the fact it compares, and how. */
type Wanted = { readonly shape: Shape; readonly name: string; readonly operator: Operator };

/** Reads what a fact is compared with: a value, a list of values or another fact. */
export function readValue(
  scope: Scope,
  { value, path, other, otherType }: ValuePlace,
  wanted: Wanted,
): LeafValue | undefined {
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
  const known = (fact.oneOf ?? []).map((item) => formatFactValue(item));
  const hint = suggest(node.text, known) || `one_of has ${quoted(known.slice(0, 12))}`;
  fault(scope.report, path, `\`${shorten(node.text)}\` is not in the \`one_of\` of \`${name}\`.`, hint);
  return undefined;
}
