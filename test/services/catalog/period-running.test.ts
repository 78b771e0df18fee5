import assert from 'node:assert/strict';
import type { RatebookError } from '../../../src/errors/error.js';
import { AppliesTo, FaultSeverity } from '../../../src/gen/ratebook/v1/strategy_pb.js';
import { testMongo } from '../../mongo.js';
import { type Catalog, document, openCatalog, refusal, timestamp } from './catalog.js';

type Terms = {
  readonly zone?: string;
  readonly bill?: string;
  readonly anchor?: string;
  readonly price?: string;
};

/** A document with a price that falls due with each month. */
function monthly({ zone = 'Asia/Shanghai', bill = 'advance', anchor = 'calendar', price = '1' }: Terms = {}) {
  const { fileName, text } = document('llm', price);
  const fee = `  fee: { model: flat, amount: 20, bill: ${bill}, anchor: ${anchor} }\nrules:`;
  const rule =
    '  - { name: fee, moment: period, event: { type: charge, params: { line: fee, price: fee } } }\n';
  return { fileName, text: text.replace('UTC', zone).replace('rules:', fee) + rule };
}

describe('services/catalog: what periods that run count on', () => {
  let catalog: Catalog;
  before(async function () {
    this.timeout(180_000);
    await testMongo();
  });
  beforeEach(async () => {
    catalog = await openCatalog();
    await publish({}, '2026-01-01T00:00:00+08:00');
  });

  const publish = async (terms: Terms, from: string | undefined, more: object = {}) => {
    const effectiveFrom = from === undefined ? undefined : timestamp(from);
    const { revision } = await catalog.client.publishRevision({
      source: monthly(terms),
      effectiveFrom,
      ...more,
    });
    return revision;
  };
  const arrears = { bill: 'arrears' };
  const nextPeriod = { appliesTo: AppliesTo.NEXT_PERIOD };
  const newOnes = { appliesTo: AppliesTo.NEW_SUBSCRIPTIONS };

  it('all changes at once, with where they may be made; in a dry run too', async () => {
    for (const validateOnly of [true, false])
      await assert.rejects(
        publish({ zone: 'UTC', bill: 'arrears' }, '2026-11-10T00:00:00Z', { validateOnly }),
        (error: RatebookError) => {
          assert.deepEqual([error.reason, error.status], ['PERIOD_RUNNING', 'FAILED_PRECONDITION']);
          const advice =
            'from 2026-11-10T08:00:00+08:00 on, within a period; publish with effective_from 2026-12-01T00:00:00+08:00 or applies_to: next_period.';
          assert.deepEqual(error.violations, [
            { field: 'time_zone', description: `would change from Asia/Shanghai to UTC ${advice}` },
            { field: 'prices.fee.bill', description: `would change from advance to arrears ${advice}` },
          ]);
          return true;
        },
      );
    const { revisions } = await catalog.client.listRevisions({ parent: 'strategies/llm' });
    assert.equal(revisions.length, 1);
  });

  it('at once, it is refused and told what to do; where a period begins, or with each next one, it is not', async () => {
    await assert.rejects(
      publish(arrears, undefined),
      refusal('PERIOD_RUNNING', /2026-04-01T00:00:00\+08:00/),
    );
    await publish({ price: '2' }, undefined);
    assert.equal((await publish(arrears, '2026-04-01T00:00:00+08:00'))?.number, 3n);
    // A revision after it goes by its terms.
    assert.equal((await publish({ ...arrears, price: '3' }, '2026-04-10T00:00:00Z'))?.number, 4n);
    assert.equal((await publish({}, '2026-04-20T00:00:00Z', nextPeriod))?.number, 5n);
  });

  it('by own periods: only with each next one; to own periods: only for new subscriptions', async () => {
    const own = { anchor: 'subscription' };
    await assert.rejects(
      publish(own, '2026-05-01T00:00:00+08:00', nextPeriod),
      refusal('PERIOD_RUNNING', /anchor: would change .* applies_to: new_subscriptions\.$/),
    );
    await publish(own, '2026-05-01T00:00:00+08:00', newOnes);
    // Old subscriptions are still on the first one.
    await assert.rejects(publish(own, '2026-06-01T00:00:00+08:00'), refusal('PERIOD_RUNNING', /anchor/));
    await assert.rejects(
      publish({ ...own, ...arrears }, '2026-06-01T00:00:00+08:00'),
      refusal('PERIOD_RUNNING', /and 1 more/),
    );
    const other = async (terms: Terms, more: object) => {
      const source = monthly({ ...own, ...terms });
      source.text = source.text.replace('strategy: llm', 'strategy: own');
      return catalog.client.publishRevision({ source, ...more });
    };
    await other({}, { effectiveFrom: timestamp('2026-01-01T00:00:00+08:00') });
    await assert.rejects(
      other(arrears, { effectiveFrom: timestamp('2026-05-01T00:00:00+08:00') }),
      refusal('PERIOD_RUNNING', /period; publish with applies_to: next_period\.$/),
    );
    await other(arrears, { effectiveFrom: timestamp('2026-05-01T00:00:00+08:00'), ...nextPeriod });
  });

  it('between two: what follows counts too', async () => {
    await publish({ price: '2' }, '2026-05-10T00:00:00Z');
    await assert.rejects(
      publish(arrears, '2026-05-01T00:00:00+08:00'),
      refusal('PERIOD_RUNNING', /arrears to advance with revision 2, from 2026-05-10T08:00:00\+08:00 on/),
    );
    // For the past just so.
    await assert.rejects(
      publish(arrears, '2026-02-01T00:00:00+08:00'),
      refusal('PERIOD_RUNNING', /revision 2/),
    );
    assert.equal((await publish({ price: '3' }, '2026-05-01T00:00:00+08:00'))?.number, 3n);
  });

  it('what others count on is not withdrawn from under them', async () => {
    const may = await publish(arrears, '2026-05-01T00:00:00+08:00');
    const later = await publish({ ...arrears, price: '2' }, '2026-05-10T00:00:00Z');
    await assert.rejects(
      catalog.client.withdrawRevision({ name: may?.name }),
      refusal(
        'PERIOD_RUNNING',
        /bill: would change from advance to arrears with revision 3, .* withdraw that one first\.$/,
      ),
    );
    await catalog.client.withdrawRevision({ name: later?.name });
    await catalog.client.withdrawRevision({ name: may?.name });
    await catalog.client.withdrawRevision({ name: may?.name });
  });

  it('a rollback is a revision like another, but is for everyone', async () => {
    await publish(arrears, '2026-05-01T00:00:00+08:00');
    const rollBack = (from: string) =>
      catalog.client.rollBackStrategy({ name: 'strategies/llm/revisions/1', effectiveFrom: timestamp(from) });
    await assert.rejects(
      rollBack('2026-05-02T00:00:00Z'),
      refusal('PERIOD_RUNNING', /publish with effective_from 2026-06-01T00:00:00\+08:00\.$/),
    );
    assert.equal((await rollBack('2026-06-01T00:00:00+08:00')).revision?.number, 3n);
  });

  it('what was published before terms were kept is compared with nothing, and comes back all the same', async () => {
    const { revisions } = catalog.ports.store;
    await revisions.updateMany({}, { $unset: { terms: '' } });
    await publish(arrears, '2026-05-02T00:00:00Z');
    const name = 'strategies/llm/revisions/1';
    const effectiveFrom = timestamp('2026-05-03T00:00:00Z');
    assert.equal((await catalog.client.rollBackStrategy({ name, effectiveFrom })).revision?.number, 3n);
    // It stands between the two.
    assert.equal((await publish({}, '2026-05-04T00:00:00Z'))?.number, 4n);
    assert.equal((await catalog.client.validateStrategy({ source: monthly() })).faults.length, 0);
  });

  it('validating warns of it, at its place', async () => {
    const { valid, faults } = await catalog.client.validateStrategy({ source: monthly(arrears) });
    assert.equal(valid, true);
    assert.deepEqual(
      faults.map(({ severity, path, line, column }) => [severity, path, line, column]),
      [[FaultSeverity.WARNING, 'prices.fee.bill', 11, 41]],
    );
    assert.match(faults[0]?.message ?? '', /revision 1/);
    assert.match(faults[0]?.hint ?? '', /2026-04-01T00:00:00\+08:00 or applies_to: next_period/);
  });
});
