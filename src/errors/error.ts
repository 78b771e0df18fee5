import { catalogue, type Reason, type Status } from './catalogue.js';

/** One thing that is wrong with one field of the input. */
export type Violation = {
  /** Path of the field, as the sender would write it: `facts.input_tokens`, `items[3].facts.model`. */
  readonly field: string;
  /** One sentence with the value found and what was expected. */
  readonly description: string;
};

export type ErrorDetails = {
  readonly violations?: readonly Violation[];
  /** Facts about this occurrence for programs, such as `{ fact: 'output_tokens' }`. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** For UNAVAILABLE and RESOURCE_EXHAUSTED: when to try again. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
};

/** The one error class. Everything that Ratebook refuses on purpose is thrown as one of these. */
export class RatebookError extends Error {
  override readonly name = 'RatebookError';
  readonly reason: Reason;
  readonly violations: readonly Violation[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly retryAfterMs: number | undefined;

  constructor(reason: Reason, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.reason = reason;
    this.violations = details.violations ?? [];
    this.metadata = details.metadata ?? {};
    this.retryAfterMs = details.retryAfterMs;
  }

  get status(): Status {
    return catalogue[this.reason];
  }
}

/** An error that says all that is wrong with an input: at least one violation. */
export function violationError(reason: Reason, violations: readonly Violation[]): RatebookError {
  return new RatebookError(reason, summarize(violations), { violations });
}

/** The message for several violations: the first one said in full, the rest counted. */
export function summarize(violations: readonly Violation[]): string {
  const first = violations[0];
  if (first === undefined) return 'The request is not valid.';
  const more = violations.length - 1;
  return more === 0
    ? `${first.field}: ${first.description}`
    : `${first.field}: ${first.description} (and ${more} more)`;
}

/** The same error with the fields of its violations told as another reader calls them. */
export function withFields(error: RatebookError, rename: (field: string) => string): RatebookError {
  const { reason, metadata, retryAfterMs, cause } = error;
  if (error.violations.length === 0) return error;
  const violations = error.violations.map(({ field, description }) => ({
    field: rename(field),
    description,
  }));
  const message = error.message === summarize(error.violations) ? summarize(violations) : error.message;
  return new RatebookError(reason, message, { violations, metadata, retryAfterMs, cause });
}
