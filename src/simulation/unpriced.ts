import type { Reason } from '../errors/catalogue.js';
import type { RatebookError } from '../errors/error.js';
import type { UnreadableUsage } from './recorded-usage.js';

/**
 * Usage that has no price, by kind: what is wrong, and with which fact or part of the row. There are as many kinds as a
 * document can refuse for, and those of rows that cannot be read.
 */
export type Unpriced = { usages: number; readonly kinds: Map<string, UnpricedKind> };

export type UnpricedKind = {
  readonly reason: Reason | 'UNREADABLE';
  /** The fact that is wrong or has no price, the code of a `reject` rule, or what cannot be read; empty where there is none. */
  readonly about: string;
  readonly usages: number;
  /** The first one in the recording, and what was said of it. */
  readonly line: number;
  readonly message: string;
};

export function noneUnpriced(): Unpriced {
  return { usages: 0, kinds: new Map() };
}

export function noteRefused(unpriced: Unpriced, line: number, error: RatebookError): void {
  const { reason, violations, metadata, message } = error;
  const about = violations[0]?.field.replace(/^facts\./, '') ?? metadata['code'] ?? '';
  addKind(unpriced, { reason, about, usages: 1, line, message });
}

export function noteUnreadable(unpriced: Unpriced, { line, about, why }: UnreadableUsage): void {
  addKind(unpriced, { reason: 'UNREADABLE', about, usages: 1, line, message: why });
}

/** Adds usages of a kind. The example is the earliest, so that it does not matter in which order they are added. */
export function addKind(unpriced: Unpriced, more: UnpricedKind): void {
  const key = `${more.reason} ${more.about}`;
  const known = unpriced.kinds.get(key);
  const first = known === undefined || more.line < known.line ? more : known;
  unpriced.kinds.set(key, { ...first, usages: more.usages + (known?.usages ?? 0) });
  unpriced.usages += more.usages;
}
