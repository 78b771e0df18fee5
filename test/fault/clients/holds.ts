import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { HoldState } from '../../../src/gen/ratebook/v1/wallet_pb.js';
import { type Sender, note, perform } from '../send.js';
import { type Use, toMessage, useOf } from '../uses.js';

const SOON_MS = 1_500;
const LATE_MS = 3_600_000;

/** Reserves, and then commits, gives back, or lets the hold expire: in wallets that others use too. */
export function holdClient(sender: Sender, accounts: readonly string[]): () => Promise<void> {
  const { random } = sender;
  let place = 0;
  return async () => {
    const use = useOf(sender, accounts[random(accounts.length)]!, place++);
    const fate = (['commit', 'commit', 'release', 'expire', 'leave'] as const)[random(5)]!;
    const held = await reserve(use, sender, Date.now() + (fate === 'expire' ? SOON_MS : LATE_MS));
    if (held.startsWith('refused')) return;
    if (fate === 'commit') await commit({ ...use, units: 1 + random(use.units) }, sender);
    if (fate === 'release') await release(use, sender);
  };
}

/** The amount and unit that are held; the hold has the id of its use. */
export function reserve(use: Use, sender: Sender, expiresAtMs = Date.now() + LATE_MS): Promise<string> {
  const request = { holdId: use.id, usage: toMessage(use), expiresAt: timestampFromMs(expiresAtMs) };
  return perform(
    {
      key: `reserve ${use.account} ${use.id}`,
      // The latter where it would have expired by the time that it can be reserved.
      refusals: ['BALANCE_TOO_LOW', 'INVALID_REQUEST'],
      ask: async ({ rates }, options) => {
        const { hold } = await rates.reserve(request, options);
        return `${hold?.amount} ${hold?.unit}`;
      },
    },
    sender,
  );
}

/** What has become of the hold; what became of the use is noted with all uses. */
export function commit(use: Use, sender: Sender): Promise<string> {
  const request = { holdId: use.id, usage: toMessage(use) };
  return perform(
    {
      key: `end ${use.account} ${use.id}`,
      ask: async ({ rates }, options) => {
        const { outcome, hold } = await rates.commit(request, options);
        note(sender.journal, use, outcome);
        return stateOf(hold);
      },
    },
    sender,
  );
}

function release({ account, id }: Use, sender: Sender): Promise<string> {
  const request = { account: `accounts/${account}`, holdId: id };
  return perform(
    {
      key: `end ${account} ${id}`,
      ask: async ({ rates }, options) => stateOf((await rates.release(request, options)).hold),
    },
    sender,
  );
}

function stateOf(hold: { readonly state: HoldState } | undefined): string {
  return HoldState[hold?.state ?? HoldState.UNSPECIFIED].toLowerCase();
}
