import assert from 'node:assert/strict';
import { fromRpcStatus } from '../../../../src/platform/grpc/status.js';
import { type Rating, EARLY } from '../rating.js';
import { openAccount, openRecording, stamp, use } from './recording.js';

const READS = `
strategy: reads
currency: USD
time_zone: UTC
facts:
  units: { type: decimal, billable: true }
  account.segment: { type: string }
  subscription.seats: { type: decimal }
prices: { units: { model: per_unit, quantity: units, unit_price: { fact: subscription.seats } } }
rules:
  - name: units
    conditions:
      any:
        - { fact: account.segment, operator: equal, value: small }
        - { fact: account_age_days, operator: lessThan, value: 30 }
        - { fact: subscription_age_months, operator: lessThan, value: 3 }
    event: { type: charge, params: { price: units } }
`;

describe('recording what is not known of an account', function () {
  this.timeout(20_000);
  let rating: Rating;
  before(async function () {
    this.timeout(120_000);
    rating = await openRecording();
    const source = { fileName: 'reads.yaml', text: READS };
    await rating.catalog.client.publishRevision({ source, effectiveFrom: stamp(EARLY) });
  });
  after(() => rating.close());

  it('says who can tell it, since the sender of the use may not', async () => {
    await openAccount(rating, 'bare');
    const subscription = 'accounts/bare/subscriptions/reads';
    await rating.accounts.createSubscription({
      subscription: { name: subscription, strategy: 'strategies/reads' },
    });
    const usage = use('1', '1', { account: 'accounts/bare', subscription });
    const { outcome } = await rating.client.rateUsage({ usage });
    assert.ok(outcome?.outcome.case === 'rejected');
    const { reason, violations } = fromRpcStatus(outcome.outcome.value);
    assert.equal(reason, 'INVALID_FACTS');
    const told = Object.fromEntries(
      violations.map(({ field, description }) => [field, description.split(/[,;] /, 2).join(', ')]),
    );
    assert.deepEqual(told, {
      'facts.account.segment':
        'is not set for accounts/bare at the instant of the use, set the attribute from then on',
      'facts.subscription.seats': `is not set for ${subscription} at the instant of the use, set the attribute from then on`,
      'facts.account_age_days': 'is not known, since accounts/bare has no opened_at',
      'facts.subscription_age_months': `is not known, since ${subscription} has no starts_at`,
    });
  });
});
