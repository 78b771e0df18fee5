import { RatebookError, violationError } from '../../../errors/error.js';
import { formatDecimal } from '../../../money/decimal.js';
import { subscriptionName } from '../accounts/account.js';
import { rateIn } from '../recording/rate-in.js';
import { usageKey } from '../recording/usage-key.js';
import { repeated } from '../recording/repeated.js';
import { type Hold, type HoldAnswer, type HoldKey, type HoldRequest, holdAt } from './hold.js';
import { type HoldBatch, endHold, letGo } from './hold-batch.js';
import { holdKey } from './hold-store.js';

type Commit = Extract<HoldRequest, { kind: 'commit' }>;

/**
 * Rates the real use and pays it from the hold first, then from what is free; what is still missing is owed. A hold that
 * has expired reserves nothing any more, but the use has happened. Where the use is not rated the hold stays as it is.
 * Throws HOLD_NOT_FOUND, and HOLD_NOT_OPEN when it was released or committed with another use.
 */
export async function commitIn(inBatch: HoldBatch, request: Commit): Promise<HoldAnswer> {
  const { usage } = request;
  const hold = existing(inBatch, request.key);
  const isAgain = hold.state === 'committed' && hold.usageId === usage.usageId;
  if (hold.state === 'released' || (hold.state === 'committed' && !isAgain)) throw notOpen(hold);
  const earlier = inBatch.known.get(usageKey(usage));
  const outcome = earlier === undefined ? await rateHeld(inBatch, hold, request) : repeated(usage, earlier);
  if (outcome.kind !== 'rejected') inBatch.known.set(usageKey(usage), outcome);
  const isRated = outcome.kind === 'rated' || outcome.kind === 'duplicate';
  if (!isRated || isAgain) return { hold, outcome };
  // What was rated before by other means has been paid: only the hold is left to let go of.
  if (outcome.kind === 'duplicate') letGo(inBatch.purse, hold);
  return { hold: endHold(inBatch, { ...hold, state: 'committed', usageId: usage.usageId }), outcome };
}

async function rateHeld({ batch, purse, drafts }: HoldBatch, hold: Hold, request: Commit) {
  const draft = drafts.get(request);
  if (draft === undefined) throw new Error('a hold is to be committed and has no draft');
  const { found } = draft;
  if (found.kind !== 'refused' && found.subscription.id !== hold.subscription) throw otherSubscription(hold);
  const before = purse?.wallets;
  letGo(purse, hold);
  const isOpen = holdAt(hold, batch.recordedAt).state === 'open';
  const outcome = await rateIn(batch, draft, { mayOwe: true, letGo: isOpen ? hold.parts : [] });
  if (outcome.kind !== 'rated' && purse !== undefined && before !== undefined) purse.wallets = before;
  return outcome;
}

/**
 * Gives a hold back. Again, or once it has expired, it is answered as it is. Throws HOLD_NOT_FOUND, and HOLD_NOT_OPEN when
 * it was committed.
 */
export function releaseIn(inBatch: HoldBatch, key: HoldKey): Hold {
  const hold = existing(inBatch, key);
  const { state } = holdAt(hold, inBatch.batch.recordedAt);
  switch (state) {
    case 'open':
      letGo(inBatch.purse, hold);
      return endHold(inBatch, { ...hold, state: 'released' });
    case 'expired':
      return expireIn(inBatch, key);
    case 'released':
      return hold;
    case 'committed':
      throw notOpen(hold);
  }
}

/** Gives a hold back whose time has come, and tells of it; any other stays as it is. Throws HOLD_NOT_FOUND. */
export function expireIn(inBatch: HoldBatch, key: HoldKey): Hold {
  const { batch, purse } = inBatch;
  const hold = existing(inBatch, key);
  const now = holdAt(hold, batch.recordedAt);
  if (now === hold) return hold;
  letGo(purse, hold);
  const { account, holdId, amount, unit } = hold;
  batch.events.push({
    type: 'ratebook.hold.expired',
    account,
    at: batch.recordedAt,
    data: {
      hold_id: holdId,
      subscription: subscriptionName({ account, id: hold.subscription }),
      amount: formatDecimal(amount),
      unit,
    },
  });
  return endHold(inBatch, now);
}

function existing({ holds }: HoldBatch, key: HoldKey): Hold {
  const found = holds.get(holdKey(key));
  if (found === undefined) throw holdNotFound(key);
  return found;
}

export function holdNotFound({ account, holdId }: HoldKey): RatebookError {
  const message = `The account ${account} has no hold "${holdId}"; look at the id, or reserve it first.`;
  return new RatebookError('HOLD_NOT_FOUND', message, { metadata: { account, hold_id: holdId } });
}

function notOpen({ account, holdId, state, usageId = '' }: Hold): RatebookError {
  const what = state === 'committed' ? `was committed with the use "${usageId}"` : 'was released';
  return new RatebookError(
    'HOLD_NOT_OPEN',
    `The hold "${holdId}" of ${account} ${what}; reserve another one, or record the use with RateUsage.`,
    { metadata: { account, hold_id: holdId, state } },
  );
}

function otherSubscription({ account, holdId, subscription }: Hold): RatebookError {
  const name = subscriptionName({ account, id: subscription });
  const description = `is not that of the hold "${holdId}", which is ${name}`;
  return violationError('INVALID_REQUEST', [{ field: 'usage.subscription', description }]);
}
