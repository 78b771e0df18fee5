import type { Decimal } from '../money/decimal.js';
import type { RoundingMode } from '../money/rounding.js';
import type { Operand, Price } from '../pricing/price.js';
import type { Instant } from '../time/instant.js';
import type { Window } from '../time/window.js';
import type { Prepared } from './prepared.js';

/**
 * A checked strategy document: plain data in which every name resolves, every value has its fact's type and every number
 * is exact. Whoever holds one need not check it again.
 */
export type Strategy = {
  readonly id: string;
  readonly title: string;
  readonly currency: StrategyCurrency;
  readonly timeZone: string;
  readonly period: Window;
  /** How a bill's lines are rounded to the minor unit. */
  readonly rounding: RoundingMode;
  /** Days after a statement in which usage of its period is still taken. */
  readonly lateLimitDays: number;
  readonly facts: ReadonlyMap<string, FactDeclaration>;
  /** Derived and looked-up facts, each after those it needs. */
  readonly computed: readonly ComputedFact[];
  /** The type of every fact that this document can read: declared, computed and built in. */
  readonly types: ReadonlyMap<string, FactType>;
  readonly conditions: ReadonlyMap<string, Condition>;
  readonly prices: ReadonlyMap<string, Price<Operand>>;
  /** In file order. */
  readonly rules: readonly Rule[];
  /** Names of lines in the order in which the document names them. */
  readonly lines: readonly string[];
  readonly moments: Readonly<Record<Moment, MomentNeeds>>;
  readonly prepared: Prepared;
};

export const MOMENTS = ['purchase', 'usage', 'period', 'invoice'] as const;
export type Moment = (typeof MOMENTS)[number];

/** What the rules of one moment need, whatever their conditions turn out to be. */
export type MomentNeeds = {
  /** Given facts that must be there: read by a rule, price, lookup or `derive` of the moment, without default or optional. */
  readonly required: readonly string[];
  /** Computed and built-in facts that any condition, price or lookup of the moment reads, so that nothing else is computed. */
  readonly reads: ReadonlySet<string>;
  /** Those that a condition itself or every evaluation reads: a missing row is an error at once. */
  readonly readByConditions: ReadonlySet<string>;
};

export type StrategyCurrency =
  | { readonly kind: 'fixed'; readonly code: string }
  | { readonly kind: 'fact'; readonly fact: string; readonly oneOf: readonly string[] };

export const FACT_TYPES = [
  'string',
  'boolean',
  'integer',
  'decimal',
  'instant',
  'date',
  'time',
  'list',
] as const;
export type FactType = (typeof FACT_TYPES)[number];

/**
 * string, date (`2026-01-05`) and time (`HH:MM`) are strings, integer and decimal are Decimals, an instant is its
 * nanoseconds since 1970 (UTC), a list is strings in order.
 */
export type FactValue = string | boolean | Decimal | Instant | readonly string[];

export type FactDeclaration = {
  readonly name: string;
  readonly type: FactType;
  readonly oneOf?: readonly FactValue[];
  readonly min?: FactValue;
  readonly max?: FactValue;
  readonly unit?: string;
  readonly default?: FactValue;
  readonly optional: boolean;
  /** Above 0 and used by no winning charge, it is NO_PRICE. */
  readonly billable: boolean;
  /** The usage runs from `occurred_at` for so many of these. */
  readonly lasts?: 'second' | 'minute' | 'hour' | 'day';
};

export type ComputedFact = Derivation | Lookup;

export type Derivation = {
  readonly kind: 'derive';
  readonly name: string;
  readonly operation: 'sum' | 'difference' | 'product' | 'greatest' | 'least';
  readonly of: readonly Operand[];
  readonly min?: Operand;
  readonly max?: Operand;
  readonly round?: { readonly to: Decimal; readonly mode: RoundingMode };
};

export type Lookup = {
  readonly kind: 'lookup';
  readonly name: string;
  readonly by: readonly string[];
  readonly match: 'exact' | 'longest_prefix' | 'up_to';
  readonly type: FactType;
  readonly rows: LookupRows;
  readonly otherwise?: LookupValue;
};

