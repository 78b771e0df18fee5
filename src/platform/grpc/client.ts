import {
  type DescMessage,
  type DescMethod,
  type DescMethodBiDiStreaming,
  type DescMethodClientStreaming,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  type DescService,
  type MessageInitShape,
  type MessageShape,
  create,
} from '@bufbuild/protobuf';
import { RatebookError } from '../../errors/error.js';
import type { CallOptions, Channel } from './channel.js';
import { fullName } from './handlers.js';
import { mapped, one, only } from './streams.js';

export { type ClientTls, connectTo } from './connection.js';

type Init<D extends DescMessage> = MessageInitShape<D>;

type ClientMethod<M> =
  M extends DescMethodUnary<infer I, infer O>
    ? (request: Init<I>, options?: CallOptions) => Promise<MessageShape<O>>
    : M extends DescMethodServerStreaming<infer I, infer O>
      ? (request: Init<I>, options?: CallOptions) => AsyncIterable<MessageShape<O>>
      : M extends DescMethodClientStreaming<infer I, infer O>
        ? (requests: AsyncIterable<Init<I>>, options?: CallOptions) => Promise<MessageShape<O>>
        : M extends DescMethodBiDiStreaming<infer I, infer O>
          ? (requests: AsyncIterable<Init<I>>, options?: CallOptions) => AsyncIterable<MessageShape<O>>
          : never;

/** One function for each method of a service, by its name in lower camel case. A stream starts when it is first read. */
export type Client<S extends DescService> = {
  readonly [M in keyof S['method']]: ClientMethod<S['method'][M]>;
};

export function createClient<S extends DescService>(service: S, channel: Channel): Client<S> {
  return Object.fromEntries(
    service.methods.map((method) => [method.localName, callable(method, channel)]),
  ) as Client<S>;
}

function callable(method: DescMethod, channel: Channel): unknown {
  const message = (init: Init<DescMessage>) => create(method.input, init);
  switch (method.methodKind) {
    case 'unary':
      return (request: Init<DescMessage>, options: CallOptions = {}) =>
        channel.unary(method, message(request), options);
    case 'server_streaming':
      return (request: Init<DescMessage>, options: CallOptions = {}) =>
        channel.stream(method, one(message(request)), options);
    case 'client_streaming':
      return (requests: AsyncIterable<Init<DescMessage>>, options: CallOptions = {}) =>
        only(channel.stream(method, mapped(requests, message), options), () => unanswered(method));
    case 'bidi_streaming':
      return (requests: AsyncIterable<Init<DescMessage>>, options: CallOptions = {}) =>
        channel.stream(method, mapped(requests, message), options);
  }
}

/** What a call fails with that ended well, but not with the one answer that every call of its kind has. */
export function unanswered(method: DescMethod): RatebookError {
  return new RatebookError('INTERNAL', `${fullName(method)} ended without exactly one answer; report it.`);
}
