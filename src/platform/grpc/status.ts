import {
  type DescMessage,
  type MessageInitShape,
  create,
  createRegistry,
  fromBinary,
  toBinary,
} from '@bufbuild/protobuf';
import { type Any, anyPack, anyUnpack, durationFromMs, durationMs } from '@bufbuild/protobuf/wkt';
import { Metadata, type ServiceError, type StatusObject, status as codes } from '@grpc/grpc-js';
import { type Reason, type Status, catalogue } from '../../errors/catalogue.js';
import { RatebookError, type Violation } from '../../errors/error.js';
import {
  type BadRequest,
  BadRequestSchema,
  type ErrorInfo,
  ErrorInfoSchema,
  type RetryInfo,
  RetryInfoSchema,
} from '../../gen/google/rpc/error_details_pb.js';
import { type Status as RpcStatus, StatusSchema } from '../../gen/google/rpc/status_pb.js';

/** The one place where an error of ours becomes a gRPC status, and a status an error of ours again. */

const DOMAIN = 'ratebook';
const DETAILS = 'grpc-status-details-bin';

/**
 * Some clients refuse more than 8 KiB of trailers. Base64 makes three bytes four, and the message is in there twice, once
 * percent-encoded (a Chinese character is nine bytes then).
 */
const MOST_DETAIL_BYTES = 2_560;
const LONGEST_MESSAGE = 300;

/** What is told instead of an error that nobody foresaw: its text may hold anything. */
export function unforeseen(cause: unknown, traceId: string): RatebookError {
  return new RatebookError(
    'INTERNAL',
    `Something went wrong on our side; quote trace id ${traceId} when you report it.`,
    { cause, metadata: { trace_id: traceId } },
  );
}

/** What a call ends with when its caller no longer wants the answer. */
export function cancelledError(method: string): RatebookError {
  return new RatebookError('CANCELLED', `${method} was cancelled by its caller before the answer was there.`);
}

/** The error with all its details, as the outcome of one item of a batch carries it. */
export function toRpcStatus(error: RatebookError): RpcStatus {
  return create(StatusSchema, {
    code: codes[error.status],
    message: error.message,
    details: [
      pack(ErrorInfoSchema, { reason: error.reason, domain: DOMAIN, metadata: { ...error.metadata } }),
      ...(error.violations.length === 0
        ? []
        : [pack(BadRequestSchema, { fieldViolations: error.violations.map((v) => ({ ...v })) })]),
      ...(error.retryAfterMs === undefined
        ? []
        : [pack(RetryInfoSchema, { retryDelay: durationFromMs(error.retryAfterMs) })]),
    ],
  });
}

/** The error as a call ends with it. More violations than fit into trailers are counted instead of listed. */
export function toGrpcStatus(error: RatebookError): StatusObject {
  const shown = fitted(error);
  const metadata = new Metadata();
  metadata.set(DETAILS, Buffer.from(toBinary(StatusSchema, toRpcStatus(shown))));
  return { code: codes[error.status], details: shown.message, metadata };
}

/** The error that a status of google.rpc tells of. */
export function fromRpcStatus(status: RpcStatus): RatebookError {
  const details = status.details.map(unpack);
  const info = details.find((d): d is ErrorInfo => d?.$typeName === ErrorInfoSchema.typeName);
  const bad = details.find((d): d is BadRequest => d?.$typeName === BadRequestSchema.typeName);
  const retry = details.find((d): d is RetryInfo => d?.$typeName === RetryInfoSchema.typeName);
  const delay = retry?.retryDelay;
  return new RatebookError(reasonOf(info, status.code), status.message, {
    violations: (bad?.fieldViolations ?? []).map(({ field, description }) => ({ field, description })),
    metadata: info?.metadata,
    retryAfterMs: delay === undefined ? undefined : durationMs(delay),
  });
}

/** The error that a call failed with; `address` is where the call went. */
export function fromGrpcStatus(status: StatusObject, address: string): RatebookError {
  const bytes = status.metadata.get(DETAILS)[0];
  const told = bytes instanceof Buffer ? readStatus(bytes) : undefined;
  if (told !== undefined) return fromRpcStatus(told);
  const message =
    status.code === codes.UNAVAILABLE
      ? `Ratebook at ${address} cannot be reached (${causeIn(status.details)}); check that it runs there.`
      : status.details;
  return new RatebookError(reasonOf(undefined, status.code), message);
}

/** What the operating system said, out of the history that grpc-js tells. */
function causeIn(details: string): string {
  return /connect E[A-Z]+|getaddrinfo E[A-Z]+/.exec(details)?.[0] ?? details;
}

/** Whether grpc-js told the outcome of a call with this error. */
export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error && 'metadata' in error;
}

/** Whatever a server of another make put there; a trailer that cannot be read tells nothing. */
function readStatus(bytes: Uint8Array): RpcStatus | undefined {
  try {
    return fromBinary(StatusSchema, bytes);
  } catch {
    return undefined;
  }
}

const registry = createRegistry(ErrorInfoSchema, BadRequestSchema, RetryInfoSchema);

function unpack(any: Any): ErrorInfo | BadRequest | RetryInfo | undefined {
  try {
    return anyUnpack(any, registry) as ErrorInfo | BadRequest | RetryInfo | undefined;
  } catch {
    return undefined;
  }
}

function pack<D extends DescMessage>(schema: D, init: MessageInitShape<D>): Any {
  return anyPack(schema, create(schema, init));
}

/** The reason of a status that gives none of ours: from gRPC itself, another make of server, or a newer Ratebook. */
const REASONS: Readonly<Partial<Record<Status | 'UNIMPLEMENTED', Reason>>> = {
  INVALID_ARGUMENT: 'INVALID_REQUEST',
  ABORTED: 'CONFLICT',
  RESOURCE_EXHAUSTED: 'TOO_LARGE',
  UNAVAILABLE: 'UNAVAILABLE',
  DEADLINE_EXCEEDED: 'DEADLINE_EXCEEDED',
  CANCELLED: 'CANCELLED',
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  PERMISSION_DENIED: 'PERMISSION_DENIED',
};

function reasonOf(info: ErrorInfo | undefined, code: number): Reason {
  if (info?.domain === DOMAIN && isReason(info.reason)) return info.reason;
  const name = codes[code] as keyof typeof REASONS | undefined;
  return (name === undefined ? undefined : REASONS[name]) ?? 'INTERNAL';
}

function isReason(text: string): text is Reason {
  return Object.hasOwn(catalogue, text);
}

function fitted(error: RatebookError): RatebookError {
  return new RatebookError(error.reason, sendable(error.message), {
    violations: fittedViolations(error.violations),
    metadata: error.metadata,
    retryAfterMs: error.retryAfterMs,
  });
}

function fittedViolations(violations: readonly Violation[]): readonly Violation[] {
  let bytes = 0;
  const fits = violations.findIndex((violation) => {
    bytes += Buffer.byteLength(violation.field) + Buffer.byteLength(violation.description) + 8;
    return bytes > MOST_DETAIL_BYTES;
  });
  if (fits === -1) return violations;
  const left = violations.length - fits;
  return [...violations.slice(0, fits), { field: '', description: `and ${left} more that do not fit here` }];
}

/** gRPC percent-encodes the message, which half a surrogate pair (a text cut in the wrong place) would make throw. */
function sendable(message: string): string {
  const cut = message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
  return cut.replace(/\p{Surrogate}/gu, '\ufffd');
}
