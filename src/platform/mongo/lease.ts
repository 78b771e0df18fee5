import { type Collection, Long, MongoServerError } from 'mongodb';

/** Who does some work at the moment; `_id` is the work. */
export type LeaseDocument = {
  readonly _id: string;
  readonly holder: string;
  readonly until: Date;
  /** Goes up with every new holder. */
  readonly token: bigint;
};

export type LeaseRequest = {
  readonly work: string;
  /** Tells processes apart. */
  readonly holder: string;
  readonly ms: number;
};

/**
 * Takes the lease of some work for so long, or renews it, by the clock of the database alone. Returns its fencing number,
 * or undefined while another holds it. Whoever held it before may not know yet that it is over: a write of the work must
 * be refused where a higher number has written.
 */
export async function takeLease(
  leases: Collection<LeaseDocument>,
  { work, holder, ms }: LeaseRequest,
): Promise<bigint | undefined> {
  const me = { $literal: holder };
  const isOver = { $lte: ['$until', '$$NOW'] };
  const next = { $add: [{ $ifNull: ['$token', Long.fromNumber(0)] }, Long.fromNumber(1)] };
  const isTaken = { $or: [isOver, { $eq: ['$holder', me] }] };
  const taken = {
    token: { $cond: [isOver, next, '$token'] },
    holder: { $cond: [isTaken, me, '$holder'] },
    until: { $cond: [isTaken, { $add: ['$$NOW', ms] }, '$until'] },
  };
  try {
    // What is not there yet sorts before every time, and so is over.
    const options = { upsert: true, returnDocument: 'after' } as const;
    const lease = await leases.findOneAndUpdate({ _id: work }, [{ $set: taken }], options);
    return lease?.holder === holder ? lease.token : undefined;
  } catch (error) {
    // Another was the first ever to take it.
    if (error instanceof MongoServerError && error.code === DUPLICATE_KEY) return undefined;
    throw error;
  }
}

const DUPLICATE_KEY = 11_000;

/** Lets others take it at once, unless another has it already. */
export async function releaseLease(
  leases: Collection<LeaseDocument>,
  { work, holder }: Pick<LeaseRequest, 'work' | 'holder'>,
): Promise<void> {
  await leases.updateOne({ _id: work, holder }, { $set: { until: new Date(0) } });
}
