import { RatebookError, type Violation, summarize } from '../../errors/error.js';

/**
 * Runs what answers one input, and tells its errors by the paths that the request has: the calculation calls a fact of
 * the only use `facts.model`, in the request it is `input.usages[0].facts.model`.
 */
export async function inRequestPaths<T>(answer: () => Promise<T>): Promise<T> {
  try {
    return await answer();
  } catch (error) {
    throw error instanceof RatebookError ? withRequestPaths(error) : error;
  }
}

export function withRequestPaths(error: RatebookError): RatebookError {
  const { reason, metadata, retryAfterMs, cause } = error;
  if (error.violations.length === 0) return error;
  const violations = error.violations.map(({ field, description }): Violation => ({
    field: requestPath(field),
    description,
  }));
  const message = error.message === summarize(error.violations) ? summarize(violations) : error.message;
  return new RatebookError(reason, message, { violations, metadata, retryAfterMs, cause });
}

/** A number of the document (`prices.…`, `rules.…`) that a fact has made impossible is no field of the request. */
const OF_THE_DOCUMENT = /^(prices|rules)\./;

function requestPath(field: string): string {
  if (field === 'input' || OF_THE_DOCUMENT.test(field)) return field;
  const ofUse = field.startsWith('facts.') ? `usages[0].${field}` : field;
  return `input.${ofUse.replace(/\.facts\.occurred_at$/, '.occurred_at')}`;
}
