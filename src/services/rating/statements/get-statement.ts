import { RatebookError } from '../../../errors/error.js';
import type { RecordingPorts } from '../recording/ports.js';
import { type Statement, type StatementName, statementName } from './statement.js';
import { findStatement } from './statement-store.js';

/** One statement as it was sealed. Throws STATEMENT_NOT_FOUND. */
export async function getStatement(
  name: StatementName,
  { store }: Pick<RecordingPorts, 'store'>,
): Promise<Statement> {
  const found = await findStatement(store, name);
  if (found !== undefined) return found;
  const message = `There is no ${statementName(name)}; list the statements of the subscription, or close it first.`;
  throw new RatebookError('STATEMENT_NOT_FOUND', message);
}
