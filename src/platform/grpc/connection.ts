import { once } from 'node:events';
import { type DescMessage, type DescMethod, type Message, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type ChannelCredentials,
  Client,
  type ClientDuplexStream,
  Metadata,
  type ServiceError,
  credentials,
} from '@grpc/grpc-js';
import { RatebookError } from '../../errors/error.js';
import { traceHeaders } from '../telemetry.js';
import type { CallOptions, Channel } from './channel.js';
import { fullName } from './handlers.js';
import { cancelledError, fromGrpcStatus, isServiceError } from './status.js';
import { untilAborted } from './streams.js';
import {
  CALLER_HEADER,
  DEFAULT_DEADLINE_MS,
  KEEPALIVE,
  MAX_MESSAGE_BYTES,
  asBuffer,
  sameBytes,
} from './wire.js';

/** Whose servers are believed (by default the public authorities), and the pair that shows who calls; all PEM text. */
export type ClientTls = { readonly ca?: string; readonly certificate?: string; readonly key?: string };

export type ConnectOptions = {
  readonly tls?: ClientTls;
  /** Who calls, where the server takes its word for it. */
  readonly caller?: string;
};

type Connection = { readonly client: Client; readonly address: string; readonly caller: string | undefined };

/** A connection, made when it is first used and again when it breaks. `address` is HOST:PORT or a gRPC target. */
export function connectTo(address: string, options: ConnectOptions = {}): Channel {
  const client = new Client(address, channelCredentials(options.tls), {
    ...KEEPALIVE,
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    // Behind a name with several addresses every replica gets its share.
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  });
  const connection = { client, address, caller: options.caller };
  return {
    unary: (method, request, callOptions) => unary(connection, method, request, callOptions),
    stream: (method, requests, callOptions) => stream(connection, method, requests, callOptions),
    close: () => {
      client.close();
    },
  };
}

async function unary(
  at: Connection,
  method: DescMethod,
  request: Message,
  options: CallOptions,
): Promise<Message> {
  const name = fullName(method);
  const { signal, deadline = Date.now() + DEFAULT_DEADLINE_MS } = options;
  if (signal?.aborted) throw cancelledError(name);
  const bytes = toBinary(method.input, request);
  const answer = await new Promise<Uint8Array>((resolve, reject) => {
    const done = (error: ServiceError | null, received?: Uint8Array) => {
      signal?.removeEventListener('abort', cancel);
      if (error === null) resolve(received ?? new Uint8Array());
      else reject(fromGrpcStatus(error, at.address));
    };
    const { client } = at;
    const call = client.makeUnaryRequest(
      `/${name}`,
      asBuffer,
      sameBytes,
      bytes,
      headers(at),
      { deadline },
      done,
    );
    const cancel = () => {
      call.cancel();
    };
    signal?.addEventListener('abort', cancel, { once: true });
  });
  return read(method.output, answer);
}

async function* stream(
  at: Connection,
  method: DescMethod,
  requests: AsyncIterable<Message>,
  options: CallOptions,
): AsyncGenerator<Message, void> {
  const name = fullName(method);
  const { signal, deadline = Infinity } = options;
  if (signal?.aborted) throw cancelledError(name);
  const call = at.client.makeBidiStreamRequest(`/${name}`, asBuffer, sameBytes, headers(at), { deadline });
  const over = new AbortController();
  const cancel = () => {
    call.cancel();
  };
  signal?.addEventListener('abort', cancel, { once: true });
  // The loop below sees every error; this one keeps the status of a call that nobody reads any more from being thrown.
  call.on('error', () => undefined);
  let sendingFailed: { readonly error: unknown } | undefined;
  send(call, method.input, untilAborted(requests, over.signal), over.signal).catch((error: unknown) => {
    if (!over.signal.aborted) sendingFailed = { error };
    cancel();
  });
  try {
    for await (const bytes of call) yield read(method.output, bytes as Uint8Array);
  } catch (error) {
    const first = sendingFailed === undefined ? error : sendingFailed.error;
    throw isServiceError(first) ? fromGrpcStatus(first, at.address) : first;
  } finally {
    signal?.removeEventListener('abort', cancel);
    over.abort();
    cancel();
  }
}

/** Sends no faster than the server reads. */
async function send(
  call: ClientDuplexStream<Uint8Array, Uint8Array>,
  schema: DescMessage,
  requests: AsyncIterable<Message>,
  over: AbortSignal,
): Promise<void> {
  for await (const request of requests) {
    if (!call.write(toBinary(schema, request))) await once(call, 'drain', { signal: over });
  }
  call.end();
}

function read(schema: DescMessage, bytes: Uint8Array): Message {
  try {
    return fromBinary(schema, bytes);
  } catch (cause) {
    const message = `The answer is not a ${schema.typeName}; is the server of another version?`;
    throw new RatebookError('INTERNAL', message, { cause });
  }
}

function headers({ caller }: Connection): Metadata {
  const metadata = new Metadata();
  if (caller !== undefined) metadata.set(CALLER_HEADER, caller);
  for (const [name, value] of Object.entries(traceHeaders())) metadata.set(name, value);
  return metadata;
}

function channelCredentials(tls: ClientTls | undefined): ChannelCredentials {
  if (tls === undefined) return credentials.createInsecure();
  const pem = (text: string | undefined) => (text === undefined ? null : Buffer.from(text));
  return credentials.createSsl(pem(tls.ca), pem(tls.key), pem(tls.certificate));
}
