import {
  type DescMessage,
  type DescMethod,
  type DescMethodBiDiStreaming,
  type DescMethodClientStreaming,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  type DescService,
  type Message,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { RatebookError } from '../../errors/error.js';
import type { Caller } from '../auth/caller.js';
import { only } from './streams.js';

/** What a handler knows of the call that it answers. May be passed on as the options of a call that it makes. */
export type CallContext = {
  /** `package.Service/Method`. */
  readonly method: string;
  readonly caller: Caller;
  /** Milliseconds since 1970; Infinity for a stream that its caller gave no deadline. */
  readonly deadline: number;
  /** Aborts when the deadline passes, the caller goes away or the server shuts down; its reason is a RatebookError. */
  readonly signal: AbortSignal;
  /** 32 hex digits, in the log and in the message of every unforeseen error. */
  readonly traceId: string;
};

type UnaryHandler<I extends DescMessage, O extends DescMessage> = (
  request: MessageShape<I>,
  context: CallContext,
) => Promise<MessageInitShape<O>>;
type ServerStreamHandler<I extends DescMessage, O extends DescMessage> = (
  request: MessageShape<I>,
  context: CallContext,
) => AsyncIterable<MessageInitShape<O>>;
type ClientStreamHandler<I extends DescMessage, O extends DescMessage> = (
  requests: AsyncIterable<MessageShape<I>>,
  context: CallContext,
) => Promise<MessageInitShape<O>>;
type BidiHandler<I extends DescMessage, O extends DescMessage> = (
  requests: AsyncIterable<MessageShape<I>>,
  context: CallContext,
) => AsyncIterable<MessageInitShape<O>>;

type Handler<M> =
  M extends DescMethodUnary<infer I, infer O>
    ? UnaryHandler<I, O>
    : M extends DescMethodServerStreaming<infer I, infer O>
      ? ServerStreamHandler<I, O>
      : M extends DescMethodClientStreaming<infer I, infer O>
        ? ClientStreamHandler<I, O>
        : M extends DescMethodBiDiStreaming<infer I, infer O>
          ? BidiHandler<I, O>
          : never;

/** One function for each method of a service, by its name in lower camel case. */
export type Handlers<S extends DescService> = { readonly [M in keyof S['method']]: Handler<S['method'][M]> };

/** A method of any of the four kinds, told as the most general one: requests in, responses out. */
export type Handle<Request, Response> = (
  requests: AsyncIterable<Request>,
  context: CallContext,
) => AsyncIterable<Response>;

export type BoundMethod = {
  readonly descriptor: DescMethod;
  /** `package.Service/Method`. */
  readonly name: string;
  /** Answers with inits: whoever carries them on makes messages of them. */
  readonly handle: Handle<Message, MessageInitShape<DescMessage>>;
};

/** A service with the functions that answer it. */
export type ServiceBinding = { readonly service: DescService; readonly methods: readonly BoundMethod[] };

export function bind<S extends DescService>(service: S, handlers: Handlers<S>): ServiceBinding {
  const byName: Readonly<Record<string, unknown>> = handlers;
  return {
    service,
    methods: service.methods.map((descriptor) => ({
      descriptor,
      name: fullName(descriptor),
      handle: generalize(descriptor, byName[descriptor.localName]),
    })),
  };
}

export function fullName(method: DescMethod): string {
  return `${method.parent.typeName}/${method.name}`;
}

const notOne = () =>
  new RatebookError('INVALID_REQUEST', 'A call of this method carries exactly one request message.');

/** The casts take back what looking a handler up by its name forgets; `Handlers` has checked it in `bind`. */
function generalize(method: DescMethod, handler: unknown): BoundMethod['handle'] {
  switch (method.methodKind) {
    case 'unary': {
      const answer = handler as UnaryHandler<DescMessage, DescMessage>;
      return async function* (requests, context) {
        yield await answer(await only(requests, notOne), context);
      };
    }
    case 'server_streaming': {
      const answer = handler as ServerStreamHandler<DescMessage, DescMessage>;
      return async function* (requests, context) {
        yield* answer(await only(requests, notOne), context);
      };
    }
    case 'client_streaming': {
      const answer = handler as ClientStreamHandler<DescMessage, DescMessage>;
      return async function* (requests, context) {
        yield await answer(requests, context);
      };
    }
    case 'bidi_streaming':
      return handler as BidiHandler<DescMessage, DescMessage>;
  }
}
