import type * as z from 'zod';
import type { factSchema } from './document-schema.js';
import { compareFactValues } from '../fact-order.js';
import { formatFactValue, isNumeric, isOrdered, parseFactValue } from '../fact-value.js';
import type { Path } from '../source/place.js';
import { type Report, fault, faultAtKey } from '../source/report.js';
import { capitalize } from './scalar-schema.js';
import type { FactDeclaration, FactType, FactValue } from '../strategy.js';

/** Facts that every document can read without declaring them. */
export const ALWAYS_THERE: ReadonlyMap<string, FactType> = new Map([
  ['occurred_at', 'instant'],
  ['local_hour', 'integer'],
  ['local_time', 'time'],
  ['local_weekday', 'integer'],
  ['local_day', 'integer'],
  ['local_month', 'integer'],
  ['local_date', 'date'],
  ['account.id', 'string'],
  ['account_age_days', 'integer'],
  ['account_age_months', 'integer'],
  ['subscription_age_months', 'integer'],
  ['period_start', 'instant'],
  ['period_end', 'instant'],
  ['period_days', 'integer'],
  ['period_fraction', 'decimal'],
  ['subtotal', 'decimal'],
]);

/** Those of them that tell of the account: Ratebook fills them, and a quote without an account sends them itself. */
export const OF_THE_ACCOUNT: ReadonlySet<string> = new Set([
  'account.id',
  'account_age_days',
  'account_age_months',
  'subscription_age_months',
]);

/** Whether a fact tells of the account or its subscription, built in or declared. */
export function isOfAccount(name: string): boolean {
  return isStanding(name) || OF_THE_ACCOUNT.has(name);
}

/** Facts of the account or subscription stand whether something is used or not. */
export function isStanding(name: string): boolean {
  return name.startsWith('account.') || name.startsWith('subscription.');
}

/** The type of every built-in fact of a document with these prices and lines. */
export function builtInFacts(prices: Iterable<string>, lines: Iterable<string>): Map<string, FactType> {
  const types = new Map(ALWAYS_THERE);
  for (const price of prices) {
    types.set(`used.${price}`, 'decimal').set(`used.${price}.events`, 'integer');
    types.set(`total.${price}`, 'decimal');
  }
  for (const line of lines) types.set(`line.${line}`, 'decimal');
  return types;
}

const NAME = /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9][A-Za-z0-9_-]*)*$/;
const LONGEST_NAME = 100;
const BUILT_IN_PREFIX = /^(used|total|line|local)[._]/;

/** Whether a declared or computed fact may have this name; the fault is at its key. */
export function checkFactName(report: Report, name: string, path: Path): boolean {
  if (!NAME.test(name) || name.length > LONGEST_NAME) {
    const expected = 'words of letters, digits and _, joined by dots, were expected';
    faultAtKey(report, path, `\`${name.slice(0, 60)}\` is no name of a fact; ${expected}.`);
    return false;
  }
  if (!ALWAYS_THERE.has(name) && !BUILT_IN_PREFIX.test(name)) return true;
  const message = `\`${name}\` is the name of a built-in fact.`;
  const hint = ALWAYS_THERE.has(name)
    ? 'it is always there; leave the declaration out'
    : 'choose another name';
  faultAtKey(report, path, message, hint);
  return false;
}

export type DeclaredSource = z.output<typeof factSchema>;
type Place = { readonly report: Report; readonly path: Path; readonly type: FactType };

