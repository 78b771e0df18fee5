/** What both ends of a connection agree on. */

/** Names the caller where there is no certificate to tell. */
export const CALLER_HEADER = 'x-ratebook-caller';

/** Longest message that either end takes. */
export const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

/** What a unary call gets whose caller gives no deadline. */
export const DEFAULT_DEADLINE_MS = 30_000;

/** Finds a peer that vanished without a word within 40 seconds. */
export const KEEPALIVE = { 'grpc.keepalive_time_ms': 30_000, 'grpc.keepalive_timeout_ms': 10_000 };

/** grpc-js carries bytes; the same memory as the Buffer that it asks for. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function sameBytes(bytes: Buffer): Uint8Array {
  return bytes;
}
