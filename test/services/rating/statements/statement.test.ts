import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { toJson } from '@bufbuild/protobuf';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import canonicalize from 'canonicalize';
import { type Statement, StatementSchema } from '../../../../src/gen/ratebook/v1/statement_pb.js';
import type { Rating } from '../rating.js';
import { freshAccount, openRecording, stamp, told, use } from '../recording/recording.js';

type Use = ReturnType<typeof use>;

describe('statements', function () {
  this.timeout(20_000);
  let rating: Rating;
  before(async function () {
    this.timeout(120_000);
    // The clock stands at 2026-03-01T00:00:00Z, in UTC as the strategy.
    rating = await openRecording();
  });
  after(() => rating.close());

  const account = () => freshAccount(rating);
  type To = Awaited<ReturnType<typeof account>>;
  const record = async (...usages: Use[]) =>
    (await rating.client.batchRateUsage({ usages })).outcomes.map(told);
  const close = async ({ subscription }: To, upTo?: string, requestId = '') =>
    (
      await rating.client.closeStatement({
        parent: subscription,
        upTo: upTo === undefined ? undefined : stamp(upTo),
        requestId,
      })
    ).statement;
  const preview = async ({ subscription }: To, upTo?: string) =>
    (
      await rating.client.previewStatement({
        parent: subscription,
        upTo: upTo === undefined ? undefined : stamp(upTo),
      })
    ).statement;
  const on = async ({ account: parent, subscription }: To, number: number) => {
    const statement = `${subscription}/statements/${number}`;
    const { ratings } = await rating.client.listRatings({ parent, statement });
    return ratings.map(({ usageId, number: of }) => `${usageId}.${of}`);
  };
  const january = (to: To) => ({ ...to, occurredAt: stamp('2026-01-10T00:00:00Z') });
  const march = (to: To) => ({ ...to, occurredAt: stamp('2026-03-01T00:00:00Z') });

  it('seals what has fallen due: lines by period, document and tier, with exact sums', async () => {
    const to = await account();
    await record(
      use('1', '8', to),
      use('2', '4.5', to),
      use('3', '1', january(to)),
      use('4', '1', march(to)),
    );
    const statement = await close(to);
    assert.ok(statement);
    assert.deepEqual(shown(statement), {
      name: 'statements/1',
      upTo: '2026-03-01T00:00:00.000Z',
      amount: '12.25',
      settled: '0',
      ratings: 3n,
      lines: [
        '2026-01 units tier 1: 1 = 1',
        '2026-02 units tier 1: 10 = 10',
        '2026-02 units tier 2: 2.5 = 1.25',
      ],
    });
    assert.equal(statement.lines[0]?.revision, 'strategies/tokens/revisions/1');
    assert.equal(statement.currency, 'USD');
    assert.deepEqual(await on(to, 1), ['1.1', '2.1', '3.1']);
  });

  it('hashes its content so that anybody can do so again', async () => {
    const to = await account();
    await record(use('1', '8', to));
    const statement = await close(to);
    assert.ok(statement);
    const { content_hash, ...content } = toJson(StatementSchema, statement, {
      useProtoFieldName: true,
      alwaysEmitImplicit: true,
    }) as { content_hash: string };
    const hash = createHash('sha256').update(canonicalize(content) ?? '');
    assert.equal(content_hash, hash.digest('hex'));
  });

  it('is given as it was sealed, whatever is rated afterwards', async () => {
    const to = await account();
    await record(use('1', '8', to));
    const sealed = await close(to);
    await record(use('2', '8', to));
    await rating.client.cancelUsage({ account: to.account, usageId: '1' });
    assert.deepEqual((await rating.client.getStatement({ name: sealed?.name ?? '' })).statement, sealed);
  });

  it('puts late usage and what was taken back on the next one, with its own period', async () => {
    const to = await account();
    await record(use('1', '8', to), use('2', '4', to));
    await close(to);
    await record(use('3', '2', january(to)));
    // 12 units cost 11 and 4 cost 4.
    await rating.client.cancelUsage({ account: to.account, usageId: '1' });
    const second = await close(to);
    assert.ok(second);
    assert.deepEqual(
      [second.amount, second.ratingCount, ...shown(second).lines],
      [
        '-5',
        2n,
        '2026-01 units tier 1: 2 = 2',
        '2026-02 units tier 1: -6 = -6',
        '2026-02 units tier 2: -2 = -1',
      ],
    );
    assert.deepEqual(
      [await on(to, 1), await on(to, 2)],
      [
        ['1.1', '2.1'],
        ['3.1', '1.2'],
      ],
    );
  });

  it('uses no number where nothing is to be billed', async () => {
    const to = await account();
    assert.equal(await close(to), undefined);
    await record(use('1', '8', to));
    await rating.client.cancelUsage({ account: to.account, usageId: '1' });
    assert.equal(await close(to), undefined);
    await record(use('2', '1', to));
    assert.equal((await close(to))?.name, `${to.subscription}/statements/1`);
    assert.deepEqual(await on(to, 1), ['1.1', '1.2', '2.1']);
    assert.equal(await close(to), undefined);
  });

  it('answers a repeat with the first answer, also where that was nothing', async () => {
    const to = await account();
    assert.equal(await close(to, undefined, 'a'), undefined);
    await record(use('1', '8', to));
    assert.equal(await close(to, undefined, 'a'), undefined);
    const first = await close(to, undefined, 'b');
    await record(use('2', '8', to));
    assert.deepEqual(await close(to, undefined, 'b'), first);
    await assert.rejects(close(to, '2026-02-01T00:00:00Z', 'b'), { reason: 'REQUEST_ID_REUSED' });
  });

  it('counts up without a gap, however many close at once', async () => {
    const to = await account();
    const closed = await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        await record(use(`${i}`, '1', to));
        return close(to);
      }),
    );
    const { statements } = await rating.client.listStatements({ parent: to.subscription });
    const names = statements.map(({ name }) => name);
    assert.deepEqual(
      names,
      names.map((_, i) => `${to.subscription}/statements/${i + 1}`),
    );
    assert.deepEqual(closed.flatMap((one) => one?.name ?? []).sort(), names.toSorted());
    const counted = statements.reduce((count, { ratingCount }) => count + ratingCount, 0n);
    assert.equal(counted, 12n);
  });

  it('lists page by page', async () => {
    const to = await account();
    for (const id of ['1', '2', '3']) {
      await record(use(id, '1', to));
      await close(to);
    }
    const names: string[] = [];
    let pageToken = '';
    do {
      const page = await rating.client.listStatements({ parent: to.subscription, pageSize: 2, pageToken });
      names.push(...page.statements.map(({ name }) => name.split('/').at(-1) ?? ''));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    assert.deepEqual(names, ['1', '2', '3']);
  });

  it('previews what closing would seal, and changes nothing', async () => {
    const to = await account();
    assert.equal(await preview(to), undefined);
    await record(use('1', '8', to), use('2', '1', march(to)));
    const shownNow = await preview(to);
    assert.deepEqual(
      [shownNow?.name, shownNow?.closedAt, shownNow?.contentHash, shownNow?.amount, shownNow?.ratingCount],
      ['', undefined, '', '9', 2n],
    );
    const upToNow = await preview(to, '2026-03-01T00:00:00Z');
    const sealed = await close(to);
    assert.ok(sealed && upToNow);
    assert.deepEqual(
      { ...sealed, name: '', closedAt: undefined, contentHash: '' },
      { ...upToNow, closedAt: undefined },
    );
    assert.equal(sealed.name, `${to.subscription}/statements/1`);
  });

  it('sums up a period, on statements or not', async () => {
    const to = await account();
    await record(use('1', '8', to));
    await close(to);
    await record(use('2', '4', to), use('3', '1', january(to)));
    const summarize = async (date: string, strategy = '') =>
      (await rating.client.summarizePeriod({ parent: to.account, date, strategy })).summary;
    const february = await summarize('2026-02-28');
    assert.deepEqual(
      [february?.amount, february?.currency, february?.ratingCount, february?.statements],
      ['11', 'USD', 2n, [`${to.subscription}/statements/1`]],
    );
    assert.deepEqual(
      february?.lines.map(({ tier, quantity, amount }) => `${tier}: ${quantity} = ${amount}`),
      ['1: 10 = 10', '2: 2 = 1'],
    );
    assert.deepEqual((await summarize('2026-01-31', 'strategies/tokens'))?.statements, []);
    const none = await summarize('2026-02-01', 'strategies/others');
    assert.deepEqual([none?.amount, none?.currency, none?.ratingCount], ['0', '', 0n]);
  });

  const REFUSED: readonly (readonly [what: string, reason: string, call: (to: To) => Promise<unknown>])[] = [
    ['an instant in the future', 'INVALID_REQUEST', (to) => close(to, '2026-03-01T00:00:00.001Z')],
    [
      'a preview of more than two years',
      'INVALID_REQUEST',
      (to) =>
        rating.client.previewStatement({ parent: to.subscription, upTo: stamp('2028-03-03T00:00:00Z') }),
    ],
    [
      'an unknown account',
      'ACCOUNT_NOT_FOUND',
      () => close({ account: '', subscription: 'accounts/nobody/subscriptions/main' }),
    ],
    [
      'an unknown subscription',
      'SUBSCRIPTION_NOT_FOUND',
      (to) => close({ ...to, subscription: `${to.account}/subscriptions/none` }),
    ],
    ['a name that is none', 'INVALID_REQUEST', (to) => close({ ...to, subscription: to.account })],
    [
      'an unknown statement',
      'STATEMENT_NOT_FOUND',
      (to) => rating.client.getStatement({ name: `${to.subscription}/statements/1` }),
    ],
    [
      'the name of no statement',
      'INVALID_REQUEST',
      (to) => rating.client.getStatement({ name: `${to.subscription}/statements/0` }),
    ],
    ['ratings of an unknown statement', 'STATEMENT_NOT_FOUND', (to) => on(to, 7)],
    [
      'ratings of a statement of others',
      'INVALID_REQUEST',
      (to) => on({ ...to, account: 'accounts/acme' }, 1),
    ],
    [
      'a date that is none',
      'INVALID_REQUEST',
      (to) => rating.client.summarizePeriod({ parent: to.account, date: '2026-02-30' }),
    ],
  ];
  for (const [what, reason, call] of REFUSED)
    it(`refuses ${what}`, async () => {
      await assert.rejects(call(await account()), { reason });
    });
});

/** What a statement says, in a few words. */
function shown({ name, upTo, amount, settled, ratingCount, lines }: Statement) {
  return {
    name: name.replace(/^.*\/(statements)/, '$1'),
    upTo: upTo && timestampDate(upTo).toISOString(),
    ...{ amount, settled, ratings: ratingCount },
    lines: lines.map(
      ({ line, tier, quantity, amount: of, periodStart }) =>
        `${periodStart ? timestampDate(periodStart).toISOString().slice(0, 7) : ''} ${line} tier ${tier}: ${quantity} = ${of}`,
    ),
  };
}
