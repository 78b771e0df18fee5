import { shorten } from '../fact-value.js';
import type { Path } from '../source/place.js';
import { fault, faultAtKey, suggest } from '../source/report.js';
import type { SourceMap, SourceNode } from '../source/source.js';
import { DECORATORS, type FactType, type Leaf, type Moment, OPERATORS } from '../strategy.js';
import { type Chain, shapeOf } from './leaf-shape.js';
import { readValue } from './leaf-value.js';
import { type Scope, useFact, whyAbsent } from './scope.js';

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
  const at = { value, path: [...path, 'value'], other, otherType };
  const read = readValue(scope, at, { shape, name, operator: chain.operator });
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
