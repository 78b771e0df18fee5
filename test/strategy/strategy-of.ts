import type {
  ComputedFact,
  Condition,
  FactDeclaration,
  FactType,
  FactValue,
  Leaf,
  Operator,
  Rule,
  Strategy,
} from '../../src/strategy/strategy.js';
import { prepare } from '../../src/strategy/prepare.js';

/** A rule that charges the line `line`. */
export function chargeRule(index: number, conditions?: Condition, rest: Partial<Rule> = {}): Rule {
  const event = { type: 'charge', price: 'price', line: 'line' } as const;
  const rule: Rule = { name: `rule ${index}`, index, moment: 'usage', priority: 1, event, ...rest };
  return conditions === undefined ? rule : { ...rule, conditions };
}

export function leaf(fact: string, operator: Operator, value: FactValue | readonly FactValue[]): Leaf {
  return { kind: 'leaf', fact, operator, decorators: [], value: { kind: 'value', value } };
}

export function all(...of: readonly Condition[]): Condition {
  return { kind: 'all', of };
}

export function fact(name: string, type: FactType, rest: Partial<FactDeclaration> = {}): FactDeclaration {
  return { name, type, optional: false, billable: false, ...rest };
}

/** As much of a strategy as its rules' conditions need; `types` has the built-in and computed facts. */
export function strategyOf(parts: {
  rules: readonly Rule[];
  facts?: readonly FactDeclaration[];
  types?: Readonly<Record<string, FactType>>;
  computed?: readonly ComputedFact[];
  conditions?: Readonly<Record<string, Condition>>;
}): Strategy {
  const facts = parts.facts ?? [];
  const needs = { required: [], reads: new Set<string>(), readByConditions: new Set<string>() };
  return prepare({
    id: 'test',
    title: '',
    currency: { kind: 'fixed', code: 'USD' },
    timeZone: 'UTC',
    period: 'month',
    rounding: 'half_up',
    lateLimitDays: 90,
    facts: new Map(facts.map((declaration) => [declaration.name, declaration])),
    computed: parts.computed ?? [],
    types: new Map([
      ...facts.map(({ name, type }) => [name, type] as const),
      ...Object.entries(parts.types ?? {}),
    ]),
    conditions: new Map(Object.entries(parts.conditions ?? {})),
    prices: new Map(),
    rules: parts.rules,
    lines: ['line'],
    moments: { purchase: needs, usage: needs, period: needs, invoice: needs },
  });
}
