import { Writable } from 'node:stream';
import { RatebookError } from '../../../src/errors/error.js';
import { RateService } from '../../../src/gen/ratebook/v1/rate_pb.js';
import { permissions } from '../../../src/platform/auth/permissions.js';
import { type Client, connectTo, createClient } from '../../../src/platform/grpc/client.js';
import { type CallContext, type Handlers, bind } from '../../../src/platform/grpc/handlers.js';
import { localChannel } from '../../../src/platform/grpc/local.js';
import { type RunningServer, type ServerOptions, startServer } from '../../../src/platform/grpc/server.js';
import { createLog } from '../../../src/platform/log.js';
import { noRecording } from '../../services/rating/no-recording.js';

export type RateHandlers = Handlers<typeof RateService>;
export type RateClient = Client<typeof RateService>;

const unexpected = () => Promise.reject(new RatebookError('CONFLICT', 'This test does not call it.'));

/** RateService with the handlers that a test is about. */
export function rateBinding(handlers: Partial<RateHandlers>) {
  return bind(RateService, {
    computeQuote: unexpected,
    batchComputeQuotes: unexpected,
    explainQuote: unexpected,
    streamQuotes: async function* () {
      await unexpected();
    },
    ...noRecording,
    ...handlers,
  });
}

export type Serving = {
  readonly client: RateClient;
  readonly server: RunningServer;
  readonly logged: Record<string, unknown>[];
};

/** Runs a test against a server on a free port, then drains it. */
export async function serving(
  handlers: Partial<RateHandlers>,
  run: (serving: Serving) => Promise<void>,
  options: Partial<ServerOptions> = {},
): Promise<void> {
  const { log, logged } = capturingLog();
  const services = [rateBinding(handlers)];
  const server = await startServer({ services, listen: '127.0.0.1:0', permissions, log, ...options });
  const channel = connectTo(server.address);
  try {
    await run({ client: createClient(RateService, channel), server, logged });
  } finally {
    channel.close();
    await server.drain(20);
  }
}

/** Both ways in which a call can reach a handler; every promise of the chain holds on each. */
export const carriers = {
  'over a port': (
    handlers: Partial<RateHandlers>,
    run: (client: RateClient, logged: Serving['logged']) => Promise<void>,
  ) => serving(handlers, ({ client, logged }) => run(client, logged)),
  'in one process': (
    handlers: Partial<RateHandlers>,
    run: (client: RateClient, logged: Serving['logged']) => Promise<void>,
  ) => {
    const { log, logged } = capturingLog();
    const channel = localChannel([rateBinding(handlers)], { permissions, log, caller: 'local' });
    return run(createClient(RateService, channel), logged);
  },
} as const;

export function capturingLog() {
  const logged: Record<string, unknown>[] = [];
  const to = new Writable({
    write(line: Buffer, _encoding, done) {
      logged.push(JSON.parse(line.toString()) as Record<string, unknown>);
      done();
    },
  });
  return { log: createLog('debug', to), logged };
}

/** Settles when the call is over: what a handler that would wait for ever waits for. */
export function over({ signal }: CallContext): Promise<RatebookError> {
  return new Promise((resolve) => {
    const tell = () => {
      resolve(signal.reason as RatebookError);
    };
    if (signal.aborted) tell();
    signal.addEventListener('abort', tell);
  });
}

/** A promise and the function that fulfils it. */
export function gate<T = void>() {
  let open: (value: T) => void = () => undefined;
  const opened = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

export async function* items<T>(...values: readonly T[]): AsyncGenerator<T, void> {
  for (const value of values) yield await Promise.resolve(value);
}

export async function collected<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
}

/** Whether an error is the refusal that is expected. */
export function refusal(reason: string, message: RegExp) {
  return (error: unknown): boolean =>
    error instanceof RatebookError && error.reason === reason && message.test(error.message);
}
