import type { DescMethod, Message } from '@bufbuild/protobuf';

/** What a call may be given. The context of the call that a handler answers will do: deadline and abort are passed on. */
export type CallOptions = {
  /** Milliseconds since 1970. A unary call without one gets 30 seconds, a stream none. */
  readonly deadline?: number;
  readonly signal?: AbortSignal;
};

/** A way to call services: a connection (`connectTo`) or this process (`localChannel`). Failures are RatebookErrors. */
export type Channel = {
  readonly unary: (method: DescMethod, request: Message, options: CallOptions) => Promise<Message>;
  readonly stream: (
    method: DescMethod,
    requests: AsyncIterable<Message>,
    options: CallOptions,
  ) => AsyncIterable<Message>;
  readonly close: () => void;
};
