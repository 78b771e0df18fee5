import { createHash } from 'node:crypto';
import { type DescMessage, type MessageShape, toBinary } from '@bufbuild/protobuf';

/** What tells a repeated request from a new one. Two callers never share a key, whatever ids they choose. */
export type RequestKey = {
  readonly caller: string;
  readonly id: string;
  /** SHA-256 of the request with its type, lower-case hex. */
  readonly fingerprint: string;
};

/** The key of a request with a `request_id`; undefined when it is not set. */
export function requestKey<D extends DescMessage>(
  schema: D,
  request: MessageShape<D> & { readonly requestId: string },
  caller: string,
): RequestKey | undefined {
  if (request.requestId === '') return undefined;
  const hash = createHash('sha256').update(schema.typeName).update('\0').update(toBinary(schema, request));
  return { caller, id: request.requestId, fingerprint: hash.digest('hex') };
}
