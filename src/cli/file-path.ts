import { RatebookError, type Violation, summarize } from '../errors/error.js';
import type { QuoteInput } from '../quote/input.js';

/** An error of a service told by the paths of the facts file: the one use in it is no list, and nothing is called input. */
export function inFilePaths(error: RatebookError, { usages }: QuoteInput): RatebookError {
  if (error.violations.length === 0) return error;
  const violations = error.violations.map(({ field, description }): Violation => ({
    field: filePath(field, usages.length > 1),
    description,
  }));
  const message = error.message === summarize(error.violations) ? summarize(violations) : error.message;
  const { reason, metadata, retryAfterMs, cause } = error;
  return new RatebookError(reason, message, { violations, metadata, retryAfterMs, cause });
}

function filePath(field: string, several: boolean): string {
  const path = field.replace(/^input\./, '').replace(/(^|\.)occurred_at$/, '$1facts.occurred_at');
  return several ? path : path.replace(/^usages\[0\]\./, '');
}
