import { RatebookError } from '../../../errors/error.js';
import type { RecordedUsage as ProtoUsage } from '../../../gen/ratebook/v1/rate_pb.js';
import { fromProtoRecordedUsage } from './convert-usage.js';
import type { RecordingPorts } from './ports.js';
import { recordUsages } from './record-usages.js';
import type { SentUsage, UsageOutcome } from './usage.js';

/** Records uses as they came in; one that is malformed is rejected and keeps the others from nothing. */
export async function recordMessages(
  messages: readonly (ProtoUsage | undefined)[],
  ports: RecordingPorts,
  signal: AbortSignal,
): Promise<readonly UsageOutcome[]> {
  const read = messages.map(readOrReject);
  const sent = read.filter((one) => 'usage' in one).map(({ usage }) => usage);
  const outcomes = (sent.length === 0 ? [] : await recordUsages(sent, ports, signal)).values();
  return read.map((one) => ('usage' in one ? nextOf(outcomes) : one));
}

type Read = { readonly usage: SentUsage } | Extract<UsageOutcome, { kind: 'rejected' }>;

function readOrReject(message: ProtoUsage | undefined): Read {
  try {
    return { usage: fromProtoRecordedUsage(message) };
  } catch (error) {
    if (error instanceof RatebookError) return { kind: 'rejected', error };
    throw error;
  }
}

function nextOf(outcomes: Iterator<UsageOutcome>): UsageOutcome {
  const next = outcomes.next();
  if (next.done === true) throw new Error('a use was recorded and has no outcome');
  return next.value;
}
