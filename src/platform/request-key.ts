import { createHash } from 'node:crypto';
import type { Message } from '@bufbuild/protobuf';
import type { Complain } from './grpc/read-request.js';

/** What tells a repeated request from a new one. Two callers never share a key, whatever ids they choose. */
export type RequestKey = {
  readonly caller: string;
  readonly id: string;
  /** SHA-256 of the request with its type, lower-case hex. */
  readonly fingerprint: string;
};

const LONGEST_ID = 128;

/** The key of a request with a `request_id`; undefined when it is not set. */
export function requestKey(
  request: Message & { readonly requestId: string },
  caller: string,
  complain: Complain,
): RequestKey | undefined {
  const { requestId: id } = request;
  if (id === '') return undefined;
  if (id.length > LONGEST_ID)
    complain('request_id', `has ${id.length.toString()} characters; at most ${LONGEST_ID.toString()}.`);
  return { caller, id, fingerprint: fingerprintOf(request) };
}

/**
 * The same for two messages of one type and one content. Not of their bytes: a sender may write the entries of a map in
 * another order each time.
 */
export function fingerprintOf(message: Message): string {
  return createHash('sha256').update(JSON.stringify(message, inOneOrder)).digest('hex');
}

function inOneOrder(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
