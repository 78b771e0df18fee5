/**
 * What a parser returns: the value, or in one sentence why there is none. Parsers never throw halfway, so a caller can
 * collect the faults of a whole document.
 */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function refused(why: string): { readonly ok: false; readonly why: string } {
  return { ok: false, why };
}
