import { setTimeout as pause } from 'node:timers/promises';
import {
  Server as GrpcServer,
  type MethodDefinition,
  ServerCredentials,
  type handleBidiStreamingCall,
  type handleUnaryCall,
  logVerbosity,
  setLogVerbosity,
} from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { RatebookError } from '../../errors/error.js';
import { type PermissionTable, missingRows } from '../auth/permissions.js';
import type { Log } from '../log.js';
import type { BoundMethod, ServiceBinding } from './handlers.js';
import { type Server, answerStream, answerUnary } from './incoming.js';
import { addReflection } from './reflection.js';
import { DEFAULT_DEADLINE_MS, KEEPALIVE, MAX_MESSAGE_BYTES, asBuffer, sameBytes } from './wire.js';

/** The server's own certificate, its key, and the authority whose client certificates it accepts; all PEM text. */
export type ServerTls = { readonly certificate: string; readonly key: string; readonly clientCa?: string };

export type ServerOptions = {
  readonly services: readonly ServiceBinding[];
  /** HOST:PORT; port 0 takes any free one. */
  readonly listen: string;
  readonly permissions: PermissionTable;
  readonly log: Log;
  readonly tls?: ServerTls;
  /** Accept callers from elsewhere without a certificate, and believe who they say they are. */
  readonly insecure?: boolean;
  readonly maxMessageBytes?: number;
  readonly defaultDeadlineMs?: number;
};

export type RunningServer = {
  /** host:port actually bound. */
  readonly address: string;
  /** Tells health checks whether a service (by its full name, or '' for all) takes calls. */
  setServing(service: string, serving: boolean): void;
  /** Lets the calls under way finish, for at most so long, and stops. */
  drain(graceMs: number): Promise<void>;
};

/** Starts a server; every service is SERVING at once. Rejects when the options are not safe or the port is taken. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  requireRows(options.services, options.permissions);
  requireSafety(options);
  // grpc-js writes lines of its own to stderr, about nothing that it does not report as an error, too.
  setLogVerbosity(logVerbosity.NONE);
  const server: Server = {
    permissions: options.permissions,
    log: options.log,
    defaultDeadlineMs: options.defaultDeadlineMs ?? DEFAULT_DEADLINE_MS,
    trusting: options.tls?.clientCa === undefined,
    openStreams: new Set(),
  };
  const grpc = new GrpcServer({
    'grpc.max_receive_message_length': options.maxMessageBytes ?? MAX_MESSAGE_BYTES,
    ...KEEPALIVE,
  });
  for (const { methods } of options.services) for (const method of methods) addMethod(grpc, method, server);
  const names = ['', ...options.services.map(({ service }) => service.typeName)];
  const health = new HealthImplementation(Object.fromEntries(names.map((name) => [name, 'SERVING'])));
  health.addToServer(grpc);
  addReflection(
    grpc,
    options.services.map(({ service }) => service),
  );
  const port = await bound(grpc, options);
  const setServing = (service: string, serving: boolean) => {
    health.setStatus(service, serving ? 'SERVING' : 'NOT_SERVING');
  };
  return {
    address: `${splitAddress(options.listen).host}:${port}`,
    setServing,
    drain: async (graceMs) => {
      for (const name of names) setServing(name, false);
      // Load balancers look at the health before the door closes.
      await pause(Math.min(graceMs / 10, 5_000));
      await stopped(grpc, server, graceMs);
    },
  };
}

/** Throws unless every method has a row: a method that was forgotten must not be found out by its first caller. */
export function requireRows(services: readonly ServiceBinding[], permissions: PermissionTable): void {
  const names = services.flatMap(({ methods }) => methods.map(({ name }) => name));
  const missing = missingRows(permissions, names);
  if (missing.length === 0) return;
  throw new RatebookError(
    'INVALID_REQUEST',
    `The permission table has no row for ${missing.join(', ')}; add one for each method before it is served.`,
  );
}

/** Throws when callers from other machines would be believed what they say of themselves. */
function requireSafety({ listen, tls, insecure }: ServerOptions): void {
  const { host } = splitAddress(listen);
  const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host);
  if (loopback || insecure === true || tls?.clientCa !== undefined) return;
  throw new RatebookError(
    'INVALID_REQUEST',
    `Listening on ${listen} without TLS and a client CA would believe every caller's name; configure them, listen on 127.0.0.1, or set RATEBOOK_INSECURE=true.`,
  );
}

function splitAddress(listen: string): { host: string; port: string } {
  const [, host, port] = /^(\[[\da-fA-F:]+\]|[^:]+):(\d{1,5})$/.exec(listen) ?? [];
  if (host !== undefined && port !== undefined) return { host, port };
  throw new RatebookError(
    'INVALID_REQUEST',
    `"${listen}" is no address to listen on; write it as HOST:PORT.`,
  );
}

function addMethod(grpc: GrpcServer, method: BoundMethod, server: Server): void {
  const streaming = method.descriptor.methodKind !== 'unary';
  // On the wire a stream of one is a single message, so all three kinds of stream are carried as the most general one.
  const definition: MethodDefinition<Uint8Array, Uint8Array> = {
    path: `/${method.name}`,
    requestStream: streaming,
    responseStream: streaming,
    requestSerialize: asBuffer,
    requestDeserialize: sameBytes,
    responseSerialize: asBuffer,
    responseDeserialize: sameBytes,
  };
  // grpc-js does not look at what a handler returns; neither of these ever rejects.
  const unary: handleUnaryCall<Uint8Array, Uint8Array> = (call, callback) => {
    void answerUnary(method, server, call, callback);
  };
  const stream: handleBidiStreamingCall<Uint8Array, Uint8Array> = (call) => {
    void answerStream(method, server, call);
  };
  grpc.addService({ method: definition }, { method: streaming ? stream : unary });
}

function bound(grpc: GrpcServer, { listen, tls }: ServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    grpc.bindAsync(listen, credentials(tls), (error, port) => {
      if (error === null) resolve(port);
      else {
        const message = `Cannot listen on ${listen} (${error.message}); choose another port or stop what uses it.`;
        reject(new RatebookError('UNAVAILABLE', message, { cause: error }));
      }
    });
  });
}

function credentials(tls: ServerTls | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const pair = { private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.certificate) };
  const ca = tls.clientCa === undefined ? null : Buffer.from(tls.clientCa);
  return ServerCredentials.createSsl(ca, [pair], ca !== null);
}

/** Open streams are told to go elsewhere, unary calls may finish, and what is left after the grace is cut. */
function stopped(grpc: GrpcServer, server: Server, graceMs: number): Promise<void> {
  const leaving = new RatebookError('UNAVAILABLE', 'The server is shutting down; connect again.', {
    retryAfterMs: 1_000,
  });
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      grpc.forceShutdown();
    }, graceMs);
    grpc.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
    for (const end of server.openStreams) end(leaving);
  });
}
