import { RatebookError, violationError } from '../../../errors/error.js';
import { heldOf } from '../../../ledger/funds.js';
import { pay } from '../../../ledger/pay.js';
import { sum } from '../../../money/arithmetic.js';
import { isZero } from '../../../money/decimal.js';
import { highestUse } from '../../../quote/highest-use.js';
import { answerSoon } from '../../../strategy/engine/matcher.js';
import { type Instant, SECOND, formatInstant } from '../../../time/instant.js';
import { subscriptionName } from '../accounts/account.js';
import { ownerOf, totalsOf } from '../recording/batch.js';
import { inputOf, rateSent } from '../recording/rate-use.js';
import { refuseLong } from '../recording/storable.js';
import type { Settlement } from '../recording/usage.js';
import { coveringOf } from '../wallets/cover.js';
import type { Purse } from '../wallets/purse.js';
import { balanceTooLow, duesOf, walletsIn } from '../wallets/settle.js';
import type { Hold, HoldRequest } from './hold.js';
import { type HoldBatch, makeHold, reserveParts } from './hold-batch.js';
import { holdKey } from './hold-store.js';

const USUAL = 600n * SECOND;
const LONGEST = 86_400n * SECOND;

type Reserve = Extract<HoldRequest, { kind: 'reserve' }>;

/**
 * Reserves the most that a use can cost after all before it. Again, the same answer. Throws HOLD_ID_REUSED,
 * BALANCE_TOO_LOW, and what rating the use throws.
 */
export async function reserveIn(inBatch: HoldBatch, request: Reserve): Promise<Hold> {
  const earlier = inBatch.holds.get(holdKey(request.key));
  if (earlier !== undefined) {
    if (earlier.fingerprint === request.fingerprint) return earlier;
    throw holdIdReused(request);
  }
  const { recordedAt } = inBatch.batch;
  const expiresAt = request.expiresAt ?? recordedAt + USUAL;
  refuseExpiry(expiresAt, recordedAt);
  const { purse, subscription, parts, amounts } = await mostOf(inBatch, request);
  reserveParts(purse, parts);
  return makeHold(inBatch, {
    ...request.key,
    subscription,
    ...amounts,
    parts,
    expiresAt,
    state: 'open',
    usageId: undefined,
    fingerprint: request.fingerprint,
    reservedAt: recordedAt,
  });
}

type Most = {
  readonly purse: Purse;
  readonly subscription: string;
  readonly parts: readonly Settlement[];
  readonly amounts: Pick<Hold, 'amount' | 'unit'>;
};

async function mostOf({ batch, purse, drafts }: HoldBatch, request: Reserve): Promise<Most> {
  const found = drafts.get(request)?.found;
  if (found === undefined) throw new Error('a hold is to be reserved and has no draft');
  if (found.kind !== 'payer') throw found.error;
  const { subscription, revision } = found;
  const { strategy, engine } = revision;
  if (purse?.prepaid.has(subscription.id) !== true) throw notPrepaid(subscriptionName(subscription));

  const { recordedAt: at, purses } = batch;
  const totals = totalsOf(batch, ownerOf(subscription), strategy);
  const covering = coveringOf(purses, subscription, at);
  const { rating, rated } = await rateSent(
    request.usage,
    found,
    { totals, covering },
    { recordedAt: at, place: 0 },
  );
  const input = inputOf(rating.given, rating.filled, rating.occurredAt);
  const newCover = () => coveringOf(purses, subscription, at)?.cover;
  const highest = highestUse(strategy, input, { totals, whole: rated.evaluation, newCover });
  const { lines, amount } = await answerSoon(engine.match, highest);

  const { currency } = rating;
  const money = pay(walletsIn(purse, currency), duesOf({ lines }), at);
  if (!isZero(money.missing)) throw balanceTooLow({ ...rating, amount }, money.missing);
  const units = rating.settlements;
  const parts = [...units, ...money.parts.map((part) => ({ ...part, unit: currency }))];
  refuseLong([...purse.wallets.map(heldOf), ...parts.map((part) => part.amount)]);
  const [first] = money.parts.length > 0 ? [] : units;
  const held = first === undefined ? money.parts : units;
  return {
    purse,
    subscription: subscription.id,
    parts,
    amounts: { amount: sum(held.map((part) => part.amount)), unit: first?.unit ?? currency },
  };
}

function refuseExpiry(expiresAt: Instant, now: Instant): void {
  if (expiresAt > now && expiresAt <= now + LONGEST) return;
  const description = `${formatInstant(expiresAt)} is not within the day from now, ${formatInstant(now)}`;
  throw violationError('INVALID_REQUEST', [{ field: 'expires_at', description }]);
}

function notPrepaid(name: string): RatebookError {
  const description = `${name} is not prepaid, so that nothing is paid from wallets; record its usage with RateUsage`;
  return violationError('INVALID_REQUEST', [{ field: 'usage.subscription', description }]);
}

function holdIdReused({ key: { account, holdId } }: Reserve): RatebookError {
  return new RatebookError(
    'HOLD_ID_REUSED',
    `The hold id "${holdId}" of ${account} was used before with another use or another expiry; give each hold an id of its own.`,
    { metadata: { account, hold_id: holdId } },
  );
}
