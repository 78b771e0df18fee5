import {
  type DescMessage,
  type Message,
  type MessageInitShape,
  create,
  fromBinary,
  toBinary,
} from '@bufbuild/protobuf';
import type { Metadata, ServerDuplexStream, ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { RatebookError } from '../../errors/error.js';
import type { Peer } from '../auth/caller.js';
import { type House, type IncomingCall, answer } from './chain.js';
import type { BoundMethod, Handle } from './handlers.js';
import { cancelledError, toGrpcStatus } from './status.js';
import { mapped, one } from './streams.js';
import { CALLER_HEADER } from './wire.js';

/**
 * Calls of grpc-js, which carries bytes only: messages are read and written inside the chain, so that bytes that are no
 * message, or a message that cannot be written, end as any other error does.
 */

/** What a server knows beyond a single call. */
export type Server = House & {
  /** Whether a caller without a certificate is believed what it says of itself. */
  readonly trusting: boolean;
  /** The streams that are open, each as a function that ends it. */
  readonly openStreams: Set<(reason: RatebookError) => void>;
};

type UnaryCall = ServerUnaryCall<Uint8Array, Uint8Array>;
type StreamCall = ServerDuplexStream<Uint8Array, Uint8Array>;

export async function answerUnary(
  method: BoundMethod,
  server: Server,
  call: UnaryCall,
  callback: sendUnaryData<Uint8Array>,
): Promise<void> {
  try {
    const incoming = arrived(call, method, server, one(call.request));
    let response: Uint8Array | null = null;
    for await (const bytes of answer(incoming, overBytes(method), server)) response = bytes;
    callback(null, response);
  } catch (error) {
    callback(toGrpcStatus(error as RatebookError));
  }
}

export async function answerStream(method: BoundMethod, server: Server, call: StreamCall): Promise<void> {
  // Not destroyed on return: a handler that stops reading may still write.
  const requests: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => call.iterator({ destroyOnReturn: false }),
  };
  const incoming = arrived(call, method, server, requests);
  try {
    for await (const bytes of answer(incoming, overBytes(method), server)) {
      if (!call.write(bytes)) await written(call);
    }
    call.end();
  } catch (error) {
    // grpc-js ends the stream with the status of this "error", after the messages already written.
    if (!call.cancelled) call.emit('error', toGrpcStatus(error as RatebookError));
  }
}

/** Waits until a slow reader has taken what was written; a call that is over takes no more. */
function written(call: StreamCall): Promise<void> {
  return new Promise((resolve) => {
    if (call.cancelled) {
      resolve();
      return;
    }
    const go = () => {
      call.off('drain', go).off('cancelled', go);
      resolve();
    };
    call.once('drain', go).once('cancelled', go);
  });
}

function arrived(
  call: UnaryCall | StreamCall,
  method: BoundMethod,
  server: Server,
  requests: AsyncIterable<Uint8Array>,
): IncomingCall<Uint8Array> {
  const deadline = Number(call.getDeadline());
  const streaming = method.descriptor.methodKind !== 'unary';
  return {
    method: method.name,
    streaming,
    requests,
    headers: (name) => headerOf(call.metadata, name),
    peer: peerOf(call, server.trusting),
    deadline: Number.isFinite(deadline) ? deadline : undefined,
    onAbort: (abort) => {
      const cancelled = () => {
        abort(cancelledError(method.name));
      };
      call.once('cancelled', cancelled);
      if (streaming) server.openStreams.add(abort);
      return () => {
        call.off('cancelled', cancelled);
        server.openStreams.delete(abort);
      };
    },
  };
}

function headerOf(metadata: Metadata, name: string): string | undefined {
  const value = metadata.get(name)[0];
  return typeof value === 'string' ? value : undefined;
}

function peerOf(call: UnaryCall | StreamCall, trusting: boolean): Peer {
  const subject = call.getAuthContext().sslPeerCertificate?.subject;
  // A subject with several units has them as an array.
  if (subject !== undefined)
    return { kind: 'certificate', name: [subject.CN].flat().join(' '), units: [subject.OU ?? []].flat() };
  return trusting ? { kind: 'trusted', name: headerOf(call.metadata, CALLER_HEADER) } : { kind: 'stranger' };
}

/** The method as a function of bytes. */
function overBytes({ descriptor, handle }: BoundMethod): Handle<Uint8Array, Uint8Array> {
  const read = (bytes: Uint8Array): Message => {
    try {
      return fromBinary(descriptor.input, bytes);
    } catch (cause) {
      const type = descriptor.input.typeName;
      const message = `The ${bytes.length} bytes sent are not a ${type}; compile the client from the current proto files.`;
      throw new RatebookError('INVALID_REQUEST', message, { cause });
    }
  };
  const write = (init: MessageInitShape<DescMessage>): Uint8Array =>
    toBinary(descriptor.output, create(descriptor.output, init));
  return (requests, context) => mapped(handle(mapped(requests, read), context), write);
}
