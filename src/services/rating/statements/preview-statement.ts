import { violationError } from '../../../errors/error.js';
import { DAY, type Instant, formatInstant } from '../../../time/instant.js';
import type { SubscriptionName } from '../accounts/account.js';
import { getSubscription } from '../accounts/get-subscription.js';
import { awaitCertainty, periodOf } from '../recording/choose-revision.js';
import type { RecordingPorts } from '../recording/ports.js';
import { inQueues } from '../recording/queues.js';
import { gatherIn } from './close-statement.js';
import type { StatementContent } from './statement.js';

export type PreviewStatementInput = SubscriptionName & {
  /** The end of the period that now lies in unless given; it may lie in the future. */
  readonly upTo: Instant | undefined;
};

/** Every period up to then is rated, in one transaction. */
const FARTHEST = 731n * DAY;

/**
 * What closing would seal, by what is known now: the same transaction, rolled back. Undefined when that is nothing. Throws
 * what closing throws, and INVALID_REQUEST for an instant more than two years ahead.
 */
export async function previewStatement(
  { upTo: wanted, ...name }: PreviewStatementInput,
  ports: RecordingPorts,
  signal: AbortSignal,
): Promise<StatementContent | undefined> {
  const now = ports.clock.now();
  if (wanted !== undefined && wanted > now + FARTHEST) throw tooFar(wanted);
  const { strategy } = await getSubscription(name, ports);
  await awaitCertainty(ports.book, strategy, wanted !== undefined && wanted < now ? wanted : now, signal);
  const upTo = wanted ?? periodOf(ports.book, strategy, now).end;
  // What may yet be published before then is not in it; and what was settled further on is certain already.
  const { watermark = upTo } = ports.book;
  const book = { ...ports.book, watermark: watermark > upTo ? watermark : upTo };
  const found = await inQueues(ports.queues, [name.account], () =>
    ports.store.mongo.rehearsal((session) => gatherIn(session, { ...name, upTo }, { ...ports, book })),
  );
  return found?.content;
}

function tooFar(at: Instant): Error {
  const description = `${formatInstant(at)} lies more than two years ahead; send an earlier instant`;
  return violationError('INVALID_REQUEST', [{ field: 'up_to', description }]);
}
