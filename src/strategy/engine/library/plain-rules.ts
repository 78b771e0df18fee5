import { type Violation, RatebookError } from '../../../errors/error.js';
import { readConditions } from '../../read/conditions.js';
import { type Named, checkSize, withoutCycles } from '../../read/named-conditions.js';
import type { Scope } from '../../read/scope.js';
import { type Path, linesOf } from '../../source/place.js';
import { type Report, fault, suggest } from '../../source/report.js';
import type { SourceNode } from '../../source/source.js';
import type { Condition, FactType } from '../../strategy.js';
import { type FactSchema, PLAIN_TYPES, factTypeOf, shown, valueOf } from './plain-facts.js';

/** A condition as json-rules-engine has it. A rule's own is a group or a name. */
export type PlainCondition =
  | { readonly all: readonly PlainCondition[] }
  | { readonly any: readonly PlainCondition[] }
  | { readonly not: PlainCondition }
  | { readonly condition: string }
  | { readonly fact: string; readonly operator: string; readonly value: unknown };

/** As much of a json-rules-engine rule as matching reads; the event and whatever else it has stay the caller's. */
export type PlainRule = {
  readonly conditions: PlainCondition;
  /** A whole number from 1, which it is unless given; the highest comes first. */
  readonly priority?: number;
};

export type PlainRules<R> = {
  readonly rules: readonly R[];
  readonly facts: FactSchema;
  readonly conditions: Readonly<Record<string, unknown>>;
};

/** Checked rules, in the order given. */
export type ReadRules<R> = {
  readonly rules: readonly { readonly rule: R; readonly priority: number; readonly conditions: Condition }[];
  readonly conditions: Named;
  readonly types: ReadonlyMap<string, FactType>;
};

/** Reads plain objects as a document's conditions are read; throws one error with all that is wrong with them. */
export function readPlainRules<R extends PlainRule>(plain: PlainRules<R>): ReadRules<R> {
  requireRules(plain.rules);
  const root = nodeOf({
    rules: plain.rules.map(({ conditions }) => ({ conditions })),
    conditions: plain.conditions,
  });
  const report: Report = { lines: linesOf({ name: 'rules', text: '' }), root, faults: [] };
  const scope = scopeOf(report, plain.facts);
  const names = new Set(Object.keys(plain.conditions));
  const readAt = (path: Path, value: unknown): Condition | undefined => {
    const condition = readConditions(scope, { node: nodeOf(value), path, names });
    if (condition !== undefined) checkKinds(report, plain.facts, { value, path });
    return condition;
  };

  const read = new Map<string, Condition>();
  for (const [name, value] of Object.entries(plain.conditions)) {
    const condition = readAt(['conditions', name], value);
    if (condition !== undefined) read.set(name, condition);
  }
  const named = withoutCycles(scope, read);
  const sizes = { named, sizes: new Map() };
  const rules = plain.rules.flatMap((rule, position) => {
    const path: Path = ['rules', position, 'conditions'];
    const condition = readAt(path, rule.conditions);
    if (condition !== undefined) checkSize(scope, { condition, path }, sizes);
    const priority = readPriority(report, ['rules', position, 'priority'], rule.priority);
    return condition === undefined ? [] : { rule, priority, conditions: condition };
  });
  if (report.faults.length > 0) throw refusal(report);
  return { rules, conditions: named, types: scope.types };
}

/** Rules often come from JSON, which no compiler has seen. */
function requireRules(rules: unknown): void {
  const told = 'Rules are a list of objects such as { conditions: { all: [] }, event: { type: "free" } }';
  if (!Array.isArray(rules)) throw new RatebookError('INVALID_DOCUMENT', `${told}, not ${shown(rules)}.`);
  const stranger = rules.findIndex((rule) => typeof rule !== 'object' || rule === null);
  if (stranger >= 0)
    throw new RatebookError('INVALID_DOCUMENT', `${told}; rules[${stranger}] is ${shown(rules[stranger])}.`);
}

function scopeOf(report: Report, schema: FactSchema): Scope {
  const types = new Map<string, FactType>();
  for (const [fact, type] of Object.entries(schema)) {
    if (Object.hasOwn(PLAIN_TYPES, type)) types.set(fact, factTypeOf(type));
    else {
      const hint = suggest(type, Object.keys(PLAIN_TYPES));
      fault(report, ['facts', fact], `${shown(type)} is no type of a fact.`, hint);
    }
  }
  const broken = new Set(Object.keys(schema).filter((fact) => !types.has(fact)));
  return { report, declared: new Map(), types, broken, parts: new Map(), used: new Set(), anyLine: false };
}

function readPriority(report: Report, path: Path, priority: unknown): number {
  if (priority === undefined) return 1;
  if (typeof priority === 'number' && Number.isSafeInteger(priority) && priority >= 1) return priority;
  fault(report, path, `${shown(priority)} stands here; a priority is a whole number from 1.`);
  return 1;
}

/** Groups and lists within each other that are looked at; the reader of conditions stops long before. */
const DEEPEST = 50;
const NOWHERE = { start: 0, end: 0 };

/** A plain value as the tree that a document would be. A number is its digits; what no document can hold is told as text. */
function nodeOf(value: unknown, depth = 0): SourceNode {
  if (value === undefined || value === null || depth > DEEPEST) {
    return { kind: 'scalar', text: '', empty: true, span: NOWHERE };
  }
  if (Array.isArray(value)) {
    return { kind: 'list', items: value.map((item) => nodeOf(item, depth + 1)), span: NOWHERE };
  }
  if (value instanceof Date && !Number.isNaN(value.getTime())) return nodeOf(value.toISOString());
  if (typeof value === 'object') {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
    return {
      kind: 'map',
      entries: entries.map(([key, inner]) => ({
        key,
        keySpan: NOWHERE,
        value: nodeOf(inner, depth + 1),
      })),
      span: NOWHERE,
    };
  }
  const text = typeof value === 'string' ? value : shown(value);
  return { kind: 'scalar', text, empty: false, span: NOWHERE };
}

type Place = { readonly value: unknown; readonly path: Path };

/**
 * A document's scalars have the type of their place; plain values bring one of their own, and "5" is not the number 5. The
 * condition was read, so that its structure is right.
 */
function checkKinds(report: Report, schema: FactSchema, { value, path }: Place): void {
  if (typeof value !== 'object' || value === null) return;
  if ('fact' in value && 'value' in value) {
    const type = schema[String(value.fact)];
    if (type === undefined || isFactReference(value.value)) return;
    const items: readonly unknown[] = Array.isArray(value.value) ? value.value : [value.value];
    items.forEach((item, i) => {
      const kind = type === 'list' ? 'string' : type;
      if (valueOf(kind, item).ok) return;
      const at = Array.isArray(value.value) ? [...path, 'value', i] : [...path, 'value'];
      fault(report, at, `${shown(item)} is not ${PLAIN_TYPES[kind]}; the fact is of type ${type}.`);
    });
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    checkKinds(report, schema, { value: inner, path: [...path, Array.isArray(value) ? Number(key) : key] });
  }
}

function isFactReference(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'fact' in value;
}

function refusal({ faults }: Report): RatebookError {
  const violations = faults.map(({ path, message, hint }): Violation => ({
    field: path,
    description: hint === '' ? message : `${message} (${hint})`,
  }));
  const lines = violations.map(({ field, description }) => `  ${field}: ${description}`);
  return new RatebookError('INVALID_DOCUMENT', ['The rules cannot be compiled:', ...lines].join('\n'), {
    violations,
  });
}