/** The declaration with its values converted to its type; undefined when one of them is not of that type. */
export function readDeclaration(
  report: Report,
  name: string,
  source: DeclaredSource,
): FactDeclaration | undefined {
  const before = report.faults.length;
  const path = ['facts', name];
  const { type } = source;
  const at = (key: string): Place => ({ report, path: [...path, key], type });
  const oneOf = source.one_of && readOneOf(at('one_of'), source.one_of);
  const min = source.min && readValue(at('min'), source.min);
  const max = source.max && readValue(at('max'), source.max);
  const standIn = source.default === undefined ? undefined : readValue(at('default'), source.default);
  const declaration: FactDeclaration = {
    name,
    type,
    ...(oneOf && { oneOf }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(source.unit && { unit: source.unit }),
    ...(standIn !== undefined && { default: standIn }),
    optional: source.optional,
    billable: source.billable,
    ...(source.lasts && { lasts: source.lasts }),
  };
  checkKeys(report, path, declaration);
  checkDefault(report, path, declaration);
  return report.faults.length === before ? declaration : undefined;
}

function readValue(
  { report, path, type }: Place,
  written: string | readonly string[],
): FactValue | undefined {
  const value = parseFactValue(type, written);
  if (value.ok) return value.value;
  fault(report, path, `${capitalize(value.why)}; this fact is of type ${type}.`);
  return undefined;
}

/** For a list fact, the strings that it may hold. */
function readOneOf(place: Place, written: readonly string[]): FactValue[] {
  const type = place.type === 'list' ? 'string' : place.type;
  const values: FactValue[] = [];
  const seen = new Set<string>();
  written.forEach((text, position) => {
    const path = [...place.path, position];
    const value = readValue({ ...place, path, type }, text);
    if (value === undefined) return;
    const same = formatFactValue(value);
    if (seen.has(same)) fault(place.report, path, `\`${text}\` is in \`one_of\` already.`);
    seen.add(same);
    values.push(value);
  });
  return values;
}

/** Keys that only some types take. */
function checkKeys(report: Report, path: Path, fact: FactDeclaration): void {
  const { type, min, max } = fact;
  const refuse = (key: string, wanted: string) => {
    faultAtKey(report, [...path, key], `A fact of type ${type} takes no \`${key}\`; ${wanted} does.`);
  };
  if (min !== undefined && !isOrdered(type)) refuse('min', 'a number, instant, date or time');
  if (max !== undefined && !isOrdered(type)) refuse('max', 'a number, instant, date or time');
  if (fact.billable && !isNumeric(type)) refuse('billable', 'a number');
  if (fact.lasts && !isNumeric(type)) refuse('lasts', 'a number');
  if (min !== undefined && max !== undefined && isOrdered(type) && compareFactValues(min, max) > 0) {
    const [low, high] = [formatFactValue(min), formatFactValue(max)];
    fault(report, [...path, 'min'], `\`min\` is ${low}, above \`max\`, which is ${high}.`);
  }
}

function checkDefault(report: Report, path: Path, fact: FactDeclaration): void {
  if (fact.default === undefined) return;
  if (fact.optional) {
    const message = 'A fact with a `default` is always there, so it cannot be `optional`.';
    faultAtKey(report, [...path, 'optional'], message, 'leave one of them out');
  }
  const why = whyOutside(fact, fact.default);
  if (why !== undefined) fault(report, [...path, 'default'], `The default ${why}.`);
}

/** Why a value of the fact's type is not one that it may have (`is above \`max\`, which is 10`), or undefined. */
function whyOutside(fact: FactDeclaration, value: FactValue): string | undefined {
  const { min, max } = fact;
  const items = typeof value === 'object' && 'length' in value ? value : [value];
  const outside = items.find((item) => !isOneOf(fact, item));
  if (outside !== undefined) {
    return `\`${formatFactValue(outside)}\` is not in \`one_of\``;
  }
  if (min !== undefined && compareFactValues(value, min) < 0) {
    return `${formatFactValue(value)} is below \`min\`, which is ${formatFactValue(min)}`;
  }
  if (max !== undefined && compareFactValues(value, max) > 0) {
    return `${formatFactValue(value)} is above \`max\`, which is ${formatFactValue(max)}`;
  }
  return undefined;
}

/** Whether `one_of`, where there is one, has the value (of a list fact: the string). */
export function isOneOf(fact: FactDeclaration, value: FactValue): boolean {
  if (fact.oneOf === undefined) return true;
  for (const known of fact.oneOf) if (sameValue(known, value)) return true;
  return false;
}

function sameValue(a: FactValue, b: FactValue): boolean {
  return a === b || (typeof a === typeof b && compareFactValues(a, b) === 0);
}
