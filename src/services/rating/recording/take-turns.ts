import { RatebookError } from '../../../errors/error.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import { type AtTurn, raiseBackdated, takeAccountTurns } from '../accounts/account-store.js';
import type { RevisionBook } from '../revisions/revision-book.js';
import type { Store } from '../store.js';

/**
 * Takes the turns of accounts as whoever rates does: what has once been rated knowing of a revision for the past is never
 * followed by what is rated without. The watermark cannot promise that, since such a revision takes effect below it.
 * Throws UNAVAILABLE while another process knows more than this one.
 */
export async function takeTurns(
  { store, book: { backdated } }: { readonly store: Store; readonly book: RevisionBook },
  ids: readonly string[],
  session: Session,
): Promise<readonly AtTurn[]> {
  const turns = await takeAccountTurns(store, ids, session, backdated);
  for (const turn of turns) refuseBehind(turn, backdated);
  return turns;
}

/** `known`: the newest revision for the past that this process knows. Throws UNAVAILABLE. */
export function refuseBehind({ account, backdated }: AtTurn, known: bigint): void {
  if (backdated <= known) return;
  const message = `${account.id} has been rated with a revision for the past that this process is still to read; send it again.`;
  throw new RatebookError('UNAVAILABLE', message, { retryAfterMs: 500 });
}

/**
 * Leaves with the accounts what has come of revisions for the past since their turns were taken. To be called right before
 * revisions are chosen, which go by what is known then.
 */
export async function keepUp(
  turns: readonly AtTurn[],
  { store, book }: { readonly store: Store; readonly book: RevisionBook },
  session: Session,
): Promise<void> {
  const ids = turns.map(({ account }) => account.id);
  let told = turns.reduce((least, { backdated }) => (backdated < least ? backdated : least), book.backdated);
  // More may come while it is told.
  while (told < book.backdated) {
    told = book.backdated;
    await raiseBackdated(store, ids, told, session);
  }
}
