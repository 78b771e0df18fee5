import type { Service } from '../replica.js';
import type { Stored } from './stored.js';

const AT_ONCE = 16;

/** Every rating comes out again as it is stored. */
export async function otherReplay({ ratings }: Stored, { rates }: Service): Promise<string | undefined> {
  const left = ratings.values();
  const replay = async (): Promise<string | undefined> => {
    for (const { _id, account, usageId, number } of left) {
      const request = { account: `accounts/${account}`, usageId, number: BigInt(number) };
      if (!(await rates.replayRating(request)).agrees)
        return `${_id} comes out otherwise when it is replayed.`;
    }
    return undefined;
  };
  const found = await Promise.all(Array.from({ length: AT_ONCE }, replay));
  return found.find((difference) => difference !== undefined);
}
