import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { nearest } from '../../../errors/nearest.js';
import { type Parsed, parsed, refused } from '../../../errors/parsed.js';
import type {
  Account as ProtoAccount,
  AccountSchema,
  CloseAccountRequest,
  CreateAccountRequest,
  ListAccountsRequest,
  SetAccountAttributesRequest,
} from '../../../gen/ratebook/v1/account_pb.js';
import { isCurrency } from '../../../money/currency.js';
import { type Take, readRequest, taking } from '../../../platform/grpc/read-request.js';
import { toTimestamp } from '../../../platform/grpc/timestamp.js';
import { type PageInput, fromProtoPage } from '../../../platform/page.js';
import { requestKey } from '../../../platform/request-key.js';
import type { Instant } from '../../../time/instant.js';
import { isTimeZone } from '../../../time/zone.js';
import { fromProtoStoredInstant } from '../convert.js';
import { type Account, accountName, parseAccountName } from './account.js';
import type { CloseAccountInput } from './close-account.js';
import { fromProtoChange, fromProtoChanges, toProtoChange } from './convert-attributes.js';
import type { CreateAccountInput } from './create-account.js';
import type { SetAccountAttributesInput } from './set-attributes.js';

export function fromProtoCreateAccount(request: CreateAccountRequest, caller: string): CreateAccountInput {
  return readRequest((complain) => ({
    account: fromProtoAccount(request.account, taking(complain)),
    request: requestKey(request, caller, complain),
  }));
}

export function fromProtoAccountName(name: string): string {
  return readRequest((complain) => takeAccountName('name', name, taking(complain)));
}

export function fromProtoListAccounts(request: ListAccountsRequest): PageInput {
  return readRequest((complain) => fromProtoPage(request, complain));
}

export function fromProtoSetAccountAttributes(
  request: SetAccountAttributesRequest,
  caller: string,
): SetAccountAttributesInput {
  return readRequest((complain) => ({
    id: takeAccountName('name', request.name, taking(complain)),
    change: fromProtoChange('account', request.change, 'change', taking(complain)),
    request: requestKey(request, caller, complain),
  }));
}

export function fromProtoCloseAccount(request: CloseAccountRequest, caller: string): CloseAccountInput {
  return readRequest((complain) => ({
    id: takeAccountName('name', request.name, taking(complain)),
    closedAt: takeStoredInstant('closed_at', request.closedAt, taking(complain)),
    request: requestKey(request, caller, complain),
  }));
}

export function takeAccountName(field: string, name: string, take: Take): string {
  return take(field, parseAccountName(name), '');
}

export function takeStoredInstant(
  field: string,
  sent: Timestamp | undefined,
  take: Take,
): Instant | undefined {
  return sent && take(field, fromProtoStoredInstant(sent), 0n);
}

function fromProtoAccount(account: ProtoAccount | undefined, take: Take): CreateAccountInput['account'] {
  if (account === undefined) take('account', refused('is not set; send the account'), '');
  const { name = '', currency = '', country = '', timeZone = '' } = account ?? {};
  return {
    id: takeAccountName('account.name', name, take),
    currency: take('account.currency', parseCurrency(currency), ''),
    country: take('account.country', parseCountry(country), ''),
    timeZone: take('account.time_zone', parseTimeZone(timeZone === '' ? 'UTC' : timeZone), ''),
    openedAt: takeStoredInstant('account.opened_at', account?.openedAt, take),
    attributes: fromProtoChanges('account', account?.attributes ?? [], take),
  };
}

function parseCurrency(code: string): Parsed<string> {
  if (isCurrency(code)) return parsed(code);
  const upper = code.toUpperCase();
  const hint = code !== upper && isCurrency(upper) ? `did you mean ${upper}?` : 'send a code such as USD';
  return refused(`${quoted(code)} is no currency of ISO 4217; ${hint}`);
}

function parseCountry(code: string): Parsed<string> {
  if (/^([A-Z]{2})?$/.test(code)) return parsed(code);
  return refused(
    `${quoted(code)} is no country of ISO 3166-1; send two capital letters such as DE, or nothing`,
  );
}

function parseTimeZone(name: string): Parsed<string> {
  if (isTimeZone(name)) return parsed(name);
  const close = nearest(name, Intl.supportedValuesOf('timeZone'));
  const hint =
    close === undefined ? 'send one such as Europe/Berlin, or nothing for UTC' : `did you mean ${close}?`;
  return refused(`${quoted(name)} is no IANA time zone; ${hint}`);
}

export function toProtoAccount(account: Account): MessageInitShape<typeof AccountSchema> {
  const { openedAt, closedAt } = account;
  return {
    name: accountName(account.id),
    currency: account.currency,
    country: account.country,
    timeZone: account.timeZone,
    ...(openedAt === undefined ? {} : { openedAt: toTimestamp(openedAt) }),
    ...(closedAt === undefined ? {} : { closedAt: toTimestamp(closedAt) }),
    attributes: account.attributes.map(toProtoChange),
    createdAt: toTimestamp(account.createdAt),
  };
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
