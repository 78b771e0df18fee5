import { RatebookError } from '../../errors/error.js';
import type { Session } from '../../platform/mongo/transaction.js';
import type { RevisionName } from '../../strategy/revision-name.js';
import type { CatalogPorts } from './ports.js';
import type { NewRevision, RevisionWithSource } from './revision.js';
import { findCurrent, findRevision, newestNumber, type Store } from './store.js';

/** A revision by its number, or without one the newest of a strategy that is not withdrawn. Throws STRATEGY_NOT_FOUND and REVISION_NOT_FOUND. */
export async function getRevision(name: RevisionName, { store }: CatalogPorts): Promise<RevisionWithSource> {
  const { strategy, number } = name;
  if (number !== undefined) return existingRevision(store, { strategy, number });
  const current = await findCurrent(store, strategy);
  if (current !== undefined) return current;
  throw strategyNotFound(strategy, await newestNumber(store, strategy));
}

export async function existingRevision(
  store: Store,
  { strategy, number }: { readonly strategy: string; readonly number: number },
  session?: Session,
): Promise<NewRevision> {
  const revision = await findRevision(store, { strategy, number }, session);
  if (revision !== undefined) return revision;
  const newest = await newestNumber(store, strategy, session);
  if (newest === 0) throw strategyNotFound(strategy, newest);
  throw new RatebookError(
    'REVISION_NOT_FOUND',
    `${strategy} has no revision ${number.toString()}; its newest is ${newest.toString()}.`,
    { metadata: { strategy, newest: newest.toString() } },
  );
}

export function strategyNotFound(strategy: string, newest: number): RatebookError {
  const message =
    newest === 0
      ? `There is no strategy "${strategy}"; list the strategies, or publish its first revision.`
      : `Every revision of "${strategy}" is withdrawn; ask for one by its number (the newest is ${newest.toString()}), or publish the next.`;
  return new RatebookError('STRATEGY_NOT_FOUND', message, { metadata: { strategy } });
}
