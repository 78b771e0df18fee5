import type { Decimal } from '../money/decimal.js';
import type { Operand, Price } from '../pricing/price.js';
import type { Window } from '../time/window.js';
import type { ComputedFact, FactDeclaration, FactValue, Moment } from './strategy.js';

/** What follows from the rest and never changes, so that no quote has to work it out again. */
export type Prepared = {
  readonly moments: Readonly<Record<Moment, PreparedMoment>>;
  /** Facts that have a default, with it. */
  readonly defaults: ReadonlyMap<string, FactValue>;
  readonly optional: readonly string[];
  readonly billable: readonly string[];
  /** Position of each line in `lines`. */
  readonly places: ReadonlyMap<string, number>;
  readonly prices: ReadonlyMap<string, PreparedPrice>;
  /** What callers call a counter, by its own name or by a price that counts in it: the name that it goes by. */
  readonly counters: ReadonlyMap<string, string>;
  /** Every kind of window that a use may count in or is billed with; `each` is none. */
  readonly windows: readonly (Window | 'never' | 'account')[];
  /** Whether a price counts for each group. */
  readonly hasGroups: boolean;
  readonly cycles: readonly Cycle[];
  /** Where a fact says how long a usage lasts. */
  readonly lasting?: Lasting;
};

/** Prices that fall due together at the moment `period`, by their ids. */
export type Cycle = {
  readonly kind: Window;
  readonly anchor: 'calendar' | 'subscription';
  readonly bill: 'advance' | 'arrears';
  /** Charged for each piece of a period that a change has cut. */
  readonly prorated: readonly string[];
  /** Charged once for a period that is served at all. */
  readonly whole: readonly string[];
  /** Charged for what was recorded in the period. */
  readonly measured: readonly string[];
  /** Topped up to their minimum for windows that have closed with the period. */
  readonly minimums: readonly string[];
  /** Whether rules may give something with each of these periods. */
  readonly grants: boolean;
};

/** What a usage that lasts is cut by. */
export type Lasting = {
  /** The fact that says how long. */
  readonly fact: string;
  readonly unit: NonNullable<FactDeclaration['lasts']>;
  /** Minutes of the day, in order, at which a fact of the clock or the calendar may come to count differently. */
  readonly minutes: readonly number[];
  /** In which its prices count. */
  readonly windows: readonly Window[];
  /** `local_*` facts whose very value makes a number or a group. */
  readonly asTheyAre: ReadonlySet<string>;
};

/** Most pieces that a usage is cut into: more than the hours of a year. */
export const MOST_PIECES = 10_000;

/** The facts that a moment reads, by what they come from. */
export type PreparedMoment = {
  /** Of the account and its subscription: those declared, and the built-in ones that are read. */
  readonly ofAccount: ReadonlySet<string>;
  /** `local_*`: from the instant. */
  readonly local: readonly string[];
  /** `period_*`: from the period. */
  readonly ofPeriod: readonly string[];
  /** `total.<price>`: from what was measured. */
  readonly measured: readonly { readonly name: string; readonly price: string }[];
  /** `used.<price>` and `used.<price>.events`: from the running totals. */
  readonly used: readonly UsedFacts[];
  /** Those whose groups go by a computed fact, so that they may be found only once that is there. */
  readonly usedAfterComputed: readonly UsedFacts[];
  readonly computed: readonly ComputedFact[];
  readonly groups: PreparedGroups;
};

/** What tells in which groups an evaluation counts, before any rule is matched. */
export type PreparedGroups = {
  /** Prices with groups that the moment may charge, or whose running totals it reads. */
  readonly prices: readonly Price<Operand>[];
  /** The facts that their groups go by, and all that the computed ones among them are made of. */
  readonly facts: ReadonlySet<string>;
  /** Whether some are built in. */
  readonly hasBuiltIn: boolean;
  /** The computed ones, each after those it needs. */
  readonly computed: readonly ComputedFact[];
};

export type UsedFacts = {
  readonly price: Price<Operand>;
  /** Names of the facts as far as they are read. */
  readonly units?: string;
  readonly events?: string;
};

export type PreparedPrice = {
  readonly price: Price<Operand>;
  /** When all its numbers are written out; the quantity in it stands for that of a use. */
  readonly constant?: Price<Decimal>;
  /** The facts that it computes with, directly or through `derive`. */
  readonly charges: ReadonlySet<string>;
};
