import { RatebookError } from '../../errors/error.js';
import type { RequestKey } from '../../platform/request-key.js';
import { formatInstant } from '../../time/instant.js';
import { changeOnce } from './change-once.js';
import { existingRevision } from './get-revision.js';
import type { CatalogPorts } from './ports.js';
import type { Changed, Revision } from './revision.js';
import { refuseToExpose } from './neighbours.js';
import { markWithdrawn } from './store.js';
import { settledUntil } from './watermark.js';

export type WithdrawInput = {
  readonly strategy: string;
  readonly number: number;
  readonly request: RequestKey | undefined;
};

/**
 * Takes back a revision that nobody has been priced by: its effective time is still above the watermark. Withdrawing it
 * again changes nothing and tells its news again. Throws ALREADY_EFFECTIVE, PERIOD_RUNNING where the
 * revision after it counts on it, STRATEGY_NOT_FOUND, REVISION_NOT_FOUND and
 * REQUEST_ID_REUSED.
 */
export function withdrawRevision(input: WithdrawInput, ports: CatalogPorts): Promise<Changed> {
  const { store, clock } = ports;
  return changeOnce(input.request, ports, async (head, session) => {
    const found = await existingRevision(store, input, session);
    const now = clock.now();
    if (!found.withdrawn && found.effectiveFrom <= settledUntil(head, now)) throw alreadyEffective(found);
    if (!found.withdrawn) await refuseToExpose(found, store, session);
    const withdrawn = { ...input, withdrawnAt: found.withdrawnAt ?? now };
    const revision = await markWithdrawn(store, withdrawn, head.sequence, session);
    return { revision, warnings: [] };
  });
}

function alreadyEffective({ strategy, number, effectiveFrom }: Revision): RatebookError {
  return new RatebookError(
    'ALREADY_EFFECTIVE',
    `Revision ${number.toString()} of ${strategy} is in effect from ${formatInstant(effectiveFrom)} on, or within seconds, and can only be superseded; publish another revision or roll back.`,
    { metadata: { strategy, number: number.toString(), effective_from: formatInstant(effectiveFrom) } },
  );
}
