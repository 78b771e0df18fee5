import type { RatingDocument } from '../../../src/services/rating/store.js';
import type { Journal } from '../journal.js';
import type { Stored } from './stored.js';

/** A use was taken back and rated anew as often as that was asked for, and as it was told. */
export function otherCorrections({ acts, uses }: Journal, { ratings }: Stored): string | undefined {
  const byUse = new Map<string, RatingDocument[]>();
  for (const rating of ratings) {
    const key = `${rating.account} ${rating.usageId}`;
    byUse.set(key, [...(byUse.get(key) ?? []), rating]);
  }
  for (const key of uses.keys()) {
    const [amended] = acts.get(`amend ${key}`) ?? [];
    const [cancelled] = acts.get(`cancel ${key}`) ?? [];
    const told = [amended, cancelled].filter((answer) => answer !== undefined).join(' ');
    const [, ...later] = byUse.get(key) ?? [];
    const found = later.map(({ amount }) => String(amount)).join(' ');
    if (found !== told)
      return `${key} was corrected by ${found || 'nothing'}, and ${told || 'nothing'} was told.`;
  }
  return undefined;
}
