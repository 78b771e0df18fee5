import { violationError } from '../errors/error.js';
import type { Complain } from './grpc/read-request.js';

export type PageInput = { readonly size: number; readonly token: string };
export type Page<T> = { readonly items: readonly T[]; readonly nextToken: string };

const usualSize = 50;
const largestSize = 1_000;

/** What every List request says of the page that it wants. */
export function fromProtoPage(
  request: { readonly pageSize: number; readonly pageToken: string },
  complain: Complain,
): PageInput {
  const { pageSize: size, pageToken: token } = request;
  if (size < 0)
    complain('page_size', `${size.toString()} is below 0; send 1 to 1000, or 0 for the usual size.`);
  return { size, token };
}

/** How many to return: 0 asks for the usual number, more than the largest page gets the largest page. */
export function pageSize({ size }: PageInput): number {
  return size === 0 ? usualSize : Math.min(size, largestSize);
}

/** Opaque to callers, and bound to the list (`of`) that it continues. Neither part has a space in it. */
export function pageToken(of: string, after: string): string {
  return Buffer.from(`${of} ${after}`).toString('base64url');
}

/** The position in the list; undefined for the first page. Throws INVALID_REQUEST for a token of something else. */
export function pagePosition(of: string, page: PageInput): string | undefined {
  return parsePagePosition(of, page, (after) => after);
}

/** The same for a list whose positions are more than a text: `parse` returns undefined for what is none. */
export function parsePagePosition<T>(
  of: string,
  { token }: PageInput,
  parse: (after: string) => T | undefined,
): T | undefined {
  if (token === '') return undefined;
  const [list, after] = Buffer.from(token, 'base64url').toString().split(' ');
  const position = list === of && after !== undefined ? parse(after) : undefined;
  if (position !== undefined) return position;
  const description = 'is not the next_page_token of this list; leave it out to start with the first page.';
  throw violationError('INVALID_REQUEST', [{ field: 'page_token', description }]);
}

/** One more than a page was asked of the store, which tells whether there is a next one. */
export function pageOf<T>(found: readonly T[], size: number, tokenAfter: (last: T) => string): Page<T> {
  return pageFound({ items: found.slice(0, size), isMore: found.length > size }, tokenAfter);
}

/** What a store has found for a page, and whether there is more after it. */
export type Found<T> = { readonly items: readonly T[]; readonly isMore: boolean };

export function pageFound<T>({ items, isMore }: Found<T>, tokenAfter: (last: T) => string): Page<T> {
  const last = items.at(-1);
  return { items, nextToken: isMore && last !== undefined ? tokenAfter(last) : '' };
}
