/**
 * Which of so many shares an account belongs to, from 0: always the same one, whatever order accounts come in, since the
 * uses of an account are priced one after the other. FNV-1a over UTF-16 code units.
 */
export function shareOf(account: string, shares: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < account.length; i++) {
    hash = Math.imul(hash ^ account.charCodeAt(i), 0x01000193);
  }
  // FNV mixes its low bits least; those are what the remainder goes by.
  return ((hash ^ (hash >>> 15)) >>> 0) % shares;
}
