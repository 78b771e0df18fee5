import type { RecordingPorts } from '../recording/ports.js';
import { getStatement } from './get-statement.js';
import type { Statement, StatementName } from './statement.js';
import { cutsBefore } from './statement-store.js';

/** A cut through the ratings of a subscription: those that fell due up to an instant and have this turn or an earlier one. */
export type Cut = Pick<Statement, 'turn' | 'upTo'>;

/** The ratings on one statement: those of its cut that are in none of the earlier ones. */
export type OnStatement = Cut & { readonly earlier: readonly Cut[] };

/** Which ratings a statement has. Throws STATEMENT_NOT_FOUND. */
export async function cutOf(name: StatementName, ports: Pick<RecordingPorts, 'store'>): Promise<OnStatement> {
  const { turn, upTo } = await getStatement(name, ports);
  const earlier: Cut[] = [];
  // An earlier cut has a lower turn: it takes away anything only where it goes further than those after it.
  let reached: bigint | undefined;
  for await (const cut of cutsBefore(ports.store, name)) {
    if (reached !== undefined && cut.upTo <= reached) continue;
    earlier.push({ turn: cut.turn, upTo: cut.upTo });
    reached = cut.upTo;
    if (reached >= upTo) break;
  }
  return { turn, upTo, earlier };
}
