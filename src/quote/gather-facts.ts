import { nearest } from '../errors/nearest.js';
import { type Parsed, parsed, refused } from '../errors/parsed.js';
import { compareFactValues } from '../strategy/fact-order.js';
import { formatFactValue, isNumeric, parseFactValue } from '../strategy/fact-value.js';
import { isOneOf } from '../strategy/read/facts-of.js';
import type { FactDeclaration, FactType, FactValue, Strategy } from '../strategy/strategy.js';
import type { Instant } from '../time/instant.js';
import { BUILT_IN_GIVEN, builtInFacts, runningTotals } from './built-in.js';
import { computeFacts } from './computed.js';
import { type Facts, invalidFacts } from './facts.js';
import type { Gathering, Use } from './gathering.js';
import type { GivenFact, QuoteInput } from './input.js';

/** Facts as the rules of the moment see them. Throws INVALID_FACTS naming every fact that is missing, unknown or mistyped. */
export function gatherFacts(strategy: Strategy, input: QuoteInput, use: Use): Facts {
  const path = (fact: string) =>
    input.usages.length > 1 ? `usages[${use.index}].facts.${fact}` : `facts.${fact}`;
  // A quote tells what is wrong with its totals once, with the first use.
  const violations = use.index === 0 ? [...use.totals.violations] : [];
  const gathering: Gathering = { values: new Map(), gaps: new Map(), violations, path };

  takeGiven(strategy, input.moment, input.usages[use.index] ?? [], gathering);
  takeDefaults(strategy, gathering);
  const occurredAt = instantOf(gathering);
  builtInFacts(strategy, input, use.from ?? occurredAt, gathering);
  use.supposed?.forEach((value, name) => gathering.values.set(name, value));
  requireFacts(strategy, input, gathering);
  const { values, gaps } = gathering;
  const facts: Facts = { values, gaps, occurredAt, from: use.from, path };
  // Only with everything given in place: a missing fact is named itself, not every fact computed from it.
  if (violations.length === 0) {
    const { used, computed, usedAfterComputed } = strategy.prepared.moments[input.moment];
    runningTotals(used, { facts, use }, gathering);
    computeFacts(computed, gathering);
    runningTotals(usedAfterComputed, { facts, use }, gathering);
    refuseGaps(strategy, input, gathering);
    checkCurrency(strategy, gathering);
  }

  if (violations.length > 0) throw invalidFacts(violations);
  return facts;
}

/**
 * The facts that the groups of the moment go by, as far as they are there: known before anything is counted, since no
 * group follows a running total; of a use that lasts, from an instant in it. What is wrong with them is told when all
 * facts are gathered.
 */
export function gatherGroupFacts(strategy: Strategy, input: QuoteInput, from?: Instant): Facts {
  const { facts, hasBuiltIn, computed } = strategy.prepared.moments[input.moment].groups;
  const gathering: Gathering = { values: new Map(), gaps: new Map(), violations: [], path: (fact) => fact };
  const isRead = (name: string) =>
    facts.has(name) || name === 'occurred_at' || name === strategy.prepared.lasting?.fact;
  const sent: [string, GivenFact][] = [];
  for (const one of input.usages[0] ?? []) if (isRead(one[0])) sent.push(one);
  takeGiven(strategy, input.moment, sent, gathering);
  takeDefaults(strategy, gathering);
  const occurredAt = instantOf(gathering);
  if (hasBuiltIn) builtInFacts(strategy, input, from ?? occurredAt, gathering);
  computeFacts(computed, gathering);
  return { ...gathering, occurredAt, from };
}

function takeGiven(
  strategy: Strategy,
  moment: QuoteInput['moment'],
  sent: Iterable<readonly [string, GivenFact]>,
  into: Gathering,
): void {
  for (const [name, fact] of sent) {
    const declared = strategy.facts.get(name);
    const type = declared?.type ?? typeOfBuiltIn(moment, name);
    const value = type === undefined ? refused(whyUnknown(strategy, name)) : valueOf(fact, type);
    const why = value.ok ? whyNotAllowed(declared, value.value) : value.why;
    // By the document's own string, which is found faster by all who ask for it.
    if (value.ok && why === undefined) into.values.set(declared?.name ?? name, value.value);
    else if (why !== undefined) into.violations.push({ field: into.path(name), description: why });
  }
}

/** The type of a built-in fact that a caller may send at the moment. */
function typeOfBuiltIn(moment: QuoteInput['moment'], name: string): FactType | undefined {
  const builtIn = BUILT_IN_GIVEN.get(name);
  return builtIn?.moments.includes(moment) === true ? builtIn.type : undefined;
}

/** Refused is what the document does not know or computes itself. */
function whyUnknown(strategy: Strategy, name: string): string {
  if (strategy.types.has(name)) return 'is computed by Ratebook; leave it out';
  const guess = nearest(name, [...strategy.facts.keys(), ...BUILT_IN_GIVEN.keys()]);
  return `is not a fact of ${strategy.id}${guess === undefined ? '' : `; did you mean ${guess}?`}`;
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
  return sent === declared || (isNumeric(sent) && isNumeric(declared));
}

/** Why a value of the fact's type is none that the document allows. */
function whyNotAllowed(declared: FactDeclaration | undefined, value: FactValue): string | undefined {
  if (declared === undefined) return undefined;
  const { oneOf, min, max } = declared;
  if (oneOf !== undefined) {
    const stranger = strangerTo(declared, value);
    if (stranger !== undefined)
      return `"${formatFactValue(stranger)}" is not one of ${oneOf.map(formatFactValue).join(', ')}`;
  }
  if (min !== undefined && compareFactValues(value, min) < 0)
    return `${formatFactValue(value)} is below ${formatFactValue(min)}`;
  if (max !== undefined && compareFactValues(value, max) > 0)
    return `${formatFactValue(value)} is above ${formatFactValue(max)}`;
  return undefined;
}

/** The value, or of a list the first string, that `one_of` does not have. */
function strangerTo(declared: FactDeclaration, value: FactValue): FactValue | undefined {
  if (isList(value)) return value.find((item) => !isOneOf(declared, item));
  return isOneOf(declared, value) ? undefined : value;
}

function isList(value: FactValue): value is readonly string[] {
  return Array.isArray(value);
}

function takeDefaults({ prepared }: Strategy, { values }: Gathering): void {
  for (const [name, standIn] of prepared.defaults) {
    if (!values.has(name)) values.set(name, standIn);
  }
}

function requireFacts(strategy: Strategy, { moment }: QuoteInput, into: Gathering): void {
  const { values, gaps, violations, path } = into;
  let refusedFields: ReadonlySet<string> | undefined;
  for (const name of strategy.moments[moment].required) {
    if (values.has(name)) continue;
    refusedFields ??= new Set(violations.map(({ field }) => field));
    if (refusedFields.has(path(name))) continue;
    const type = strategy.types.get(name) ?? 'string';
    const why = BUILT_IN_GIVEN.has(name)
      ? 'a quote without an account sends it itself'
      : `${strategy.id} needs it as ${article(type)} at the moment ${moment}`;
    violations.push({ field: path(name), description: `is missing; ${why}` });
  }
  for (const name of strategy.prepared.optional) {
    if (!values.has(name)) gaps.set(name, `the optional fact ${name} was not sent`);
  }
}

/** A computed fact that is not there is an error at once where a condition reads it: nothing is matched by a guess. */
function refuseGaps(strategy: Strategy, { moment }: QuoteInput, { gaps, violations, path }: Gathering): void {
  if (gaps.size === 0) return;
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
