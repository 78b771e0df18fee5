import { RatebookError } from '../../errors/error.js';
import type { UsageOutcome } from '../../gen/ratebook/v1/rate_pb.js';
import { openRows } from '../../intake/usage-rows.js';
import { fromRpcStatus } from '../../platform/grpc/status.js';
import type { RateClient } from '../../services/rating/client.js';
import type { UsageSource } from '../simulate/job.js';
import { readRows } from '../simulate/read-rows.js';
import type { Progress } from '../simulate/run-workers.js';
import { type Sent, addUse, openBatches, takeBatches } from './batches.js';
import { type Opening, openAccounts } from './open-accounts.js';
import { type UseFormat, readUse } from './read-uses.js';
import { type Rejected, type RejectedFile, writeRejected } from './rejected-file.js';
import { repeatWhileAway } from './repeat.js';
import { type Tally, countStored, openTally } from './tally.js';

/** An import: what is read, how, and where it goes. */
export type Import = {
  readonly source: UsageSource;
  readonly how: UseFormat;
  readonly rating: RateClient;
  /** Undefined: accounts have to be there. */
  readonly opening: Opening | undefined;
  readonly rejected: RejectedFile;
};

/** What an import came to; `ignored` are keys of NDJSON that nobody asked for. */
export type Imported = { readonly tally: Tally; readonly ignored: readonly string[] };

/**
 * Sends the uses of a file to be rated, those of one account in the order of the file, holding no more of them than go
 * out at once. Rejects when the service is away for long, or refuses a whole batch; what was acknowledged is stored.
 */
export async function importUses(job: Import, report: (progress: Progress) => void): Promise<Imported> {
  const { source, how } = job;
  const rows = openRows(source.kind, source.keys);
  const run: Run = { job, batches: openBatches(), unreadable: [], tally: openTally() };
  for (const { bytes, taken } of readRows(source, rows)) {
    for (const row of taken) {
      const use = readUse(row, how);
      const isFull = 'reason' in use ? run.unreadable.push(use) >= MOST_UNREADABLE : addUse(run.batches, use);
      if (isFull) await sendWaiting(run);
    }
    const { rated, duplicate, unpriced } = run.tally;
    report({ read: bytes / source.size, usages: rated + duplicate + unpriced });
  }
  await sendWaiting(run);
  return { tally: run.tally, ignored: rows.kind === 'ndjson' ? [...rows.stream.ignored] : [] };
}

/** Rows that are kept to be listed between uses, in the order of the file. */
const MOST_UNREADABLE = 1_000;

type Run = {
  readonly job: Import;
  readonly batches: ReturnType<typeof openBatches>;
  /** Rows since the last batches that are no uses. */
  unreadable: Rejected[];
  readonly tally: Tally;
};

/** Sends all that waits, and notes what became of it. */
async function sendWaiting(run: Run): Promise<void> {
  const { job, tally } = run;
  const batches = takeBatches(run.batches);
  if (job.opening !== undefined)
    await openAccounts(
      job.opening,
      batches.flat().map(({ account }) => account),
    );
  const refused = await Promise.all(batches.map((batch) => sendBatch(job.rating, batch, tally)));
  const rejected = [...run.unreadable, ...refused.flat()].toSorted((a, b) => a.line - b.line);
  run.unreadable = [];
  tally.rejected += rejected.length;
  await writeRejected(job.rejected, rejected);
}

/** Returns the uses that are not stored. A batch can be sent any number of times. */
async function sendBatch(
  rating: RateClient,
  batch: readonly Sent[],
  tally: Tally,
): Promise<readonly Rejected[]> {
  const usages = batch.map(({ message }) => message);
  const { outcomes } = await repeatWhileAway(() => rating.batchRateUsage({ usages }));
  return batch.flatMap(({ line }, i) => {
    const refusal = noteOutcome(outcomes[i], tally);
    return refusal === undefined ? [] : [{ line, ...refusal }];
  });
}

function noteOutcome(told: UsageOutcome | undefined, tally: Tally): Omit<Rejected, 'line'> | undefined {
  switch (told?.outcome.case) {
    case 'rated':
    case 'duplicate':
    case 'unpriced':
      countStored(tally, told.outcome);
      return undefined;
    case 'rejected':
      return refusalOf(fromRpcStatus(told.outcome.value));
    case undefined:
      throw new RatebookError(
        'INTERNAL',
        'The service answered without an outcome for each use; is it of another version?',
      );
  }
}

/** Every violation: whoever mends the row wants to do it once. */
function refusalOf({ reason, message, violations }: RatebookError): Omit<Rejected, 'line'> {
  if (violations.length < 2) return { reason, message };
  return {
    reason,
    message: violations.map(({ field, description }) => `${field}: ${description}`).join('; '),
  };
}
