import { RatebookError, type Violation, summarize } from '../errors/error.js';
import { nearest } from '../errors/nearest.js';
import { type Parsed, parsed, refused } from '../errors/parsed.js';
import { type Decimal, HUNDRED, ZERO, formatDecimal, isDecimal } from '../money/decimal.js';
import type { Operand } from '../pricing/price.js';
import { compareFactValues } from '../strategy/fact-order.js';
import { formatFactValue, parseFactValue } from '../strategy/fact-value.js';
import { isOneOf } from '../strategy/facts-of.js';
import type { FactDeclaration, FactType, FactValue, Strategy } from '../strategy/strategy.js';
import type { Instant } from '../time/instant.js';
import { BUILT_IN_GIVEN, builtInFacts } from './built-in.js';
import { computeFacts } from './computed.js';
import type { GivenFact, QuoteInput } from './input.js';
import { type Totals, noteInstant } from './totals.js';

/** The facts of one evaluation: given, defaulted, built in, derived and looked up. */
export type Facts = {
  readonly values: ReadonlyMap<string, FactValue>;
  /** Facts that are not there, and why: an error once a winning price needs one. */
  readonly gaps: ReadonlyMap<string, string>;
  readonly occurredAt: Instant | undefined;
  /** Field path of a fact, as the caller would write it. */
  readonly path: (fact: string) => string;
};

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
  return { values: gathering.values, gaps: gathering.gaps, occurredAt, path };
}

export function invalidFacts(violations: readonly Violation[]): RatebookError {
  return new RatebookError('INVALID_FACTS', summarize(violations), { violations });
}

/** The currency of an evaluation: the document's, or the one that a fact names. */
export function currencyOf({ currency }: Strategy, facts: Facts): string {
  return currency.kind === 'fixed' ? currency.code : String(facts.values.get(currency.fact));
}

/** A number of the document: written out, or read from a fact; one that is not there is an error and never a guess. */
export function operandValue(facts: Facts, operand: Operand, reader: string): Decimal {
  if (operand.kind === 'number') return operand.value;
  const value = facts.values.get(operand.fact);
  if (isDecimal(value)) return value;
  const why = facts.gaps.get(operand.fact) ?? 'it is not there';
  throw invalidFacts([
    { field: facts.path(operand.fact), description: `is needed by ${reader}, but ${why}` },
  ]);
}

/** What a number of a rule is, and where it must lie. */
type Wanted = { readonly rule: string; readonly of: string; readonly range: keyof typeof RANGES };

const RANGES = {
  percentage: {
    words: 'between 0 and 100',
    holds: (value: Decimal) => value.gte(ZERO) && value.lte(HUNDRED),
  },
  zero_or_more: { words: '0 or more', holds: (value: Decimal) => value.gte(ZERO) },
  above_zero: { words: 'above 0', holds: (value: Decimal) => value.gt(ZERO) },
} as const;

/** A number of a rule's event. The document's own were checked when it was read; one from a fact is checked here. */
export function numberWithin(facts: Facts, operand: Operand, { rule, of, range }: Wanted): Decimal {
  const value = operandValue(facts, operand, rule);
  if (RANGES[range].holds(value)) return value;
  const description = `the ${of} came out as ${formatDecimal(value)}; it must be ${RANGES[range].words}`;
  throw invalidFacts([{ field: `rules.${rule}`, description }]);
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
  const { type, oneOf = [], min, max } = declared;
  const itemType = type === 'list' ? 'string' : type;
  const text = (item: FactValue) => formatFactValue(itemType, item);
  const items: readonly FactValue[] = Array.isArray(value) ? (value as readonly string[]) : [value];
  const stranger = items.find((item) => !isOneOf(declared, item));
  if (stranger !== undefined)
    return refused(`"${text(stranger)}" is not one of ${oneOf.map(text).join(', ')}`);
  if (min !== undefined && compareFactValues(value, min) < 0)
    return refused(`${text(value)} is below ${text(min)}`);
  if (max !== undefined && compareFactValues(value, max) > 0)
    return refused(`${text(value)} is above ${text(max)}`);
  return parsed(value);
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