export type LookupValue =
  { readonly kind: 'value'; readonly value: FactValue } | { readonly kind: 'fact'; readonly fact: string };

/**
 * Rows by the joined texts of all keys but the last (`lookupKey`); within, by the last key: exact and longest_prefix by
 * its text, up_to in ascending order of bound.
 */
export type LookupRows = ReadonlyMap<string, LookupBucket>;
export type LookupBucket =
  | { readonly kind: 'by_text'; readonly values: ReadonlyMap<string, LookupValue>; readonly longest: number }
  | {
      readonly kind: 'by_bound';
      readonly bounds: readonly { readonly upTo: FactValue | undefined; readonly value: LookupValue }[];
    };

export type Rule = {
  readonly name: string;
  /** Position in the file, from 0. */
  readonly index: number;
  readonly moment: Moment;
  /** 1 or more; the highest wins. */
  readonly priority: number;
  /** None: the rule always matches. */
  readonly conditions?: Condition;
  readonly event: RuleEvent;
};

export type Condition =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'named'; readonly name: string }
  | Leaf;

export const OPERATORS = [
  'equal',
  'notEqual',
  'in',
  'notIn',
  'contains',
  'doesNotContain',
  'lessThan',
  'lessThanInclusive',
  'greaterThan',
  'greaterThanInclusive',
] as const;
export type Operator = (typeof OPERATORS)[number];

export const DECORATORS = ['someFact', 'someValue', 'everyFact', 'everyValue', 'swap', 'not'] as const;
export type Decorator = (typeof DECORATORS)[number];

export type Leaf = {
  readonly kind: 'leaf';
  readonly fact: string;
  readonly operator: Operator;
  /** Outermost first, as written before the operator. */
  readonly decorators: readonly Decorator[];
  readonly value: LeafValue;
};

/** Values have the type that the operator compares with; a list for `in`, `notIn` and the value decorators. */
export type LeafValue =
  | { readonly kind: 'value'; readonly value: FactValue | readonly FactValue[] }
  | { readonly kind: 'fact'; readonly fact: string };

export type RuleEvent =
  | { readonly type: 'charge'; readonly price: string; readonly line: string }
  | {
      readonly type: 'discount';
      readonly by: 'percent' | 'amount' | 'free_quantity';
      readonly number: Operand;
      /** Line names; all unless given. */
      readonly of?: readonly string[];
      readonly label: string;
      readonly exclusive: boolean;
      readonly times?: number;
    }
  | {
      readonly type: 'surcharge';
      readonly by: 'percent' | 'amount';
      readonly number: Operand;
      readonly of?: readonly string[];
      readonly line: string;
      readonly label: string;
    }
  | { readonly type: 'reject'; readonly code: string; readonly message: string }
  | {
      readonly type: 'grant';
      readonly by: 'amount' | 'units';
      readonly number: Operand;
      /** Prices it pays for; all unless given. */
      readonly of?: readonly string[];
      /** ISO 8601 duration. */
      readonly expires?: string;
      readonly priority: number;
      readonly rollOver: boolean;
    }
  | ({ readonly type: 'minimum' } & BoundParams)
  | ({ readonly type: 'maximum' } & BoundParams)
  | {
      readonly type: 'tax';
      readonly percent: Operand;
      readonly label: string;
      readonly of?: readonly string[];
      readonly included: boolean;
    };

/** What a bill comes to at least, or at most. */
export type BoundParams = {
  readonly amount: Operand;
  readonly of?: readonly string[];
  readonly label: string;
  /** `minimum` only: what goes beyond it is due times this. */
  readonly overageFactor?: Operand;
  readonly prorate: 'days' | 'none';
  /** Whether lines count after discounts (net) or before them. */
  readonly measure: 'net' | 'gross';
};

/** The rules of the moment that match, highest priority first, then in file order. */
export type Matches = readonly Rule[];
