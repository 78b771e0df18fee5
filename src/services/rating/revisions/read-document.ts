import { RatebookError } from '../../../errors/error.js';
import { type Parsed, parsed, refused } from '../../../errors/parsed.js';
import { inSlices } from '../../../platform/slices.js';
import { threadOf } from '../../../platform/thread.js';
import type { SourceFile } from '../../../strategy/source/source.js';
import type { Strategy } from '../../../strategy/strategy.js';
import { type Pieces, fromPieces } from './pieces.js';

/** A published document and the hash that it was published with. */
export type ReadQuestion = {
  readonly file: SourceFile;
  readonly attachments: readonly SourceFile[];
  readonly contentHash: string;
};

export type ReadAnswer = Parsed<Pieces>;

/** Reads documents in another thread, one after the other, in the order asked. */
export type DocumentReader = {
  /**
   * Refused when this version reads the document otherwise than the version that published it: its content would have
   * another hash. Rejects with UNAVAILABLE once the reader is stopped.
   */
  readonly read: (question: ReadQuestion) => Promise<Parsed<Strategy>>;
  readonly stop: () => Promise<void>;
};

/** Twice what the largest documents take; one that is made to take more fails alone. */
const MEMORY_MB = 1_024;

export function documentReader(memory = MEMORY_MB): DocumentReader {
  const tooLarge = `its document takes more than ${memory} MB of memory to read; split the strategy or its lookups`;
  const file = new URL('./read-thread.js', import.meta.url);
  const { ask, stop } = threadOf<ReadQuestion, ReadAnswer>(file, { memory, tooLarge });
  const read = async (question: ReadQuestion): Promise<Parsed<Strategy>> => {
    const answer = await ask(question).catch(refusedForMemory);
    // The thread runs the same version of the same code, so that this is the strategy which it has checked.
    return answer.ok ? parsed((await inSlices(fromPieces(answer.value))) as Strategy) : answer;
  };
  return { read, stop };
}

function refusedForMemory(error: unknown): ReadAnswer {
  if (error instanceof RatebookError && error.reason === 'TOO_LARGE') return refused(error.message);
  throw error;
}
