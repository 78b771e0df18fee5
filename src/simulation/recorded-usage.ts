import type { GivenFacts } from '../quote/input.js';

/** One use of an account as it was recorded. */
export type RecordedUsage = {
  /** Empty where the recording names no accounts. */
  readonly account: string;
  /** Names the use among those of its account: when it comes again, it is the same use. */
  readonly id?: string;
  /** Where the recording has it, from 1. */
  readonly line: number;
  /** All facts that the recording has; each side takes those that it declares. */
  readonly facts: GivenFacts;
};

/** A row of a recording of which nobody can say what was used. */
export type UnreadableUsage = {
  /** Where the recording has it, from 1. */
  readonly line: number;
  readonly about: UnreadableKind;
  readonly why: string;
};

/**
 * What of a row cannot be read: how many cells it has, a quote, a character, its JSON, a value that is nested, its
 * length, or what it says of the account, the id or the time.
 */
export type UnreadableKind =
  'width' | 'quote' | 'character' | 'json' | 'nested' | 'too_long' | 'account' | 'usage_id' | 'occurred_at';
