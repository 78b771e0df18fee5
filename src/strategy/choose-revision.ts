import type { Instant } from '../time/instant.js';

/** Whom a revision is for. */
export const APPLIES_TO = ['everyone', 'new_subscriptions', 'next_period'] as const;
export type AppliesTo = (typeof APPLIES_TO)[number];

/** What decides whether a revision prices an instant. */
export type RevisionHead = {
  /** From 1, in the order of publication. */
  readonly number: number;
  readonly effectiveFrom: Instant;
  readonly appliesTo: AppliesTo;
  readonly withdrawn: boolean;
};

/**
 * Whose revision it is. `follow`: a quote without a subscription, taken as one that starts at the instant asked for, so
 * that it shows what a new customer pays. `subscription`: the newest revision that reaches it; `periodStart` is the
 * start of its period around the instant. `revision`: this one, from its effective time on, whatever is newer.
 */
export type Pin =
  | { readonly kind: 'follow' }
  | { readonly kind: 'subscription'; readonly startedAt: Instant; readonly periodStart: Instant }
  | { readonly kind: 'revision'; readonly number: number };

/**
 * The revision that prices an instant: of those in effect at `at`, not withdrawn and meant for the pin, the one with the
 * newest `effectiveFrom` (inclusive). Undefined before the first. The order of the list does not matter. Two revisions
 * never have one `effectiveFrom`; if they had, the higher number would win.
 */
export function chooseRevision(
  revisions: readonly RevisionHead[],
  pin: Pin,
  at: Instant,
): RevisionHead | undefined {
  let chosen: RevisionHead | undefined;
  for (const revision of revisions) {
    if (revision.withdrawn || revision.effectiveFrom > at || !reaches(revision, pin)) continue;
    if (chosen === undefined || isNewer(revision, chosen)) chosen = revision;
  }
  return chosen;
}

function reaches(revision: RevisionHead, pin: Pin): boolean {
  switch (pin.kind) {
    case 'follow':
      // It starts now, at or after the effective time, and so does its first period.
      return true;
    case 'revision':
      return revision.number === pin.number;
    case 'subscription':
      switch (revision.appliesTo) {
        case 'everyone':
          return true;
        case 'new_subscriptions':
          return pin.startedAt >= revision.effectiveFrom;
        case 'next_period':
          return pin.periodStart >= revision.effectiveFrom;
      }
  }
}

function isNewer(a: RevisionHead, b: RevisionHead): boolean {
  if (a.effectiveFrom !== b.effectiveFrom) return a.effectiveFrom > b.effectiveFrom;
  return a.number > b.number;
}
