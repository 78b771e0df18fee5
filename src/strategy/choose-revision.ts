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
 * that it shows what a new customer pays. `subscription`: the newest revision that reaches it; `periodStart` tells when
 * its period around the instant began, as a revision has the periods. `revision`: this one, from its effective time on,
 * whatever is newer.
 */
export type Pin =
  | { readonly kind: 'follow' }
  | {
      readonly kind: 'subscription';
      readonly startedAt: Instant;
      readonly periodStart: (by: RevisionHead) => Instant;
    }
  | { readonly kind: 'revision'; readonly number: number };

/** The order in which revisions take effect. Two never do at one instant; if they did, the higher number would win. */
export function byEffect(a: RevisionHead, b: RevisionHead): number {
  if (a.effectiveFrom !== b.effectiveFrom) return a.effectiveFrom < b.effectiveFrom ? -1 : 1;
  return a.number - b.number;
}

/**
 * The revision that prices an instant: of those in effect at `at`, not withdrawn and meant for the pin, the one with the
 * newest `effectiveFrom` (inclusive). Undefined before the first. The list is in the order `byEffect`.
 */
export function chooseRevision(
  revisions: readonly RevisionHead[],
  pin: Pin,
  at: Instant,
): RevisionHead | undefined {
  let chosen: RevisionHead | undefined;
  for (const revision of revisions) {
    if (revision.effectiveFrom > at) break;
    if (!revision.withdrawn && reaches(revision, pin, chosen)) chosen = revision;
  }
  return chosen;
}

/** `before`: the revision that it would follow. */
function reaches(revision: RevisionHead, pin: Pin, before: RevisionHead | undefined): boolean {
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
          // The next period begins where the one before ends, so by the periods that hold until then.
          return pin.periodStart(before ?? revision) >= revision.effectiveFrom;
      }
  }
}
