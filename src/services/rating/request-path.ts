import { RatebookError, withFields } from '../../errors/error.js';

/**
 * An error of answering one input, told by the paths that the request has: the calculation calls a fact of the only use
 * `facts.model`, in the request it is `input.usages[0].facts.model`. What nobody foresaw stays as it is.
 */
export function toRequestPaths(error: unknown): unknown {
  return error instanceof RatebookError ? withRequestPaths(error) : error;
}

export function withRequestPaths(error: RatebookError): RatebookError {
  return withFields(error, requestPath);
}

/** A number of the document (`prices.…`, `rules.…`) that a fact has made impossible is no field of the request. */
const OF_THE_DOCUMENT = /^(prices|rules)\./;

function requestPath(field: string): string {
  if (field === 'input' || OF_THE_DOCUMENT.test(field)) return field;
  const ofUse = field.startsWith('facts.') ? `usages[0].${field}` : field;
  return `input.${ofUse.replace(/\.facts\.occurred_at$/, '.occurred_at')}`;
}
