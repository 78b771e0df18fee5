import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Parsed, parsed, refused } from '../../../errors/parsed.js';
import type { GrantCreditRequest, GrantSchema } from '../../../gen/ratebook/v1/wallet_pb.js';
import type { Grant } from '../../../ledger/grant.js';
import { ZERO, formatDecimal } from '../../../money/decimal.js';
import { readRequest, taking } from '../../../platform/grpc/read-request.js';
import { toTimestamp } from '../../../platform/grpc/timestamp.js';
import { fingerprintOf } from '../../../platform/request-key.js';
import { takeStoredInstant } from '../accounts/convert-account.js';
import { parseAmount, takeWalletName } from './convert-wallet.js';
import type { GrantInput } from './grant-credit.js';
import { type WalletName, walletName } from './wallet.js';

const LONGEST_REFERENCE = 256;
const CONTROLS = /\p{Cc}/u;
/** References that begin with this are of grants that Ratebook makes itself. */
const OWN = 'ratebook:';

export function fromProtoGrantCredit(request: GrantCreditRequest): GrantInput {
  return readRequest((complain) => {
    const take = taking(complain);
    const { grant } = request;
    if (grant === undefined) take('grant', refused('is not set; send the grant'), '');
    const { reference = '', wallet = '', amount = '', priority = 0, prices = [] } = grant ?? {};
    prices.forEach((price, i) => {
      if (price === '') take(`grant.prices[${i}]`, refused('is empty; name a price'), '');
    });
    return {
      ...takeWalletName('grant.wallet', wallet, take),
      reference: take('grant.reference', parseReference(reference), ''),
      amount: take('grant.amount', parseAmount(amount), ZERO),
      priority,
      expiresAt: takeStoredInstant('grant.expires_at', grant?.expiresAt, take),
      prices: [...new Set(prices)],
      paid: request.paid,
      fingerprint: fingerprintOf({
        ...request,
        ...(grant && { grant: { ...grant, remaining: '', grantedAt: undefined } }),
      }),
    };
  });
}

function parseReference(reference: string): Parsed<string> {
  const { length } = reference;
  if (length === 0) return refused('is missing; it is what makes the grant made once');
  if (length > LONGEST_REFERENCE)
    return refused(`has ${length} characters; at most ${LONGEST_REFERENCE} are taken`);
  if (CONTROLS.test(reference)) return refused('has control characters');
  return reference.startsWith(OWN)
    ? refused(`begins with ${OWN}, as those that Ratebook makes itself`)
    : parsed(reference);
}

export function toProtoGrant(name: WalletName, grant: Grant): MessageInitShape<typeof GrantSchema> {
  const { expiresAt } = grant;
  return {
    reference: grant.reference,
    wallet: walletName(name),
    amount: formatDecimal(grant.amount),
    remaining: formatDecimal(grant.remaining),
    priority: grant.priority,
    ...(expiresAt === undefined ? {} : { expiresAt: toTimestamp(expiresAt) }),
    prices: [...grant.prices],
    grantedAt: toTimestamp(grant.grantedAt),
  };
}
