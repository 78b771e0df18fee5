import { RatebookError } from '../../../errors/error.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import { type AtTurn, takeAccountTurns } from '../accounts/account-store.js';
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

/** Throws UNAVAILABLE where one for the past has come since the turns were taken, which what is rated now would go by. */
export function refuseNewer(turns: readonly AtTurn[], { backdated: known }: RevisionBook): void {
  const older = turns.find(({ backdated }) => backdated < known);
  if (older === undefined) return;
  const message = `A revision for the past has come while ${older.account.id} was being rated; send it again.`;
  throw new RatebookError('UNAVAILABLE', message, { retryAfterMs: 0 });
}
