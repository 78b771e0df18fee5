import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  CloseStatementRequest,
  ListStatementsRequest,
  PeriodSummarySchema,
  PreviewStatementRequest,
  StatementLineSchema,
  StatementSchema,
  SummarizePeriodRequest,
} from '../../../gen/ratebook/v1/statement_pb.js';
import { refused } from '../../../errors/parsed.js';
import { formatDecimal } from '../../../money/decimal.js';
import { type Take, readRequest, taking } from '../../../platform/grpc/read-request.js';
import { toTimestamp } from '../../../platform/grpc/timestamp.js';
import { type PageInput, fromProtoPage } from '../../../platform/page.js';
import { requestKey } from '../../../platform/request-key.js';
import { parseResourceName, resourceName } from '../../../strategy/revision-name.js';
import { parseDate } from '../../../time/instant.js';
import { type SubscriptionName, accountName, parseSubscriptionName } from '../accounts/account.js';
import { takeAccountName, takeStoredInstant } from '../accounts/convert-account.js';
import type { CloseStatementInput } from './close-statement.js';
import type { PreviewStatementInput } from './preview-statement.js';
import {
  type Statement,
  type StatementContent,
  type StatementLine,
  type StatementName,
  nameOf,
  parseStatementName,
  statementName,
} from './statement.js';
import type { PeriodSummary, SummarizePeriodInput } from './summarize-period.js';

export function fromProtoCloseStatement(request: CloseStatementRequest, caller: string): CloseStatementInput {
  return readRequest((complain) => ({
    ...takeParent(request.parent, taking(complain)),
    upTo: takeStoredInstant('up_to', request.upTo, taking(complain)),
    request: requestKey(request, caller, complain),
  }));
}

export function fromProtoPreviewStatement(request: PreviewStatementRequest): PreviewStatementInput {
  return readRequest((complain) => ({
    ...takeParent(request.parent, taking(complain)),
    upTo: takeStoredInstant('up_to', request.upTo, taking(complain)),
  }));
}

export function fromProtoStatementName(name: string): StatementName {
  return readRequest((complain) => takeStatementName('name', name, taking(complain)));
}

export function takeStatementName(field: string, name: string, take: Take): StatementName {
  return take(field, parseStatementName(name), { account: '', id: '', number: 0 });
}

export function fromProtoListStatements(request: ListStatementsRequest): {
  readonly name: SubscriptionName;
  readonly page: PageInput;
} {
  return readRequest((complain) => ({
    name: takeParent(request.parent, taking(complain)),
    page: fromProtoPage(request, complain),
  }));
}

export function fromProtoSummarizePeriod(request: SummarizePeriodRequest): SummarizePeriodInput {
  return readRequest((complain) => {
    const take = taking(complain);
    return {
      account: takeAccountName('parent', request.parent, take),
      date: take('date', parseDate(request.date), ''),
      strategy: request.strategy === '' ? undefined : takeStrategy(request.strategy, take),
    };
  });
}

function takeStrategy(name: string, take: Take): string {
  const { strategy, number } = take('strategy', parseResourceName(name), { strategy: '' });
  if (number !== undefined)
    take('strategy', refused(`names a revision; send ${resourceName({ strategy })}`), undefined);
  return strategy;
}

function takeParent(parent: string, take: Take): SubscriptionName {
  return take('parent', parseSubscriptionName(parent), { account: '', id: '' });
}

export function toProtoStatement(statement: Statement): MessageInitShape<typeof StatementSchema> {
  const { closedAt, contentHash } = statement;
  const name = statementName(nameOf(statement));
  return { ...toProtoPreview(statement), name, closedAt: toTimestamp(closedAt), contentHash };
}

/** Without what only sealing gives: number, instant and hash. */
export function toProtoPreview(content: StatementContent): MessageInitShape<typeof StatementSchema> {
  const { strategy, upTo, currency, amount, settled, lines, ratings } = content;
  return {
    strategy: resourceName({ strategy }),
    upTo: toTimestamp(upTo),
    currency,
    amount: formatDecimal(amount),
    settled: formatDecimal(settled),
    lines: lines.map((line) => toProtoLine(strategy, line)),
    ratingCount: BigInt(ratings),
  };
}

export function toProtoSummary(summary: PeriodSummary): MessageInitShape<typeof PeriodSummarySchema> {
  return {
    account: accountName(summary.account),
    currency: summary.currency,
    amount: formatDecimal(summary.amount),
    ratingCount: BigInt(summary.ratings),
    statements: summary.statements.map(statementName),
    lines: summary.lines.map((line) => toProtoLine(line.strategy, line)),
  };
}

function toProtoLine(strategy: string, line: StatementLine): MessageInitShape<typeof StatementLineSchema> {
  const { kind, price, rule, revision, tier, period } = line;
  return {
    ...{ line: line.line, kind, price, rule, tier },
    revision: resourceName({ strategy, number: revision }),
    periodStart: toTimestamp(period.start),
    periodEnd: toTimestamp(period.end),
    quantity: formatDecimal(line.quantity),
    amount: formatDecimal(line.amount),
  };
}
