import assert from 'node:assert/strict';
import { formatDecimal } from '../../../../src/money/decimal.js';
import { rerate } from '../../../../src/services/rating/corrections/rerate.js';
import { closeStatement } from '../../../../src/services/rating/statements/close-statement.js';
import { type Document, charge, rule, when } from '../../../quote/priced.js';
import {
  type Periods,
  charged,
  checkBooks,
  due,
  instantOf,
  make,
  openPeriods,
  publish,
  subscribed,
} from '../periods/periods.js';

const fee = (amount: number, more: Document = {}, rule: Document = {}): Document => ({
  facts: { 'subscription.seats': { type: 'decimal', optional: true } },
  prices: { fee: { model: 'flat', amount, ...more } },
  rules: [charge('fee', 'fee', { moment: 'period', ...rule })],
});

describe('rating the charges of periods again', function () {
  this.timeout(20_000);
  let ports: Periods;
  before(async function () {
    this.timeout(120_000);
    await openPeriods();
  });
  beforeEach(async () => {
    ports = await openPeriods();
  });

  const again = async (account: string, plan?: string, revision?: number) => {
    const span = { from: instantOf('2026-03-01'), to: undefined };
    return rerate({ account, id: 'main', ...span, revision, plan }, ports, AbortSignal.timeout(10_000));
  };
  const differencesOf = ({ differences }: Awaited<ReturnType<typeof again>>) =>
    differences.map(({ usageId, before, after, error, ...revision }) => {
      const start = usageId.slice(usageId.indexOf(' ') + 1, usageId.indexOf('T'));
      return `${start}: ${before} by ${revision.revisionBefore}, ${error?.reason ?? after} by ${revision.revisionAfter}`;
    });
  /** From February to April, each month charged in advance. */
  const threeMonths = async (document: Document, values = {}) => {
    publish(ports, document);
    const account = await subscribed(ports, '2026-02-01', values);
    await due(ports, account, '2026-04-05');
    return account;
  };

  it('tells what a revision for the past would have charged, and stores it with its plan', async () => {
    const account = await threeMonths(fee(30));
    publish(ports, fee(45), { number: 2, from: '2026-02-15T00:00:00Z' });
    const told = await again(account);
    assert.deepEqual(differencesOf(told), ['2026-03-01: 30 by 1, 45 by 2', '2026-04-01: 30 by 1, 45 by 2']);
    assert.deepEqual([told.before, told.after, told.usages, told.applied], ['60', '90', 0, false]);
    assert.equal(await charged(ports, account), '2026-02-01 30, 2026-03-01 30, 2026-04-01 30');

    const applied = await again(account, told.plan);
    assert.deepEqual(applied, { ...told, applied: true });
    assert.equal(await charged(ports, account), '2026-02-01 30, 2026-03-01 45, 2026-04-01 45');
    assert.deepEqual(await again(account, told.plan), applied);
    assert.deepEqual(differencesOf(await again(account)), []);
    // What falls due later leaves it so.
    await due(ports, account, '2026-05-05');
    assert.equal(await charged(ports, account), '2026-02-01 30, 2026-03-01 45, 2026-04-01 45, 2026-05-01 45');
    await checkBooks(ports, account);
  });

  it('refuses a plan that is outdated, and then stores nothing', async () => {
    const account = await threeMonths(fee(30));
    publish(ports, fee(45), { number: 2, from: '2026-02-15T00:00:00Z' });
    const { plan } = await again(account);
    await make(ports, account, ['2026-04-16', 'end']);
    await due(ports, account, '2026-04-20');
    await assert.rejects(again(account, plan), { reason: 'PLAN_OUTDATED' });
    assert.equal(await charged(ports, account), '2026-02-01 30, 2026-03-01 30, 2026-04-01 15');
  });

  it('by a named revision: a charge that it does not know is taken back, and one by other periods stays', async () => {
    const account = await threeMonths(fee(30));
    publish(ports, fee(45, {}, when('subscription.seats', 'greaterThan', 0)), {
      number: 2,
      from: '2027-01-01T00:00:00Z',
    });
    publish(ports, fee(45, { bill: 'arrears' }), { number: 3, from: '2027-02-01T00:00:00Z' });
    assert.deepEqual(differencesOf(await again(account, undefined, 3)), [
      '2026-03-01: 30 by 1, PERIOD_RUNNING by 1',
      '2026-04-01: 30 by 1, PERIOD_RUNNING by 1',
    ]);
    const { plan } = await again(account, undefined, 2);
    const { after } = await again(account, plan, 2);
    assert.equal(after, '0');
    assert.equal(await charged(ports, account), '2026-02-01 30, 2026-03-01 0, 2026-04-01 0');
    await checkBooks(ports, account);
  });

  it('what was topped up to a minimum by months stays where a revision goes by weeks', async () => {
    const least = (period: string): Document => ({
      facts: { calls: { type: 'integer', default: 0 } },
      prices: { call: { model: 'per_unit', quantity: 'calls', unit_price: 0.1, minimum: 5 } },
      rules: [charge('call')],
      period,
    });
    publish(ports, least('month'));
    const account = await subscribed(ports, '2026-03-01');
    await make(ports, account, ['2026-03-10', 'use', 'a', { calls: '30' }]);
    await due(ports, account, '2026-04-05');
    assert.equal(await charged(ports, account), '2026-04-01 2');
    publish(ports, least('week'), { number: 2, from: '2027-01-01T00:00:00Z' });
    const told = differencesOf(await again(account, undefined, 2));
    assert.deepEqual(told.slice(-1), ['2026-03-01: 2 by 1, PERIOD_RUNNING by 1']);
  });

  it('what lacks an attribute stays as it is and says so', async () => {
    const account = await threeMonths(fee(30));
    const seats = { facts: { 'subscription.seats': { type: 'decimal' } } };
    const conditions = when('subscription.seats', 'greaterThan', 0);
    publish(ports, { ...fee(45, {}, conditions), ...seats }, { number: 2, from: '2026-02-15T00:00:00Z' });
    const told = await again(account);
    assert.deepEqual(differencesOf(told), [
      '2026-03-01: 30 by 1, INVALID_FACTS by 1',
      '2026-04-01: 30 by 1, INVALID_FACTS by 1',
    ]);
    assert.equal(told.after, '60');
    await again(account, told.plan);
    assert.equal(await charged(ports, account), '2026-02-01 30, 2026-03-01 30, 2026-04-01 30');
    assert.equal(await ports.store.unpriced.countDocuments({ account }), 0);
  });

  it('gives nothing more for periods that have begun, which the differences would not tell', async () => {
    const account = await threeMonths(fee(30));
    const params = { amount: 5, of: ['fee'], roll_over: true };
    const credit = rule('credit', 'grant', params, { moment: 'period' });
    const document = fee(45);
    const rules = [...(document.rules as readonly unknown[]), credit];
    publish(ports, { ...document, rules }, { number: 2, from: '2026-02-15T00:00:00Z' });
    await again(account, (await again(account)).plan);
    const grants = () => ports.store.grants.countDocuments({ account });
    assert.equal(await grants(), 0);
    await due(ports, account, '2026-04-10');
    assert.equal(await grants(), 0);
    await due(ports, account, '2026-05-05');
    assert.equal(await grants(), 1);
  });

  it('what was measured is charged again with the uses, and stands on the next statement', async () => {
    const measured = (unit_price: number): Document => ({
      facts: { gigabytes: { type: 'decimal', default: 0 } },
      prices: { storage: { model: 'per_unit', quantity: 'gigabytes', unit_price, aggregate: 'max' } },
      rules: [charge('storage')],
    });
    publish(ports, measured(2));
    const account = await subscribed(ports, '2026-03-01');
    await make(ports, account, ['2026-03-10', 'use', 'a', { gigabytes: '5' }]);
    await make(ports, account, ['2026-03-20', 'use', 'b', { gigabytes: '7' }]);
    await due(ports, account, '2026-04-05');
    assert.equal(await charged(ports, account), '2026-04-01 14');
    const main = { account, id: 'main', upTo: undefined, request: undefined };
    const close = async () => {
      const statement = await closeStatement(main, ports, AbortSignal.timeout(10_000));
      return statement && formatDecimal(statement.amount);
    };
    assert.equal(await close(), '14');
    publish(ports, measured(3), { number: 2, from: '2026-03-15T00:00:00Z' });
    const told = await again(account);
    assert.deepEqual(differencesOf(told).at(-1), '2026-03-01: 14 by 1, 21 by 2');
    const { after } = await again(account, told.plan);
    assert.equal(after, '21');
    await due(ports, account, '2026-04-10');
    assert.equal(await charged(ports, account), '2026-04-01 21');
    assert.equal(await close(), '7');
    await checkBooks(ports, account);
  });
});
