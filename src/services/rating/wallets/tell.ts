import { balanceAt } from '../../../ledger/funds.js';
import { times } from '../../../money/arithmetic.js';
import { greaterThan, lessThan } from '../../../money/compare.js';
import { formatDecimal } from '../../../money/decimal.js';
import { wholeQuotient } from '../../../money/rounding.js';
import type { Instant } from '../../../time/instant.js';
import type { EventType, RatingEvent } from '../events/event.js';
import { type Wallet, walletName } from './wallet.js';

/** What others are told of a wallet as it stands now, and the wallet that knows that they were told. */
export type Told = { readonly wallet: Wallet; readonly events: readonly RatingEvent[] };

/** Each thing once: a low balance until the balance has been above, a threshold of spending within its month. */
export function tell(found: Wallet, at: Instant): Told {
  const events: RatingEvent[] = [];
  const add = (type: EventType, data: Readonly<Record<string, string>>) =>
    events.push(walletEvent(found, type, at, data));
  const balance = balanceAt(found, at);
  const isBelow = (limit: Wallet['lowBalance']) => limit !== undefined && lessThan(balance, limit);

  const isLow = isBelow(found.lowBalance);
  if (isLow && !found.isLow) add('ratebook.wallet.low', { balance: formatDecimal(balance) });
  const isTopUpAsked = isBelow(found.topUpBelow);
  if (isTopUpAsked && !found.isTopUpAsked)
    add('ratebook.wallet.top_up_requested', {
      balance: formatDecimal(balance),
      ...(found.topUpAmount && { amount: formatDecimal(found.topUpAmount) }),
    });
  const { wallet, passed } = passThreshold(found);
  if (passed !== undefined) add('ratebook.wallet.spent', { ...passed, month: found.month });
  return { wallet: { ...wallet, isLow, isTopUpAsked }, events };
}

export function walletEvent(
  wallet: Wallet,
  type: EventType,
  at: Instant,
  data: Readonly<Record<string, string>>,
): RatingEvent {
  const name = walletName(wallet);
  return { type, account: wallet.account, at, data: { wallet: name, unit: wallet.unit, ...data } };
}

function passThreshold(wallet: Wallet): {
  readonly wallet: Wallet;
  readonly passed?: Readonly<Record<string, string>>;
} {
  const { spendThreshold, spent, spentTold } = wallet;
  if (spendThreshold === undefined) return { wallet };
  const reached = times(wholeQuotient(spent, spendThreshold), spendThreshold);
  if (!greaterThan(reached, spentTold)) return { wallet };
  const passed = { spent: formatDecimal(spent), threshold: formatDecimal(reached) };
  return { wallet: { ...wallet, spentTold: reached }, passed };
}
