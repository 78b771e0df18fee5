import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** A number is a small whole one; decimals and instants are texts. */
export type Content =
  string | number | boolean | null | readonly Content[] | { readonly [name: string]: Content };

/** SHA-256 of the content as RFC 8785 JSON in UTF-8, lower-case hex: anybody can compute it again. */
export function hashOf(content: Content): string {
  return createHash('sha256')
    .update(canonicalize(content) ?? '', 'utf8')
    .digest('hex');
}
