import type { SyntaxFault } from './read-source.js';
import type { SourceMap, Span } from './source.js';

/** Lists and maps within each other. A strategy needs about ten; conditions may nest 16 levels of their own. */
export const DEEPEST_NESTING = 64;
/** Faults of syntax that are worth listing. */
export const MOST_SYNTAX_FAULTS = 100;

export function tooDeep(span: Span): SyntaxFault {
  return { span, message: `Lists and maps are nested more than ${DEEPEST_NESTING} levels deep here.` };
}

/** A fault for each key that its map has already. */
export function findDoubleKeys(entries: SourceMap['entries']): SyntaxFault[] {
  const seen = new Set<string>();
  const faults: SyntaxFault[] = [];
  for (const { key, keySpan } of entries) {
    if (seen.has(key)) faults.push({ span: keySpan, message: `The key \`${key}\` is here a second time.` });
    seen.add(key);
  }
  return faults;
}
