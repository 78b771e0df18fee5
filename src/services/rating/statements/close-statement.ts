import type { Session } from '../../../platform/mongo/transaction.js';
import { violationError } from '../../../errors/error.js';
import { isZero } from '../../../money/decimal.js';
import type { RequestKey } from '../../../platform/request-key.js';
import { type Instant, formatInstant } from '../../../time/instant.js';
import { type AtTurn, updateBilled } from '../accounts/account-store.js';
import { takeTurns } from '../recording/take-turns.js';
import type { Subscription, SubscriptionName } from '../accounts/account.js';
import { changeOnce } from '../accounts/change-once.js';
import { getSubscription, subscriptionIn } from '../accounts/get-subscription.js';
import { rateDueIn } from '../periods/rate-due.js';
import { ownerOf } from '../recording/batch.js';
import { awaitCertainty, periodOf } from '../recording/choose-revision.js';
import { accountNotFound } from '../recording/find-payer.js';
import type { RecordingPorts } from '../recording/ports.js';
import { inQueues } from '../recording/queues.js';
import { sealed } from './content.js';
import { getStatement } from './get-statement.js';
import { placesIn, unbilledOf } from './lines.js';
import type { Statement, StatementContent } from './statement.js';
import { findUnbilled, insertStatement, markBilled } from './statement-store.js';

export type CloseStatementInput = SubscriptionName & {
  /** The start of the period that now lies in unless given. */
  readonly upTo: Instant | undefined;
  readonly request: RequestKey | undefined;
};

/**
 * Rates what has fallen due up to an instant and seals all of it that is on no statement, in one transaction. Undefined,
 * and no number is used, when nothing comes to anything: ratings that cancel each other out wait for the next statement.
 *
 * Throws INVALID_REQUEST for an instant in the future, ACCOUNT_NOT_FOUND, SUBSCRIPTION_NOT_FOUND, STRATEGY_NOT_FOUND,
 * REQUEST_ID_REUSED and UNAVAILABLE.
 */
export async function closeStatement(
  { upTo: wanted, request, ...name }: CloseStatementInput,
  ports: RecordingPorts,
  signal: AbortSignal,
): Promise<Statement | undefined> {
  const now = ports.clock.now();
  if (wanted !== undefined && wanted > now) throw future(wanted);
  const { strategy } = await getSubscription(name, ports);
  await awaitCertainty(ports.book, strategy, wanted ?? now, signal);
  const upTo = wanted ?? periodOf(ports.book, strategy, now).start;
  const number = await inQueues(ports.queues, [name.account], () =>
    changeOnce(request, ports, (session) => sealIn(session, { ...name, upTo }, ports)),
  );
  return number === NONE ? undefined : getStatement({ ...name, number }, ports);
}

/** The number in the place of a statement's where nothing was sealed. */
const NONE = 0;

async function sealIn(session: Session, cut: ToCut, ports: RecordingPorts): Promise<number> {
  const found = await gatherIn(session, cut, ports);
  if (found === undefined) return NONE;
  const { content, at, subscription } = found;
  const { billed = { statements: 0, upTo: cut.upTo } } = subscription;
  const number = billed.statements + 1;
  const closedAt = ports.clock.now();
  const { store } = ports;
  await insertStatement(store, sealed({ ...content, number, turn: at.turn, closedAt }), session);
  await markBilled(store, ownerOf(cut), cut.upTo, session);
  const upTo = billed.upTo > cut.upTo ? billed.upTo : cut.upTo;
  await updateBilled(store, cut, { statements: number, upTo }, session);
  return number;
}

/** Of which subscription what fell due up to an instant is wanted. */
export type ToCut = SubscriptionName & { readonly upTo: Instant };

type Gathered = {
  readonly content: StatementContent;
  readonly at: AtTurn;
  readonly subscription: Subscription;
};

/** Rates what has fallen due in the session, and sums up what is on no statement; undefined when that is nothing. */
export async function gatherIn(
  session: Session,
  { account, id, upTo }: ToCut,
  ports: RecordingPorts,
): Promise<Gathered | undefined> {
  const { store, book } = ports;
  const [at] = await takeTurns(ports, [account], session);
  if (at === undefined) throw accountNotFound(account);
  const subscription = subscriptionIn(at, { account, id });
  await rateDueIn(session, { at, subscription, upTo }, ports);
  const windows = await findUnbilled(store, ownerOf(subscription), upTo, session);
  const { strategy } = subscription;
  const { lines, amount, settled } = unbilledOf(windows, placesIn(book, strategy));
  if (lines.length === 0 && isZero(settled)) return undefined;
  const ratings = windows.reduce((count, { unbilled }) => count + unbilled, 0);
  const { currency } = at.account;
  const sums = { currency, amount, settled, lines, ratings };
  return { content: { account, subscription: id, strategy, upTo, ...sums }, at, subscription };
}

function future(at: Instant): Error {
  const description = `${formatInstant(at)} lies in the future; a statement has what has fallen due, and a preview shows the rest`;
  return violationError('INVALID_REQUEST', [{ field: 'up_to', description }]);
}
