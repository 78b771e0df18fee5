import assert from 'node:assert/strict';
import type { RatebookError } from '../../../../src/errors/error.js';
import { cancelUsage } from '../../../../src/services/rating/corrections/cancel-usage.js';
import { replayRating } from '../../../../src/services/rating/recording/replay-rating.js';
import { emptyBook } from '../../../../src/services/rating/revisions/revision-book.js';
import { charge } from '../../../quote/priced.js';
import { type Periods, make, openPeriods, publish, subscribed } from '../periods/periods.js';

const UNITS = {
  facts: { units: { type: 'integer', billable: true } },
  prices: { units: { model: 'per_unit', quantity: 'units', unit_price: 2 } },
  rules: [charge('units', 'units')],
};

describe('a process that has not heard yet of the revision that priced something', function () {
  this.timeout(120_000);
  let behind: Periods;
  let account: string;
  before(async () => {
    const ports = await openPeriods();
    publish(ports, UNITS);
    account = await subscribed(ports, '2026-01-01');
    await make(ports, account, ['2026-01-02', 'use', 'u', { units: '3' }]);
    behind = { ...ports, book: emptyBook() };
  });

  for (const [what, ask] of [
    ['replay it', () => replayRating({ account, usageId: 'u' }, 1, behind)],
    ['take it back', () => cancelUsage({ account, usageId: 'u' }, behind)],
  ] as const)
    it(`does not ${what}, and says that it will`, async () => {
      await assert.rejects(ask, ({ reason }: RatebookError) => reason === 'UNAVAILABLE');
    });
});
