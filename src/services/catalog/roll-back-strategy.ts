import type { RequestKey } from '../../platform/request-key.js';
import { changeOnce } from './change-once.js';
import { existingRevision } from './get-revision.js';
import { nextRevision, type Draft } from './next-revision.js';
import type { CatalogPorts } from './ports.js';
import type { Changed } from './revision.js';
import { insertRevision } from './store.js';

export type RollBackInput = Pick<Draft, 'strategy' | 'base' | 'effectiveFrom' | 'note' | 'publishedBy'> & {
  /** The revision whose document comes back. */
  readonly number: number;
  readonly request: RequestKey | undefined;
};

/**
 * Publishes an earlier document as a new revision, for everyone. It is not checked again: it has been in use. Throws
 * what publishing throws, but for faults, and STRATEGY_NOT_FOUND and REVISION_NOT_FOUND.
 */
export function rollBackStrategy(input: RollBackInput, ports: CatalogPorts): Promise<Changed> {
  const { strategy, base, effectiveFrom, note, publishedBy } = input;
  return changeOnce(input.request, ports, async (head, session) => {
    const earlier = await existingRevision(ports.store, input, session);
    const { title, contentHash, format, source, canonical, terms } = earlier;
    const draft: Draft = {
      ...{ strategy, base, effectiveFrom, note, publishedBy },
      ...{ title, contentHash, format, terms },
      appliesTo: 'everyone',
      rolledBackTo: earlier.number,
    };
    const revision = await nextRevision(draft, head, ports, session);
    await insertRevision(ports.store, { ...revision, source, canonical, terms }, head.sequence, session);
    return { revision, warnings: [] };
  });
}
