import { violationError } from '../../../errors/error.js';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { RetryUnpricedRequest } from '../../../gen/ratebook/v1/rate_pb.js';
import { type Complain, readRequest, taking } from '../../../platform/grpc/read-request.js';
import { type PageInput, fromProtoPage } from '../../../platform/page.js';
import type { Instant } from '../../../time/instant.js';
import { parseAccountName, parseSubscriptionName } from '../accounts/account.js';
import { fromProtoStoredInstant } from '../convert.js';
import { takeStatementName } from '../statements/convert-statement.js';
import type { StatementName } from '../statements/statement.js';
import { fromProtoUsageId, sendable } from './convert-usage.js';
import type { ListedRatings } from './list-ratings.js';
import type { UsageKey } from './rating-store.js';

/** Which use a request is about. Throws INVALID_REQUEST with every violation. */
export function fromProtoKey(request: { readonly account: string; readonly usageId: string }): UsageKey {
  return readRequest((complain) => {
    const account = parseAccountName(request.account);
    const usageId = fromProtoUsageId(request.usageId);
    if (!account.ok) complain('account', account.why);
    if (!usageId.ok) complain('usage_id', usageId.why);
    return { account: account.ok ? account.value : '', usageId: usageId.ok ? usageId.value : '' };
  });
}

/** The same of a use that is to be changed, which none is that Ratebook rates itself. */
export function fromProtoSentKey(request: { readonly account: string; readonly usageId: string }): UsageKey {
  const key = fromProtoKey(request);
  const usageId = sendable({ ok: true, value: key.usageId });
  if (!usageId.ok) throw violationError('INVALID_REQUEST', [{ field: 'usage_id', description: usageId.why }]);
  return key;
}

type Paged = { readonly pageSize: number; readonly pageToken: string };

export function fromProtoPaged({ parent, ...page }: Paged & { readonly parent: string }): {
  readonly account: string;
  readonly page: PageInput;
} {
  return readRequest((complain) => ({
    account: accountOf(parent, complain),
    page: fromProtoPage(page, complain),
  }));
}

/** The page of uses to be tried again: a limit below 1 is the usual one. */
export function fromProtoRetry({ parent, limit, pageToken }: RetryUnpricedRequest): {
  readonly account: string;
  readonly page: PageInput;
} {
  return readRequest((complain) => ({
    account: accountOf(parent, complain),
    page: { size: Math.max(limit, 0), token: pageToken },
  }));
}

type ListRequest = Paged & {
  readonly parent: string;
  readonly from?: Timestamp | undefined;
  readonly to?: Timestamp | undefined;
  readonly statement: string;
};

export function fromProtoListRatings(request: ListRequest): {
  readonly listed: ListedRatings;
  readonly page: PageInput;
} {
  return readRequest((complain) => {
    const owner = ownerOf(request.parent, complain);
    return {
      listed: {
        ...owner,
        from: instantOf('from', request.from, complain),
        to: instantOf('to', request.to, complain),
        ...(request.statement !== '' && { statement: statementOf(request.statement, owner, complain) }),
      },
      page: fromProtoPage(request, complain),
    };
  });
}

function accountOf(parent: string, complain: Complain): string {
  const account = parseAccountName(parent);
  if (account.ok) return account.value;
  complain('parent', account.why);
  return '';
}

/** An account, or one of its subscriptions. */
function ownerOf(parent: string, complain: Complain): Pick<ListedRatings, 'account' | 'subscription'> {
  const account = parseAccountName(parent);
  if (account.ok) return { account: account.value, subscription: undefined };
  const subscription = parseSubscriptionName(parent);
  if (subscription.ok) return { account: subscription.value.account, subscription: subscription.value.id };
  complain('parent', `"${parent}" is no name such as accounts/acme or accounts/acme/subscriptions/main`);
  return { account: '', subscription: undefined };
}

function statementOf(
  name: string,
  { account, subscription }: Pick<ListedRatings, 'account' | 'subscription'>,
  complain: Complain,
): StatementName {
  const statement = takeStatementName('statement', name, taking(complain));
  const isOther =
    statement.account !== account || (subscription !== undefined && statement.id !== subscription);
  // One that cannot be read has no number, and has been told.
  if (isOther && statement.number > 0) complain('statement', 'is not one of the parent');
  return statement;
}

function instantOf(field: string, sent: Timestamp | undefined, complain: Complain): Instant | undefined {
  if (sent === undefined) return undefined;
  const instant = fromProtoStoredInstant(sent);
  if (instant.ok) return instant.value;
  complain(field, instant.why);
  return undefined;
}
