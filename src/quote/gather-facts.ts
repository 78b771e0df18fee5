import type { Violation } from '../errors/error.js';
import { nearest } from '../errors/nearest.js';
import { type Parsed, parsed, refused } from '../errors/parsed.js';
import { isDecimal } from '../money/decimal.js';
import { formatFactValue, parseFactValue } from '../strategy/fact-value.js';
import type { FactDeclaration, FactType, FactValue, Strategy } from '../strategy/strategy.js';
import type { Instant } from '../time/instant.js';
import { BUILT_IN_GIVEN, builtInFacts } from './built-in.js';
import { computeFacts } from './computed.js';
import { type Facts, invalidFacts } from './facts.js';
import type { GivenFact, QuoteInput } from './input.js';
import { type Totals, noteInstant } from './totals.js';

/** Which use of the input, and the running totals that it starts from. */
export type Use = { readonly index: number; readonly totals: Totals };

/** Facts while they are gathered, with everything that is wrong so far. */
export type Gathering = {
  readonly values: Map<string, FactValue>;
  readonly gaps: Map<string, string>;
  readonly violations: Violation[];
  /** Field path of a fact, as the caller would write it. */
  readonly path: (fact: string) => string;
};

/** Facts as the rules of the moment see them. Throws INVALID_FACTS naming every fact that is missing, unknown or mistyped. */
export function gatherFacts(strategy: Strategy, input: QuoteInput, use: Use): Facts {
  const path = (fact: string) =>
    input.usages.length > 1 ? `usages[${use.index}].facts.${fact}` : `facts.${fact}`;
  const gathering: Gathering = { values: new Map(), gaps: new Map(), violations: [], path };

  takeGiven(strategy, input, use.index, gathering);
  takeDefaults(strategy, gathering);
  const occurredAt = instantOf(gathering);
  noteInstant(use.totals, occurredAt);
  builtInFacts(strategy, input, { ...use, occurredAt }, gathering);
  requireFacts(strategy, input, gathering);
  // Only with everything given in place: a missing fact is named itself, not every fact computed from it.
  if (gathering.violations.length === 0) computeFacts(strategy, input.moment, gathering);

  if (gathering.violations.length > 0) throw invalidFacts(gathering.violations);
  return { values: gathering.values, gaps: gathering.gaps, occurredAt };
}

function takeGiven(
  strategy: Strategy,
  input: QuoteInput,
  index: number,
  { values, violations, path }: Gathering,
): void {
  for (const [name, fact] of input.usages[index] ?? []) {
    const type = givenType(strategy, input, name);
    const value = type.ok ? valueOf(fact, type.value) : type;
    const checked = value.ok ? checkDeclared(strategy.facts.get(name), value.value) : value;
    if (checked.ok) values.set(name, checked.value);
    else violations.push({ field: path(name), description: checked.why });
  }
}

/** The type of a fact that a caller may send; refused for what the document does not know or computes itself. */
function givenType(strategy: Strategy, input: QuoteInput, name: string): Parsed<FactType> {
  const declared = strategy.facts.get(name);
  if (declared !== undefined) return parsed(declared.type);
  const builtIn = BUILT_IN_GIVEN.get(name);
  if (builtIn?.moments.includes(input.moment) === true) return parsed(builtIn.type);
  if (strategy.types.has(name)) return refused('is computed by Ratebook; leave it out');
  const guess = nearest(name, [...strategy.facts.keys(), ...BUILT_IN_GIVEN.keys()]);
  return refused(`is not a fact of ${strategy.id}${guess === undefined ? '' : `; did you mean ${guess}?`}`);
}

function valueOf(fact: GivenFact, type: FactType): Parsed<FactValue> {
  const sent = sentType(fact);
  if (sent !== undefined && !fits(sent, type)) return refused(`is sent as ${sent}; ${type} is expected`);
  switch (fact.kind) {
    case 'text':
      return parseFactValue(type, fact.text);
    case 'list':
      return parseFactValue(type, fact.texts);
    case 'instant':
      return parsed(fact.at);
  }
}

function sentType(fact: GivenFact): FactType | undefined {
  switch (fact.kind) {
    case 'text':
      return fact.type;
    case 'list':
      return 'list';
    case 'instant':
      return 'instant';
  }
}

/** Of numbers the text decides: a whole one is an integer, however it was sent. */
function fits(sent: FactType, declared: FactType): boolean {
  const numeric = (type: FactType) => type === 'integer' || type === 'decimal';
  return sent === declared || (numeric(sent) && numeric(declared));
}

function checkDeclared(declared: FactDeclaration | undefined, value: FactValue): Parsed<FactValue> {
  if (declared === undefined) return parsed(value);
  const { type, oneOf, min, max } = declared;
  const text = () => formatFactValue(type, value);
  if (oneOf !== undefined && !oneOf.some((choice) => formatFactValue(type, choice) === text())) {
    return refused(
      `"${text()}" is not one of ${oneOf.map((choice) => formatFactValue(type, choice)).join(', ')}`,
    );
  }
  if (min !== undefined && compareOrdered(value, min) < 0)
    return refused(`${text()} is below ${formatFactValue(type, min)}`);
  if (max !== undefined && compareOrdered(value, max) > 0)
    return refused(`${text()} is above ${formatFactValue(type, max)}`);
  return parsed(value);
}

/** Order of two values of one type: numbers, instants, dates and times. */
export function compareOrdered(a: FactValue, b: FactValue): number {
  if (isDecimal(a) && isDecimal(b)) return a.cmp(b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function takeDefaults(strategy: Strategy, { values }: Gathering): void {
  for (const { name, default: standIn } of strategy.facts.values()) {
    if (standIn !== undefined && !values.has(name)) values.set(name, standIn);
  }
}

function requireFacts(
  strategy: Strategy,
  { moment }: QuoteInput,
  { values, gaps, violations, path }: Gathering,
): void {
  const refusedFields = new Set(violations.map(({ field }) => field));
  for (const name of strategy.moments[moment].required) {
    if (values.has(name) || refusedFields.has(path(name))) continue;
    const type = strategy.types.get(name) ?? 'string';
    violations.push({
      field: path(name),
      description: `is missing; ${strategy.id} needs it as ${article(type)} at the moment ${moment}`,
    });
  }
  for (const { name, optional } of strategy.facts.values()) {
    if (optional && !values.has(name)) gaps.set(name, `the optional fact ${name} was not sent`);
  }
}

function article(type: FactType): string {
  return type === 'integer' || type === 'instant' ? `an ${type}` : `a ${type}`;
}

function instantOf({ values }: Gathering): Instant | undefined {
  const value = values.get('occurred_at');
  return typeof value === 'bigint' ? value : undefined;
}
