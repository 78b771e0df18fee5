import type { Plan } from './plans.js';
import type { Use } from './uses.js';

/** A use that was sent, and what the client was answered each time: `rated 5`, `duplicate 5`, `unpriced`, `rejected REJECTED`. */
export type Sent = { readonly use: Use; readonly answers: string[] };

/** All that clients have sent and were answered. */
export type Journal = {
  readonly accounts: readonly string[];
  /** By account and id. */
  readonly uses: Map<string, Sent>;
  /** The answers to all else, by what it was: `reserve p h1`. What was answered once is answered so ever after. */
  readonly acts: Map<string, string[]>;
  /** Subscriptions as their clients have changed them, by `ACCOUNT/ID`. */
  readonly plans: Map<string, Plan>;
  /** Each sends once more what was answered. */
  readonly again: (() => Promise<void>)[];
};

export function openJournal(accounts: readonly string[]): Journal {
  return { accounts, uses: new Map(), acts: new Map(), plans: new Map(), again: [] };
}
