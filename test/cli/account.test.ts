import assert from 'node:assert/strict';
import { FACTS, REBATES, STRATEGY, folder, ratebook } from './run.js';
import { service } from './service.js';

describe('cli/account', function () {
  this.timeout(60_000);
  const { write } = folder();
  const { address } = service();
  const run = (...args: readonly string[]) => ratebook([...args, '--server', address()]);
  const json = async (...args: readonly string[]) => {
    const { code, out } = await run(...args, '--json');
    return { code, answer: JSON.parse(out) as Record<string, unknown> };
  };

  it('has nothing to show at first', async () => {
    const { code, out } = await run('account', 'list');
    assert.equal(code, 0);
    assert.match(
      out,
      /^There are no accounts yet; try ratebook account create acme --currency EUR --server /,
    );
  });

  it('opens accounts and shows them', async () => {
    const options = [
      '--country',
      'DE',
      '--zone',
      'Europe/Berlin',
      '--opened-at',
      '2025-12-01T00:00:00+01:00',
    ];
    const attributes = ['--attribute', 'segment=startup', '--attribute', 'limits=a,b'];
    const opened = await json('account', 'create', 'acme', '--currency', 'EUR', ...options, ...attributes);
    const { created_at, ...account } = opened.answer;
    assert.match(String(created_at), /^20\d\d-/);
    assert.deepEqual(
      [opened.code, account],
      [
        0,
        {
          ...{ id: 'acme', currency: 'EUR', country: 'DE', time_zone: 'Europe/Berlin' },
          ...{ opened_at: '2025-11-30T23:00:00Z', closed_at: null },
          attributes: [{ from: null, values: { segment: 'startup', limits: 'a,b' } }],
        },
      ],
    );
    const bare = await run('account', 'create', 'beta', '--currency', 'USD');
    assert.deepEqual(
      [bare.code, bare.out.split('\n').slice(1)],
      [
        0,
        [
          'beta     USD                UTC   since ever',
          `Next: ratebook subscribe beta STRATEGY --server ${address()}`,
          '',
        ],
      ],
    );
    const { answer } = await json('account', 'list');
    assert.deepEqual(
      (answer['accounts'] as readonly { readonly id: string }[]).map(({ id }) => id),
      ['acme', 'beta'],
    );
    const { out } = await run('account', 'list');
    assert.match(out, /^acme +EUR +DE +Europe\/Berlin +2025-11-30T23:00:00Z +segment=startup, limits=a,b$/m);
    assert.match((await run('account', 'show', 'beta')).out, /\nIt is on no strategy yet; try ratebook sub/);
  });

  it('puts an account on a strategy and lists what its usage costs', async () => {
    await write('rebates.csv', REBATES);
    const file = await write('hosting.yaml', STRATEGY);
    const from = ['--base', '0', '--effective-from', '2026-01-01T00:00:00Z'];
    assert.equal((await run('publish', file, ...from)).code, 0);
    const span = ['--from', '2026-01-01T00:00:00Z', '--until', '2027-01-01T00:00:00Z'];
    const options = ['--id', 'site', ...span, '--revision', '1', '--attribute', 'seats=5'];
    const subscribed = await json('subscribe', 'acme', 'hosting', ...options);
    const { created_at, ...subscription } = subscribed.answer;
    assert.equal(typeof created_at, 'string');
    assert.deepEqual(subscription, {
      ...{ account: 'acme', id: 'site', strategy: 'hosting', revision: 1 },
      ...{ starts_at: '2026-01-01T00:00:00Z', ends_at: '2027-01-01T00:00:00Z' },
      ...{ prepaid: false, trial_ends_at: null },
      attributes: [{ from: null, values: { seats: '5' } }],
    });
    assert.match(
      (await run('account', 'show', 'acme')).out,
      /\nSubscription .*\nsite +hosting +2026-01-01T00:00:00Z +2027-01-01T00:00:00Z +1 +seats=5\n$/,
    );

    assert.match((await run('ratings', 'acme')).out, /^Nothing is rated for acme here; try /);
    const day = (n: number, traffic: number) =>
      JSON.stringify({
        ...(JSON.parse(FACTS) as object),
        traffic,
        usage_id: `u${n}`,
        occurred_at: `2026-01-0${n}T12:00:00Z`,
      });
    const usage = await write('usage.ndjson', `${day(5, 120)}\n${day(6, 10)}\n`);
    // 120: 100 × 0.10 + 20 × 0.05 = 11; 10 × 0.05 = 0.5; both less ten percent.
    assert.equal((await run('usage', 'import', usage, '--account', 'acme')).code, 0);
    const all = await run('ratings', 'acme');
    assert.deepEqual(
      [all.code, all.out],
      [
        0,
        'Usage  Occurred at           Lines         Amount\n' +
          'u5     2026-01-05T12:00:00Z  traffic 9.9      9.9  EUR\n' +
          'u6     2026-01-06T12:00:00Z  traffic 0.45    0.45  EUR\n',
      ],
    );
    const some = await run(
      'ratings',
      'acme',
      '--subscription',
      'site',
      '--from',
      '2026-01-06T00:00:00Z',
      '--json',
    );
    const { recorded_at, content_hash, ...rating } = JSON.parse(some.out) as Record<string, unknown>;
    assert.deepEqual([typeof recorded_at, typeof content_hash], ['string', 'string']);
    assert.deepEqual(rating, {
      ...{ account: 'acme', subscription: 'site', usage_id: 'u6', number: 1, reverses: null },
      ...{ occurred_at: '2026-01-06T12:00:00Z', revision: 'hosting@1', currency: 'EUR', amount: '0.45' },
      lines: [{ line: 'traffic', rule: 'traffic', quantity: '10', amount: '0.5', net: '0.45' }],
      discounts: [{ rule: 'plan rebate', label: 'plan', amount: '0.05' }],
    });
    const early = await run('ratings', 'acme', '--to', '2026-01-06T12:00:00Z', '--json');
    assert.deepEqual(early.out.split('\n').length, 2);
  });

  const REFUSED: readonly (readonly [what: string, args: readonly string[], message: RegExp])[] = [
    ['an id that is taken', ['account', 'create', 'acme', '--currency', 'EUR'], /acme/],
    [
      'no currency',
      ['account', 'create', 'c', '--currency', 'eur'],
      /"eur" is no currency .* did you mean EUR\?/,
    ],
    ['no zone', ['account', 'create', 'c', '--currency', 'EUR', '--zone', 'Berlin'], /"Berlin" is no zone/],
    [
      'no attribute',
      ['account', 'create', 'c', '--currency', 'EUR', '--attribute', 'x'],
      /"x" is not NAME=VALUE/,
    ],
    [
      'an attribute twice',
      ['account', 'create', 'c', '--attribute', 'x=1', '--attribute', 'x=2'],
      /x is given twice/,
    ],
    ['no account', ['account', 'show', 'nobody'], /There is no account "nobody"/],
    ['no id', ['account', 'show', 'no/body'], /"accounts\/no\/body" is not accounts\/ID/],
    ['a subscription of nobody', ['subscribe', 'nobody', 'hosting'], /There is no account "nobody"/],
    ['a revision', ['subscribe', 'acme', 'hosting@1'], /Name the strategy alone: hosting/],
    ['an instant without offset', ['ratings', 'acme', '--from', '2026-01-01'], /'2026-01-01' is invalid/],
  ];
  for (const [what, args, message] of REFUSED) {
    it(`refuses ${what}`, async () => {
      const { code, out, err } = await run(...args);
      assert.deepEqual([code, out], [1, '']);
      assert.match(err, message);
    });
  }

  for (const verb of [['account'], ['account', 'create'], ['subscribe'], ['ratings']])
    it(`teaches ${verb.join(' ')}`, async () => {
      const { code, out } = await ratebook([...verb, '--help']);
      assert.equal(code, 0);
      assert.match(out, new RegExp(`^Examples:\n(.*\n)*? {2}ratebook ${verb.join(' ')} `, 'm'));
    });
});
