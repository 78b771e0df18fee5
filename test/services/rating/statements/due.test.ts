import assert from 'node:assert/strict';
import { formatDecimal } from '../../../../src/money/decimal.js';
import { closeStatement } from '../../../../src/services/rating/statements/close-statement.js';
import { previewStatement } from '../../../../src/services/rating/statements/preview-statement.js';
import type { StatementContent } from '../../../../src/services/rating/statements/statement.js';
import { formatInstant } from '../../../../src/time/instant.js';
import { charge } from '../../../quote/priced.js';
import { type Periods, instantOf, make, openPeriods, publish, subscribed } from '../periods/periods.js';

const never = new AbortController().signal;

describe('statements of what falls due', function () {
  this.timeout(20_000);
  let ports: Periods;
  before(async function () {
    this.timeout(120_000);
    ports = await openPeriods();
    const period = { moment: 'period' };
    publish(ports, {
      facts: {
        'subscription.seats': { type: 'decimal', default: 1 },
        calls: { type: 'decimal', default: 0 },
      },
      prices: {
        call: { model: 'per_unit', quantity: 'calls', unit_price: 2 },
        seat: { model: 'per_unit', quantity: 'subscription.seats', unit_price: 30 },
        fee: { model: 'flat', amount: 7, bill: 'arrears' },
      },
      rules: [charge('call'), charge('seat', 'seat', period), charge('fee', 'fee', period)],
    });
  });

  const close = (account: string, upTo: string) =>
    closeStatement({ account, id: 'main', upTo: instantOf(upTo), request: undefined }, ports, never);
  const preview = (account: string, upTo?: string) =>
    previewStatement(
      { account, id: 'main', upTo: upTo === undefined ? undefined : instantOf(upTo) },
      ports,
      never,
    );

  it('have the period that has ended, and in advance the one that begins', async () => {
    const account = await subscribed(ports, '2026-01-01');
    await make(ports, account, ['2026-01-10', 'use', 'a', { calls: '3' }]);
    ports.clock.time = instantOf('2026-02-03');
    assert.deepEqual(shown(await close(account, '2026-01-31')), ['2026-01 seat 30', '30']);
    assert.deepEqual(shown(await close(account, '2026-02-01')), [
      ...['2026-01 call 6', '2026-01 fee 7', '2026-02 seat 30'],
      '43',
    ]);
    assert.equal(await close(account, '2026-02-02'), undefined);
  });

  it('are previewed up to the end of the period, by the revisions that are known', async () => {
    const account = await subscribed(ports, '2026-02-01');
    ports.clock.time = instantOf('2026-02-03');
    await make(ports, account, ['2026-02-02', 'use', 'a', { calls: '3' }]);
    const { watermark } = ports.book;
    ports.book.watermark = ports.clock.time;
    try {
      const expected = ['2026-02 call 6', '2026-02 seat 30', '2026-02 fee 7', '2026-03 seat 30', '73'];
      assert.deepEqual(shown(await preview(account)), expected);
      assert.deepEqual(shown(await preview(account, '2026-02-03')), ['2026-02 seat 30', '30']);
      assert.equal(await ports.store.ratings.countDocuments({ account, moment: 'period' }), 0);
    } finally {
      ports.book.watermark = watermark;
    }
  });

  it('are previewed up to an instant before what is settled', async () => {
    const account = await subscribed(ports, '2026-01-01');
    ports.clock.time = instantOf('2026-03-03');
    await make(ports, account, ['2026-01-20', 'use', 'a', { calls: '3' }]);
    await close(account, '2026-03-02');
    await make(ports, account, ['2026-01-16', 'set', { seats: '0' }]);
    const expected = ['2026-01 seat -30', '2026-01 seat 14.516129032258064516', '-15.483870967741935484'];
    assert.deepEqual(shown(await preview(account, '2026-01-31')).toSorted(), expected.toSorted());
  });

  it('tell a credit of what was billed in advance', async () => {
    const account = await subscribed(ports, '2026-04-01');
    ports.clock.time = instantOf('2026-04-20');
    await close(account, '2026-04-01');
    await make(ports, account, ['2026-04-16', 'set', { seats: '0' }]);
    // The whole month back, and half of it: what is prorated belongs to no tier.
    const lines = ['2026-04 seat 15', '2026-04 seat -30'];
    assert.deepEqual(shown(await close(account, '2026-04-16')), [...lines, '-15']);
  });
});

/** Each line with the month and its amount, then the sum. */
function shown(content: StatementContent | undefined): readonly string[] {
  assert.ok(content);
  const lines = content.lines.map(
    ({ period, line, amount }) =>
      `${formatInstant(period.start).slice(0, 7)} ${line} ${formatDecimal(amount)}`,
  );
  return [...lines, formatDecimal(content.amount)];
}
