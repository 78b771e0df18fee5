import { isZero } from '../../../money/decimal.js';
import type { Session } from '../../../platform/mongo/transaction.js';
import { type PricedGrant, grantsDue } from '../../../quote/grants.js';
import type { Totals } from '../../../quote/totals.js';
import { answerSoon } from '../../../strategy/engine/matcher.js';
import { plusDuration } from '../../../time/duration.js';
import { type Instant, formatInstant } from '../../../time/instant.js';
import type { Account, Subscription } from '../accounts/account.js';
import type { RecordingPorts } from '../recording/ports.js';
import { inputOfRating, otherCurrency } from '../recording/rate-use.js';
import { OWN_USAGE } from '../recording/usage.js';
import { putGrant } from '../wallets/put-grant.js';
import { findGrants } from '../wallets/wallet-store.js';
import { type Entry, cycleText } from './agenda.js';
import { type Wanted, chargedBy } from './wanted.js';

export type ToGive = {
  readonly account: Account;
  readonly subscription: Subscription;
  readonly entry: Entry;
  readonly granting: Wanted;
  /** Where the counters stand, for rules that read what was used so far. */
  readonly totals: Totals;
};

/**
 * Puts what a period gives into wallets of the account, that of each rule once for the subscription and the period. What
 * was given stays, whatever is changed, published or cancelled later; what would have expired by now is not given. Throws
 * INVALID_FACTS, OTHER_CURRENCY, INVALID_REQUEST and TOO_LARGE.
 */
export async function giveGrants(session: Session, to: ToGive, ports: RecordingPorts): Promise<void> {
  const { account, granting } = to;
  const { engine, strategy } = granting.revision;
  const calculation = grantsDue(strategy, inputOfRating(chargedBy(granting)), {
    index: 0,
    totals: to.totals,
  });
  const { grants, currency } = await answerSoon(engine.match, calculation);
  if (currency !== account.currency) throw otherCurrency(account, currency);
  const references = grants.map((grant) => referenceOf(to, grant));
  const given = await findGrants(ports.store, account.id, references, session);
  const isGiven = new Set(given.map(({ grant }) => grant.reference));
  for (const grant of grants) {
    const reference = referenceOf(to, grant);
    const expiresAt = expiryOf(granting, grant);
    const isGone = expiresAt !== undefined && expiresAt <= ports.clock.now();
    if (isZero(grant.quantity) || isGone || isGiven.has(reference)) continue;
    const { unit = currency, quantity: amount, priority, prices } = grant;
    const made = { account: account.id, unit, reference, amount, priority, prices, expiresAt };
    // Nobody has paid for it: the fee of the period, if any, has a line of its own.
    await putGrant(session, { ...made, paid: false, fingerprint: granting.fingerprint }, ports);
  }
}

/** Callers may not use references that begin so. */
function referenceOf({ subscription, entry }: ToGive, { rule }: PricedGrant): string {
  const period = `${cycleText(entry.cycle)} ${formatInstant(entry.period.start)}`;
  return `${OWN_USAGE}grant:${subscription.id}:${period}:${rule}`;
}

/** With its period, unless the rule says how long it lasts, counted from when it is given, or that it rolls over. */
function expiryOf(
  { piece, period, revision }: Wanted,
  { expires, rollOver }: PricedGrant,
): Instant | undefined {
  if (expires !== undefined) return plusDuration(piece.at, expires, revision.strategy.timeZone);
  return rollOver ? undefined : period.end;
}
