import { nearest } from '../errors/nearest.js';
import { type Parsed, parsed, refused } from '../errors/parsed.js';
import { compareFactValues } from '../strategy/fact-order.js';
import { formatFactValue, parseFactValue } from '../strategy/fact-value.js';
import { isOneOf } from '../strategy/read/facts-of.js';
import type { FactDeclaration, FactType, FactValue, Strategy } from '../strategy/strategy.js';
import type { Instant } from '../time/instant.js';
import { BUILT_IN_GIVEN, builtInFacts, runningTotals } from './built-in.js';
import { computeFacts } from './computed.js';
import { type Facts, invalidFacts } from './facts.js';
import type { Gathering, Use } from './gathering.js';
import type { GivenFact, QuoteInput } from './input.js';
import { noteInstant } from './totals.js';

/** Facts as the rules of the moment see them. Throws INVALID_FACTS naming every fact that is missing, unknown or mistyped. */
export function gatherFacts(strategy: Strategy, input: QuoteInput, use: Use): Facts {
  const path = (fact: string) =>
    input.usages.length > 1 ? `usages[${use.index}].facts.${fact}` : `facts.${fact}`;
  // A quote tells what is wrong with its totals once, with the first use.
  const violations = use.index === 0 ? [...use.totals.violations] : [];
  const gathering: Gathering = { values: new Map(), gaps: new Map(), violations, path };

  takeGiven(strategy, input, use.index, gathering);
  takeDefaults(strategy, gathering);
  const occurredAt = instantOf(gathering);
  noteInstant(use.totals, occurredAt);
  builtInFacts(strategy, input, occurredAt, gathering);
  for (const [name, value] of use.supposed ?? []) gathering.values.set(name, value);
  requireFacts(strategy, input, gathering);
  // Only with everything given in place: a missing fact is named itself, not every fact computed from it.
  if (gathering.violations.length === 0) {
    runningTotals(strategy, input, { ...use, occurredAt }, gathering);
    computeFacts(strategy, input.moment, gathering);
    runningTotals(strategy, input, { ...use, occurredAt }, gathering);
    refuseGaps(strategy, input, gathering);
    checkCurrency(strategy, gathering);
  }

  if (gathering.violations.length > 0) throw invalidFacts(gathering.violations);
  return { values: gathering.values, gaps: gathering.gaps, occurredAt, path };
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
  const { oneOf = [], min, max } = declared;
  const text = (item: FactValue) => formatFactValue(item);
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
    const why = BUILT_IN_GIVEN.has(name)
      ? 'a quote without an account sends it itself'
      : `${strategy.id} needs it as ${article(type)} at the moment ${moment}`;
    violations.push({ field: path(name), description: `is missing; ${why}` });
  }
  for (const { name, optional } of strategy.facts.values()) {
    if (optional && !values.has(name)) gaps.set(name, `the optional fact ${name} was not sent`);
  }
}

/** A computed fact that is not there is an error at once where a condition reads it: nothing is matched by a guess. */
function refuseGaps(strategy: Strategy, { moment }: QuoteInput, { gaps, violations, path }: Gathering): void {
  for (const name of strategy.moments[moment].readByConditions) {
    const why = gaps.get(name);
    if (why !== undefined) violations.push({ field: path(name), description: why });
  }
}

/** The document has numbers for these currencies alone, whatever values the fact may have. */
function checkCurrency({ currency }: Strategy, { values, violations, path }: Gathering): void {
  if (currency.kind === 'fixed') return;
  const code = values.get(currency.fact);
  if (typeof code !== 'string' || currency.oneOf.includes(code)) return;
  const description = `"${code}" is not one of ${currency.oneOf.join(', ')}`;
  violations.push({ field: path(currency.fact), description });
}

function article(type: FactType): string {
  return type === 'integer' || type === 'instant' ? `an ${type}` : `a ${type}`;
}

function instantOf({ values }: Gathering): Instant | undefined {
  const value = values.get('occurred_at');
  return typeof value === 'bigint' ? value : undefined;
}
