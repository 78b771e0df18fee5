import { readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { RatebookError } from '../../errors/error.js';
import type { Row } from '../../intake/row.js';
import { type UsageRows, takeRows } from '../../intake/usage-rows.js';
import type { UsageSource } from './job.js';

/** What comes with one piece of a file. */
export type RowsOfPiece = {
  /** Its bytes, until the next piece is asked for. */
  readonly piece: Uint8Array;
  /** Bytes read so far, with these. */
  readonly bytes: number;
  /** The rows that end in it. */
  readonly taken: readonly Row[];
};

/** Reads a file of usage piece by piece. Throws INVALID_REQUEST when it gets shorter meanwhile. */
export function* readRows(source: UsageSource, rows: UsageRows): Generator<RowsOfPiece, void> {
  const decoder = new StringDecoder('utf8');
  let bytes = 0;
  for (const piece of readPieces(source)) {
    bytes += piece.length;
    const last = bytes === source.size;
    const text = decoder.write(piece) + (last ? decoder.end() : '');
    yield { piece, bytes, taken: takeRows(rows, text, last) };
  }
}

/** Large enough that a call of the system costs nothing, small enough that what is read stays near the processor. */
const PIECE = 64 * 1024;

/** The bytes of the file, which are overwritten by those that follow. */
export function* readPieces({ descriptor, size }: UsageSource): Generator<Uint8Array> {
  const buffer = Buffer.alloc(PIECE);
  let at = 0;
  while (at < size) {
    const read = readSync(descriptor, buffer, 0, Math.min(PIECE, size - at), at);
    if (read === 0) {
      const message = `The usage file has become shorter than its ${size} bytes while it was read; run again.`;
      throw new RatebookError('INVALID_REQUEST', message);
    }
    at += read;
    yield buffer.subarray(0, read);
  }
}
