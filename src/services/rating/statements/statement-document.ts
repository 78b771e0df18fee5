import type { StoredDecimal } from '../store.js';
import type { Statement, StatementLine } from './statement.js';

/** One statement; `_id` is `ACCOUNT/SUBSCRIPTION NUMBER`. Never changed. */
export type StatementDocument = Omit<Statement, 'amount' | 'settled' | 'lines'> & {
  readonly _id: string;
  /** `ACCOUNT/SUBSCRIPTION`. */
  readonly owner: string;
  readonly amount: StoredDecimal;
  readonly settled: StoredDecimal;
  readonly lines: readonly StoredStatementLine[];
};

export type StoredStatementLine = Omit<StatementLine, 'quantity' | 'amount'> & {
  readonly quantity: StoredDecimal;
  readonly amount: StoredDecimal;
};
