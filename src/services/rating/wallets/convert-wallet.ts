import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Parsed, parsed, refused } from '../../../errors/parsed.js';
import type {
  CreateWalletRequest,
  SetWalletLimitsRequest,
  Wallet as ProtoWallet,
  WalletPostingSchema,
  WalletSchema,
} from '../../../gen/ratebook/v1/wallet_pb.js';
import { availableAt, balanceAt, heldOf } from '../../../ledger/funds.js';
import { isCurrency } from '../../../money/currency.js';
import {
  type Decimal,
  ZERO,
  formatDecimal,
  isNegative,
  isZero,
  parseDecimal,
} from '../../../money/decimal.js';
import { type Take, readRequest, taking } from '../../../platform/grpc/read-request.js';
import { toTimestamp } from '../../../platform/grpc/timestamp.js';
import { type PageInput, fromProtoPage } from '../../../platform/page.js';
import { requestKey } from '../../../platform/request-key.js';
import type { Instant } from '../../../time/instant.js';
import { takeAccountName } from '../accounts/convert-account.js';
import type { CreateWalletInput } from './create-wallet.js';
import type { Posting } from './posting.js';
import type { SetWalletLimitsInput } from './set-wallet-limits.js';
import { type Wallet, type WalletLimits, type WalletName, parseWalletName, walletName } from './wallet.js';

export function fromProtoCreateWallet(request: CreateWalletRequest, caller: string): CreateWalletInput {
  return readRequest((complain) => {
    const take = taking(complain);
    const { name = '', unit = '' } = request.wallet ?? {};
    return {
      wallet: {
        ...takeWalletName('wallet.name', name, take),
        unit: take('wallet.unit', parseUnit(unit), ''),
        ...fromProtoLimits(request.wallet, take),
      },
      request: requestKey(request, caller, complain),
    };
  });
}

export function fromProtoSetWalletLimits(
  request: SetWalletLimitsRequest,
  caller: string,
): SetWalletLimitsInput {
  return readRequest((complain) => ({
    name: takeWalletName('wallet.name', request.wallet?.name ?? '', taking(complain)),
    limits: fromProtoLimits(request.wallet, taking(complain)),
    request: requestKey(request, caller, complain),
  }));
}

export function fromProtoWalletName(name: string, field = 'name'): WalletName {
  return readRequest((complain) => takeWalletName(field, name, taking(complain)));
}

type Paged = { readonly parent: string; readonly pageSize: number; readonly pageToken: string };

export function fromProtoListWallets(request: Paged): { account: string; page: PageInput } {
  return readRequest((complain) => ({
    account: takeAccountName('parent', request.parent, taking(complain)),
    page: fromProtoPage(request, complain),
  }));
}

export function fromProtoListPostings(request: Paged): { name: WalletName; page: PageInput } {
  return readRequest((complain) => ({
    name: takeWalletName('parent', request.parent, taking(complain)),
    page: fromProtoPage(request, complain),
  }));
}

export function takeWalletName(field: string, name: string, take: Take): WalletName {
  return take(field, parseWalletName(name), { account: '', wallet: '' });
}

function fromProtoLimits(wallet: ProtoWallet | undefined, take: Take): WalletLimits {
  const {
    creditLimit = '',
    lowBalance = '',
    topUpBelow = '',
    topUpAmount = '',
    spendThreshold = '',
  } = wallet ?? {};
  const read = (field: string, text: string, check: typeof parseAmount) =>
    text === '' ? undefined : take(`wallet.${field}`, check(text), ZERO);
  if (topUpAmount !== '' && topUpBelow === '')
    take(
      'wallet.top_up_below',
      refused('is empty, so that nobody would ask for top_up_amount; set both'),
      '',
    );
  return {
    creditLimit: read('credit_limit', creditLimit, parseLimit) ?? ZERO,
    lowBalance: read('low_balance', lowBalance, parseLimit),
    topUpBelow: read('top_up_below', topUpBelow, parseLimit),
    topUpAmount: read('top_up_amount', topUpAmount, parseAmount),
    spendThreshold: read('spend_threshold', spendThreshold, parseAmount),
  };
}

/** A number above zero. */
export function parseAmount(text: string): Parsed<Decimal> {
  const amount = parseDecimal(text);
  if (!amount.ok || (!isNegative(amount.value) && !isZero(amount.value))) return amount;
  return refused(`${formatDecimal(amount.value)} is not above 0`);
}

function parseLimit(text: string): Parsed<Decimal> {
  const limit = parseDecimal(text);
  if (!limit.ok || !isNegative(limit.value)) return limit;
  return refused(`${formatDecimal(limit.value)} is below 0`);
}

const UNIT = /^[a-z][a-z0-9_-]{0,62}$/;

function parseUnit(unit: string): Parsed<string> {
  if (isCurrency(unit) || UNIT.test(unit)) return parsed(unit);
  return refused(
    `${JSON.stringify(unit.slice(0, 100))} is neither a currency of ISO 4217 such as USD nor a unit such as call: 1 to 63 lower-case letters, digits, hyphens and underscores, a letter first`,
  );
}

/** The wallet as of an instant. */
export function toProtoWallet(wallet: Wallet, at: Instant): MessageInitShape<typeof WalletSchema> {
  const { lowBalance, topUpBelow, topUpAmount, spendThreshold } = wallet;
  return {
    name: walletName(wallet),
    unit: wallet.unit,
    balance: formatDecimal(balanceAt(wallet, at)),
    held: formatDecimal(heldOf(wallet)),
    available: formatDecimal(availableAt(wallet, at)),
    creditLimit: formatDecimal(wallet.creditLimit),
    lowBalance: formatOptional(lowBalance),
    topUpBelow: formatOptional(topUpBelow),
    topUpAmount: formatOptional(topUpAmount),
    spendThreshold: formatOptional(spendThreshold),
    owed: formatDecimal(wallet.owed),
    createdAt: toTimestamp(wallet.createdAt),
  };
}

function formatOptional(amount: Decimal | undefined): string {
  return amount === undefined ? '' : formatDecimal(amount);
}

export function toProtoPosting(posting: Posting): MessageInitShape<typeof WalletPostingSchema> {
  const own = walletName(posting);
  return {
    transaction: `${own} ${posting.number}`,
    reason: posting.reason,
    book: posting.entries.find(({ book }) => book !== own)?.book ?? '',
    amount: formatDecimal(posting.entries.find(({ book }) => book === own)?.amount ?? ZERO),
    balance: formatDecimal(posting.balance),
    reference: posting.reference,
    postedAt: toTimestamp(posting.at),
  };
}
