import type { Decimal } from '../money/decimal.js';
import type { Fault } from '../strategy/fault.js';
import type { QuoteInput } from '../quote/input.js';

/** An analyst's own test of a strategy: an input, and what of the answer it expects. */
export type Case = {
  readonly name: string;
  readonly input: QuoteInput;
  readonly expect: Expectation;
};

/** What a case names; the rest of the answer may be anything. */
export type Expectation = {
  readonly amount?: Decimal;
  /** Of a sequence of uses, one after the other. */
  readonly amounts?: readonly Decimal[];
  readonly total?: Decimal;
  readonly currency?: string;
  /** By line; `null`: the line must not be there. */
  readonly lines?: ReadonlyMap<string, ExpectedLine | null>;
  /** By label or rule. */
  readonly discounts?: ReadonlyMap<string, Decimal>;
  /** By label. */
  readonly taxes?: ReadonlyMap<string, Decimal>;
  /** By rule: how much a purchase or a period gives. */
  readonly grants?: ReadonlyMap<string, Decimal>;
  /** Reason of the error, or the code of a `reject` rule. */
  readonly error?: string;
};

export type ExpectedLine = {
  readonly rule?: string;
  readonly price?: string;
  readonly quantity?: Decimal;
  readonly amount?: Decimal;
  readonly net?: Decimal;
};

export type ReadCases = { readonly cases: readonly Case[]; readonly faults: readonly Fault[] };

export type CaseResult = {
  readonly name: string;
  readonly passed: boolean;
  /** What the case named, and what came instead, as texts under the same keys: `lines.input.amount`. */
  readonly expected: Readonly<Record<string, string>>;
  readonly actual: Readonly<Record<string, string>>;
};
