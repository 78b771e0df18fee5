import { atOnce } from '../at-once.js';
import type { Service } from '../replica.js';
import type { Stored } from './stored.js';

/** Every rating comes out again as it is stored. */
export async function otherReplay({ ratings }: Stored, { rates }: Service): Promise<string | undefined> {
  const different: string[] = [];
  await atOnce(ratings, async ({ _id, account, usageId, number }) => {
    const request = { account: `accounts/${account}`, usageId, number: BigInt(number) };
    if (!(await rates.replayRating(request)).agrees) different.push(_id);
  });
  return different[0] === undefined ? undefined : `${different[0]} comes out otherwise when it is replayed.`;
}
