import assert from 'node:assert/strict';
import { FACTS, REBATES, STRATEGY, folder, ratebook } from './run.js';
import { service } from './service.js';

describe('cli/statement', function () {
  this.timeout(60_000);
  const { write } = folder();
  const { address } = service();
  const run = (...args: readonly string[]) => ratebook([...args, '--server', address()]);
  const json = async (...args: readonly string[]) =>
    JSON.parse((await run(...args, '--json')).out) as Record<string, unknown>;
  const use = (usageId: string, day: string, traffic: number, facts: object = {}) =>
    JSON.stringify({
      ...(JSON.parse(FACTS) as object),
      ...{ traffic, usage_id: usageId, occurred_at: `${day}T12:00:00Z` },
      ...facts,
    });
  const record = async (...uses: readonly string[]) => {
    const file = await write('usage.ndjson', uses.map((line) => `${line}\n`).join(''));
    return (await run('usage', 'import', file, '--account', 'acme')).code;
  };
  const publish = async (text: string, ...options: readonly string[]) =>
    (await run('publish', await write('hosting.yaml', text), ...options)).code;

  before(async () => {
    await write('rebates.csv', REBATES);
    assert.equal(await publish(STRATEGY, '--base', '0', '--effective-from', '2026-01-01T00:00:00+01:00'), 0);
    assert.equal((await run('account', 'create', 'acme', '--currency', 'EUR')).code, 0);
    assert.equal((await run('subscribe', 'acme', 'hosting')).code, 0);
    // 120: 100 × 0.10 + 20 × 0.05 = 11; 10 × 0.05 = 0.5; both less ten percent. The next month begins anew.
    assert.equal(
      await record(use('a', '2026-01-05', 120), use('b', '2026-01-06', 10), use('c', '2026-02-01', 10)),
      0,
    );
  });

  it('sums up a period before anything is closed', async () => {
    assert.deepEqual(await json('statement', 'acme', '--period', '2026-01', '--strategy', 'hosting'), {
      ...{ account: 'acme', period: '2026-01', currency: 'EUR', amount: '10.35', ratings: 2, statements: [] },
      lines: [
        { line: 'traffic', price: 'traffic', rule: 'traffic', quantity: '130', amount: '11.5' },
        { line: 'traffic', price: '', rule: 'plan rebate', quantity: '0', amount: '-1.15' },
      ],
    });
    const { code, out } = await run('statement', 'acme', '--period', '2026-01-31');
    assert.equal(code, 0);
    assert.match(out, /^Line +Rule +Quantity +Amount\ntraffic +traffic +130 +11.5 +EUR\n/);
    assert.match(out, /\ntotal +10.35 +EUR\n$/);
    assert.match(
      (await run('statement', 'acme', '--period', '2025')).out,
      /^Nothing is rated for acme in 2025; try /,
    );
  });

  it('previews and closes, and then says which statement has the period', async () => {
    const upTo = ['--up-to', '2026-02-01T00:00:00+01:00'];
    const preview = await run('statement', 'preview', 'acme/main', ...upTo);
    assert.match(preview.out, /^Preview of acme\/main up to 2026-01-31T23:00:00Z\nPeriod +Line +Rule/);
    assert.match(preview.out, /\n2025-12-31T23:00:00Z +traffic +traffic +hosting@1 +2 +30 +1.5 +EUR\n/);
    const { statement } = (await json('statement', 'close', 'acme/main', ...upTo)) as {
      statement: { number: number; amount: string; content_hash: string; ratings: number };
    };
    assert.deepEqual([statement.number, statement.amount, statement.ratings], [1, '10.35', 2]);
    assert.match(statement.content_hash, /^[0-9a-f]{64}$/);
    const again = await run('statement', 'close', 'acme/main', ...upTo);
    assert.deepEqual([again.code, again.out], [0, 'There is nothing to bill of acme/main up to then.\n']);
    assert.deepEqual((await json('statement', 'acme', '--period', '2026-01'))['statements'], [1]);
    assert.deepEqual((await json('statement', 'acme', '--period', '2026-02'))['statements'], []);
  });

  it('lists what is closed, and shows each as it was sealed', async () => {
    const { statements } = (await json('statement', 'list', 'acme/main')) as {
      statements: { number: number }[];
    };
    assert.deepEqual(
      statements.map(({ number }) => number),
      [1],
    );
    assert.deepEqual((await json('statement', 'show', 'acme/main', '1'))['statement'], statements[0]);
    const { out } = await run('statement', 'list', 'acme/main');
    assert.match(
      out,
      /^Statement +Up to +Closed at +Ratings +Amount +Content\n +1 +2026-01-31T23:00:00Z +20\S+ +2 +10.35 +EUR +[0-9a-f]{12}\n$/,
    );
    assert.match(
      (await run('statement', 'show', 'acme/main', '1')).out,
      /^Statement 1, content [0-9a-f]{64}, of acme\/main up to 2026-01-31T23:00:00Z\nPeriod +Line +Rule[^]*\n +total +10.35 +EUR\n$/,
    );
    assert.equal((await run('account', 'create', 'idle', '--currency', 'EUR')).code, 0);
    assert.equal((await run('subscribe', 'idle', 'hosting')).code, 0);
    assert.deepEqual((await json('statement', 'list', 'idle/main'))['statements'], []);
    assert.match(
      (await run('statement', 'list', 'idle/main')).out,
      /^No statement of idle\/main is closed yet; try ratebook statement preview idle\/main --server /,
    );
  });

  it('shows what rating again would change, and stores it when told so', async () => {
    const dearer = STRATEGY.replace('unit_price: 0.10', 'unit_price: 0.20');
    assert.equal(await publish(dearer, '--base', '1'), 0);
    const span = ['--from', '2026-01-15T00:00:00Z', '--to', '2026-02-01T00:00:00+01:00', '--revision', '2'];
    const planned = await json('rerate', 'acme/main', ...span);
    const { plan, differences, ...sums } = planned;
    assert.deepEqual(sums, { applied: false, uses: 2, currency: 'EUR', before: '10.35', after: '19.35' });
    assert.deepEqual(differences, [
      {
        ...{ usage_id: 'a', occurred_at: '2026-01-05T12:00:00Z', before: '9.9', after: '18.9', error: null },
        ...{ revision_before: 1, revision_after: 2 },
      },
      {
        ...{ usage_id: 'b', occurred_at: '2026-01-06T12:00:00Z', before: '0.45', after: '0.45', error: null },
        ...{ revision_before: 1, revision_after: 2 },
      },
    ]);
    const { out } = await run('rerate', 'acme/main', ...span);
    assert.match(
      out,
      /^Usage +Occurred at +Revision +Before +Revision +After\na +2026-01-05T12:00:00Z +1 +9.9 +2 +18.9 +EUR\n/,
    );
    assert.match(out, new RegExp(`\nNothing is stored yet; .* --apply ${String(plan)}\n$`));
    const stored = await run('rerate', 'acme/main', ...span, '--apply', String(plan));
    assert.match(stored.out, /\n2 uses rated again: 10.35 EUR before, 19.35 EUR after.\nStored.\n$/);
    assert.equal((await json('statement', 'acme', '--period', '2026-01'))['amount'], '19.35');
  });

  it('tries again what waits for a price', async () => {
    assert.equal(await record(use('early', '2025-12-01', 10)), 3);
    assert.deepEqual(await json('usage', 'retry', 'acme'), {
      ...{ rated: 0, duplicate: 0, unpriced: 1, rejected: 0, amount: {} },
    });
    assert.equal((await run('usage', 'retry', 'acme')).code, 3);
  });

  const REFUSED: readonly (readonly [what: string, args: readonly string[], message: RegExp])[] = [
    ['no period', ['statement', 'acme'], /--period/],
    [
      'a period that is none',
      ['statement', 'acme', '--period', '2026-13'],
      /"2026-13" is no period; write a month/,
    ],
    [
      'an account alone to be closed',
      ['statement', 'close', 'acme'],
      /"acme" is no subscription; write ACCOUNT/,
    ],
    [
      'a statement that is not there',
      ['statement', 'show', 'acme/main', '9'],
      /There is no accounts\/acme\/subscriptions\/main\/statements\/9; list the statements/,
    ],
    [
      'a number that is none',
      ['statement', 'show', 'acme/main', '0'],
      /"0" is no number of a statement; they count up from 1/,
    ],
    ["a list of nobody's", ['statement', 'list', 'nobody/main'], /There is no account "nobody"/],
    ['an unknown account', ['statement', 'nobody', '--period', '2026-01'], /There is no account "nobody"/],
    [
      'a plan that is none',
      ['rerate', 'acme/main', '--apply', 'all'],
      /plan: is not the plan of an earlier answer/,
    ],
  ];
  for (const [what, args, message] of REFUSED)
    it(`refuses ${what}`, async () => {
      const { code, err } = await run(...args);
      assert.deepEqual([code, message.test(err)], [1, true], err);
    });
});
