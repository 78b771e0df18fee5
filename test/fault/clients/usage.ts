import { type Sender, deliver } from '../send.js';
import { type Use, useOf } from '../uses.js';

const MOST_USES = 24;

/** Records batches of uses of all these accounts, and something again that it has sent before. */
export function usageClient(sender: Sender, accounts: readonly string[]): () => Promise<void> {
  const { random } = sender;
  const used: Use[] = [];
  return async () => {
    const fresh = Array.from({ length: 1 + random(MOST_USES) }, (_, i): Use => {
      const use = useOf(sender, accounts[random(accounts.length)]!, used.length + i);
      return { ...use, kind: random(20) === 0 ? 'odd' : random(20) === 0 ? 'banned' : 'plain' };
    });
    used.push(...fresh);
    await deliver([...fresh, used[random(used.length)]!], sender);
  };
}
