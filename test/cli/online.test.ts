import assert from 'node:assert/strict';
import { FACTS, REBATES, STRATEGY, folder, ratebook } from './run.js';
import { service } from './service.js';

describe('cli on a running service', () => {
  const { at, write } = folder();
  const { address } = service();
  before(async () => {
    await write('hosting.yaml', STRATEGY);
    await write('rebates.csv', REBATES);
    await write('facts.json', FACTS);
  });

  const online = async (...args: string[]) => {
    const ran = await ratebook([...args, '--server', address(), '--json']);
    return { code: ran.code, answer: JSON.parse(ran.out) as Record<string, unknown> };
  };

  it('publishes, prices, explains, rolls back and withdraws', async () => {
    const published = await online(
      'publish',
      at('hosting.yaml'),
      '--base',
      '0',
      '--effective-from',
      '2026-01-01T00:00:00Z',
      '--note',
      'first',
    );
    assert.deepEqual([published.code, published.answer['number'], published.answer['note']], [0, 1, 'first']);

    const stale = await online('publish', at('hosting.yaml'), '--base', '0');
    assert.deepEqual([stale.code, (stale.answer['error'] as { reason: string }).reason], [1, 'STALE_BASE']);

    const facts = ['--facts', at('facts.json')];
    const offline = JSON.parse(
      (await ratebook(['quote', at('hosting.yaml'), ...facts, '--json'])).out,
    ) as object;
    const quoted = await online('quote', 'hosting@1', ...facts);
    assert.deepEqual(quoted, { code: 0, answer: { ...offline, revision: 1 } });

    const why = JSON.parse(
      (await ratebook(['explain', at('hosting.yaml'), ...facts, '--json'])).out,
    ) as object;
    const explained = await online('explain', 'hosting@1', ...facts);
    assert.deepEqual(explained.answer['explanations'], (why as { explanations: unknown }).explanations);

    const again = await online(
      'rollback',
      'hosting',
      '--to',
      '1',
      '--effective-from',
      '2099-01-01T00:00:00Z',
    );
    assert.deepEqual([again.answer['number'], again.answer['rolled_back_to']], [2, 1]);
    assert.equal((await online('withdraw', 'hosting@2')).code, 0);

    const { answer } = await online('history', 'hosting');
    const revisions = answer['revisions'] as { number: number; withdrawn_at: string | null }[];
    assert.deepEqual(
      revisions.map(({ number, withdrawn_at }) => [number, withdrawn_at === null]),
      [
        [2, false],
        [1, true],
      ],
    );
    assert.equal((await ratebook(['show', 'hosting@1', '--server', address()])).out, STRATEGY);
  });

  it('sets a published revision against a file', async () => {
    const next = await write('next.yaml', STRATEGY.replace('unit_price: 0.10', 'unit_price: 0.20'));
    const usage = await write(
      'usage.csv',
      'account,traffic,plan,occurred_at\na,10,free,2026-01-05T12:00:00Z\n',
    );
    const { code, answer } = await online('simulate', '--from', 'hosting@1', '--to', next, '--usage', usage);
    assert.equal(code, 0);
    assert.deepEqual([answer['before'], answer['after']], [{ EUR: '1' }, { EUR: '2' }]);
    const { name, revision } = answer['from'] as Record<string, unknown>;
    assert.deepEqual([name, revision], ['hosting@1', 1]);
  });

  it('finds the faults of a file', async () => {
    const file = await write('typo.yaml', STRATEGY.replace('currency: EUR', 'currency: eur'));
    const { code, answer } = await online('validate', file);
    const { answer: offline } = {
      answer: JSON.parse((await ratebook(['validate', file, '--json'])).out) as object,
    };
    assert.deepEqual([code, answer], [2, offline]);
  });

  it('says that nobody answers', async () => {
    const { code, err } = await ratebook(['history', '--server', '127.0.0.1:1']);
    assert.equal(code, 1);
    assert.match(err, /^error: Ratebook at 127\.0\.0\.1:1 cannot be reached/);
  });
});
