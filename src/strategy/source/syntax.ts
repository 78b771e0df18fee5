import type { SourceMap, SourceNode, Span } from './source.js';

export type SyntaxFault = { readonly span: Span; readonly message: string; readonly hint?: string };
/** What a reader of one syntax makes of a text; there is a root unless the syntax itself is broken. */
export type Syntax = { readonly root?: SourceNode; readonly faults: readonly SyntaxFault[] };

/** Lists and maps within each other. A strategy needs about ten; conditions may nest 16 levels of their own. */
export const DEEPEST_NESTING = 64;
/** Faults of syntax that are worth listing. */
export const MOST_SYNTAX_FAULTS = 100;

export function tooDeep(span: Span): SyntaxFault {
  return { span, message: `Lists and maps are nested more than ${DEEPEST_NESTING} levels deep here.` };
}

/** The entries without those whose key their map has already; each such is a fault. */
export function withoutDoubles(entries: SourceMap['entries'], faults: SyntaxFault[]): SourceMap['entries'] {
  const seen = new Set<string>();
  return entries.filter(({ key, keySpan }) => {
    const isDouble = seen.has(key);
    if (isDouble) {
      const message = `The key \`${key}\` is here a second time.`;
      faults.push({ span: keySpan, message, hint: 'move what it holds to the first one' });
    }
    seen.add(key);
    return !isDouble;
  });
}
