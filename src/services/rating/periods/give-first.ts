import type { SubscriptionName } from '../accounts/account.js';
import type { RecordingPorts } from '../recording/ports.js';
import { takeTurns } from '../recording/take-turns.js';
import { rateDueIn } from './rate-due.js';

/**
 * What a period gives is there for its first use, also before the next run in the background: what has fallen due of the
 * accounts' subscriptions to these strategies is rated first, each in a transaction of its own. Of strategies that give
 * nothing, as most, nothing is looked up. Throws UNAVAILABLE and CONFLICT.
 */
export async function giveFirst(
  strategies: ReadonlySet<string>,
  accounts: readonly string[],
  ports: RecordingPorts,
): Promise<void> {
  const { store, clock, book } = ports;
  const giving = [...strategies].filter((strategy) => gives(strategy, ports));
  if (giving.length === 0 || book.watermark === undefined) return;
  const now = clock.now();
  const upTo = now < book.watermark ? now : book.watermark;
  const due = await store.subscriptions
    .find({ account: { $in: accounts }, strategy: { $in: giving }, dueNext: { $lte: upTo } })
    .project<SubscriptionName>({ account: 1, id: 1 })
    .toArray();
  for (const { account, id } of due)
    await store.mongo.transaction(async (session) => {
      const [at] = await takeTurns(ports, [account], session);
      const subscription = at?.subscriptions.find((one) => one.id === id);
      if (at !== undefined && subscription !== undefined)
        await rateDueIn(session, { at, subscription, upTo }, ports);
    });
}

function gives(strategy: string, { book }: RecordingPorts): boolean {
  const revisions = book.byStrategy.get(strategy) ?? [];
  return revisions.some((revision) => revision.strategy.prepared.cycles.some(({ grants }) => grants));
}
