/**
 * Control characters, what a decoder puts for bytes that are no UTF-8, and halves of surrogate pairs, which neither
 * UTF-8 nor the canonical form of a document can hold.
 */
const UNREADABLE = /[\0-\x08\x0B\x0C\x0E-\x1F\x7F\uFFFD\p{Surrogate}]/u;

/** The first character that no text of ours may hold: where it stands, and its code, such as `U+FFFD`. */
export function findUnreadable(text: string): { readonly at: number; readonly code: string } | undefined {
  const at = text.search(UNREADABLE);
  if (at < 0) return undefined;
  const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  return { at, code: `U+${code}` };
}
