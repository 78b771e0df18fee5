import assert from 'node:assert/strict';
import type { WalletView } from '../../src/cli/wallet-view.js';
import { ratebook } from './run.js';
import { service } from './service.js';

describe('cli/wallet', function () {
  this.timeout(60_000);
  const { address } = service();
  const run = (...args: readonly string[]) => ratebook([...args, '--server', address()]);
  before(async () => {
    await run('account', 'create', 'acme', '--currency', 'EUR');
  });

  it('has nothing to show at first', async () => {
    const { out } = await run('wallet', 'show', 'acme');
    assert.match(out, /^There are no wallets; try ratebook wallet topup acme 25 --server /);
  });

  it('opens a wallet with its first top-up, and makes each once', async () => {
    const first = await run('wallet', 'topup', 'acme', '25.50', '--reference', 'p-1');
    assert.deepEqual(
      [first.code, first.out],
      [
        0,
        `Wallet  Unit  Balance  Held  Available  Owed
main    EUR      25.5     0       25.5     0

Grant  Wallet  Amount  Remaining  Priority  Expires  Pays for
p-1    main      25.5       25.5         0  never    everything
`,
      ],
    );
    assert.deepEqual(await run('wallet', 'topup', 'acme', '25.50', '--reference', 'p-1'), first);
    const other = await run('wallet', 'topup', 'acme', '26', '--reference', 'p-1');
    assert.equal(other.code, 1);
    assert.match(other.err, /"p-1" of acme was used before for another grant/);
  });

  it('keeps units of their own, which pay for prices until they expire', async () => {
    const units = ['--wallet', 'calls', '--unit', 'call', '--price', 'call', '--price', 'sms'];
    const options = [...units, '--expires', '2100-01-01T00:00:00Z', '--priority', '-1', '--present'];
    await run('wallet', 'topup', 'acme', '100', ...options, '--reference', 'gift');
    const { out } = await run('wallet', 'show', 'acme', '--json');
    const { wallets } = JSON.parse(out) as { readonly wallets: readonly WalletView[] };
    assert.deepEqual(wallets[0], {
      ...{
        account: 'acme',
        id: 'calls',
        unit: 'call',
        balance: '100',
        held: '0',
        available: '100',
        owed: '0',
      },
      credit_limit: '0',
      grants: [
        {
          ...{ reference: 'gift', amount: '100', remaining: '100', priority: -1 },
          ...{ expires_at: '2100-01-01T00:00:00Z', prices: ['call', 'sms'] },
        },
      ],
    });
  });

  for (const [what, args, message] of [
    ['an amount that is none', ['acme', 'ten'], /"ten"/],
    ['less than nothing', ['acme', '--', '-1'], /-1/],
    [
      'units for nothing',
      ['acme', '1', '--wallet', 'calls'],
      /name the prices for which call units are used up/,
    ],
    ['nobody', ['nobody', '1'], /There is no account "nobody"/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { code, err } = await ratebook(['wallet', 'topup', '--server', address(), ...args]);
      assert.equal(code, 1);
      assert.match(err, message);
    });
  }
});
