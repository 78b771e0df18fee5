import { type RatebookError, withFields } from '../errors/error.js';
import type { QuoteInput } from '../quote/input.js';

/** An error of a service told by the paths of the facts file: the one use in it is no list, and nothing is called input. */
export function inFilePaths(error: RatebookError, { usages }: QuoteInput): RatebookError {
  return withFields(error, (field) => filePath(field, usages.length > 1));
}

function filePath(field: string, several: boolean): string {
  const path = field.replace(/^input\./, '').replace(/(^|\.)occurred_at$/, '$1facts.occurred_at');
  return several ? path : path.replace(/^usages\[0\]\./, '');
}
