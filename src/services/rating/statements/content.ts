import { formatDecimal } from '../../../money/decimal.js';
import { type Content, hashOf } from '../../../platform/content-hash.js';
import { resourceName } from '../../../strategy/revision-name.js';
import { formatInstant } from '../../../time/instant.js';
import { type Statement, type StatementLine, nameOf, statementName } from './statement.js';

type Unhashed = Omit<Statement, 'contentHash' | 'turn'>;

/** Seals a statement: whoever has its content can compute the hash again. */
export function sealed(statement: Omit<Statement, 'contentHash'>): Statement {
  return { ...statement, contentHash: hashOf(contentOf(statement)) };
}

/**
 * What of a statement is hashed: its message in the JSON of protobuf, every field under its own name, without the hash.
 * Instants are RFC 3339 in UTC without trailing zeros.
 */
export function contentOf(statement: Unhashed): Content {
  const { strategy, lines, ratings } = statement;
  return {
    name: statementName(nameOf(statement)),
    strategy: resourceName({ strategy }),
    up_to: formatInstant(statement.upTo),
    closed_at: formatInstant(statement.closedAt),
    currency: statement.currency,
    amount: formatDecimal(statement.amount),
    settled: formatDecimal(statement.settled),
    rating_count: String(ratings),
    lines: lines.map((line) => contentOfLine(strategy, line)),
  };
}

function contentOfLine(strategy: string, { line, kind, price, rule, tier, ...rest }: StatementLine): Content {
  return {
    ...{ line, kind, price, rule, tier },
    revision: resourceName({ strategy, number: rest.revision }),
    period_start: formatInstant(rest.period.start),
    period_end: formatInstant(rest.period.end),
    quantity: formatDecimal(rest.quantity),
    amount: formatDecimal(rest.amount),
  };
}
