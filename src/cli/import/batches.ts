import type { MessageInitShape } from '@bufbuild/protobuf';
import type { RecordedUsageSchema } from '../../gen/ratebook/v1/rate_pb.js';
import { shareOf } from '../../simulation/share.js';

/** A use on its way to the service. */
export type Sent = {
  /** Where the file has it, from 1. */
  readonly line: number;
  /** Its id. */
  readonly account: string;
  readonly message: MessageInitShape<typeof RecordedUsageSchema>;
  /** Characters of its row. */
  readonly size: number;
};

/** Uses that go out with one call, in the order of the file. */
export type Batch = { readonly uses: Sent[]; size: number };

/** Uses of one batch at most, and their characters: the answer, which says more of each, has a limit of 8 MiB. */
const MOST_USES = 500;
const MOST_CHARACTERS = 1024 * 1024;

/** Calls under way at once. The uses of an account are all in one batch of them, and so keep their order. */
const LANES = 2;

/** Batches that go out together as soon as one of them is full. */
export type Batches = { waiting: readonly Batch[] };

export function openBatches(): Batches {
  return { waiting: Array.from({ length: LANES }, () => ({ uses: [], size: 0 })) };
}

/** Adds a use; tells whether a batch is full now. */
export function addUse({ waiting }: Batches, use: Sent): boolean {
  const batch = waiting[shareOf(use.account, LANES)];
  if (batch === undefined) return false;
  batch.uses.push(use);
  batch.size += use.size;
  return batch.uses.length >= MOST_USES || batch.size >= MOST_CHARACTERS;
}

/** Takes all that waits. */
export function takeBatches(batches: Batches): readonly (readonly Sent[])[] {
  const taken = batches.waiting.map(({ uses }) => uses).filter((uses) => uses.length > 0);
  batches.waiting = openBatches().waiting;
  return taken;
}
