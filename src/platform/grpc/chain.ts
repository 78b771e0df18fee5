import { setMaxListeners } from 'node:events';
import type { Status } from '../../errors/catalogue.js';
import { RatebookError } from '../../errors/error.js';
import { type Peer, identify } from '../auth/caller.js';
import { type PermissionTable, permit } from '../auth/permissions.js';
import type { Log } from '../log.js';
import { mongoFailure } from '../mongo/failure.js';
import { type Headers, observeCall } from '../telemetry.js';
import { untilAborted } from './streams.js';
import type { Handle } from './handlers.js';
import { unforeseen } from './status.js';

/** A call as it arrives, whatever carries it. */
export type IncomingCall<Request> = {
  /** `package.Service/Method`. */
  readonly method: string;
  readonly streaming: boolean;
  readonly requests: AsyncIterable<Request>;
  readonly headers: Headers;
  readonly peer: Peer;
  /** Milliseconds since 1970, when the caller gave a deadline. */
  readonly deadline: number | undefined;
  /** Tells when the call is over before its answer is. Returns a function that stops listening. */
  readonly onAbort: (abort: (reason: RatebookError) => void) => () => void;
};

/** What every call of a server goes by. */
export type House = {
  readonly permissions: PermissionTable;
  readonly log: Log;
  /** For a unary call that comes without a deadline. A stream without one lives as long as both sides want it. */
  readonly defaultDeadlineMs: number;
};

/**
 * The chain that every call passes, over the network or not. It yields the responses and throws nothing but
 * RatebookErrors that may be shown to the caller.
 */
export async function* answer<Request, Response>(
  call: IncomingCall<Request>,
  handle: Handle<Request, Response>,
  house: House,
): AsyncGenerator<Response, void> {
  // 1. The span and the clock of the metrics start first: a call that is refused below is seen, too.
  const observed = observeCall(call.method, call.headers);
  // 2. The deadline runs from here, so that no later step can outlive it.
  const limit = limitCall(call, house.defaultDeadlineMs);
  // Until told otherwise: a stream whose reader stops early is neither done nor failed.
  let outcome: Status | 'OK' = 'CANCELLED';
  try {
    // 3. Who calls, before anything is decided about the call.
    const caller = identify(call.peer);
    // 4. Whether it may, before anybody looks at the request.
    permit(house.permissions, call.method, caller);
    // 5. The handler. Its steps run inside the span, so that what it asks of MongoDB hangs under it.
    const { deadline, signal } = limit;
    const context = { method: call.method, caller, deadline, signal, traceId: observed.traceId };
    const responses = observed.within(() => handle(call.requests, context));
    yield* untilAborted(responses, signal, observed.within);
    outcome = 'OK';
  } catch (error) {
    // 6. Errors last: whatever happened above, only what was refused on purpose keeps its words.
    const shown = showable(error, limit.signal, observed.traceId);
    outcome = shown.status;
    const ids = { method: call.method, trace_id: observed.traceId };
    if (shown.reason === 'INTERNAL')
      house.log.error({ ...ids, err: error }, 'a call failed for a reason nobody foresaw');
    if (shown.reason === 'UNAUTHENTICATED' || shown.reason === 'PERMISSION_DENIED')
      house.log.warn({ ...ids, peer: call.peer }, shown.message);
    throw shown;
  } finally {
    limit.release();
    observed.end(outcome);
  }
}

function showable(error: unknown, signal: AbortSignal, traceId: string): RatebookError {
  if (error instanceof RatebookError && error.reason !== 'INTERNAL') return error;
  // A driver that was told to stop throws an error of its own; what counts is why it was told.
  if (signal.aborted && signal.reason instanceof RatebookError) return signal.reason;
  return mongoFailure(error) ?? unforeseen(error, traceId);
}

/** The longest delay that a timer of Node takes. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

type Limit = { readonly deadline: number; readonly signal: AbortSignal; readonly release: () => void };

function limitCall<Request>(call: IncomingCall<Request>, defaultMs: number): Limit {
  const controller = new AbortController();
  // As many wait for it as a batch has items, and Node takes more than ten for a leak.
  setMaxListeners(0, controller.signal);
  const now = Date.now();
  const deadline = call.deadline ?? (call.streaming ? Infinity : now + defaultMs);
  const expire = () => {
    controller.abort(deadlineExceeded(call.method, deadline - now));
  };
  const delay = deadline - now;
  const timer = delay <= LONGEST_TIMER_MS ? setTimeout(expire, delay) : undefined;
  const ignore = call.onAbort((reason) => {
    controller.abort(reason);
  });
  const release = () => {
    clearTimeout(timer);
    ignore();
  };
  return { deadline, signal: controller.signal, release };
}

function deadlineExceeded(method: string, ms: number): RatebookError {
  return new RatebookError(
    'DEADLINE_EXCEEDED',
    `${method} was not done within the ${Math.max(0, Math.round(ms))} ms that the call had; give it more time or less work.`,
  );
}
