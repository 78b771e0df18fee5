import { type DescMethod, type Message, create } from '@bufbuild/protobuf';
import { RatebookError } from '../../errors/error.js';
import type { PermissionTable } from '../auth/permissions.js';
import type { Log } from '../log.js';
import { answer } from './chain.js';
import type { CallOptions, Channel } from './channel.js';
import { unanswered } from './client.js';
import { type Handle, type ServiceBinding, fullName } from './handlers.js';
import { requireRows } from './server.js';
import { cancelledError } from './status.js';
import { mapped, one, only } from './streams.js';
import { DEFAULT_DEADLINE_MS } from './wire.js';

export type LocalOptions = {
  readonly permissions: PermissionTable;
  readonly log: Log;
  /** Who calls: the service of this process that uses the channel. */
  readonly caller: string;
};

/**
 * A channel to services of this process: the same chain (deadline, identity, permission row, errors) without a network.
 * Messages are handed over as they are; whoever receives one does not change it.
 */
export function localChannel(bindings: readonly ServiceBinding[], options: LocalOptions): Channel {
  requireRows(bindings, options.permissions);
  const methods = new Map(
    bindings.flatMap((binding) => binding.methods.map((method) => [method.name, method])),
  );
  const house = { ...options, defaultDeadlineMs: DEFAULT_DEADLINE_MS };

  const stream = (method: DescMethod, requests: AsyncIterable<Message>, callOptions: CallOptions) => {
    const name = fullName(method);
    const bound = methods.get(name);
    if (bound === undefined) throw new RatebookError('INTERNAL', `This process does not host ${name}.`);
    const call = {
      method: name,
      streaming: method.methodKind !== 'unary',
      requests,
      headers: () => undefined,
      peer: { kind: 'trusted', name: options.caller },
      deadline: callOptions.deadline,
      onAbort: (abort: (reason: RatebookError) => void) => {
        const cancel = () => {
          abort(cancelledError(name));
        };
        callOptions.signal?.addEventListener('abort', cancel, { once: true });
        if (callOptions.signal?.aborted) cancel();
        return () => callOptions.signal?.removeEventListener('abort', cancel);
      },
    } as const;
    const handle: Handle<Message, Message> = (received, context) =>
      mapped(bound.handle(received, context), (init) => create(method.output, init));
    return answer(call, handle, house);
  };

  return {
    stream,
    unary: async (method, request, callOptions) =>
      only(stream(method, one(request), callOptions), () => unanswered(method)),
    close: () => undefined,
  };
}
