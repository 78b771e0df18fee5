import assert from 'node:assert/strict';
import { testMongo } from '../../../mongo.js';
import { type Rating, heard } from '../rating.js';
import { openRecording, stamp, told, use } from './recording.js';

/** Each team gets ten units at 1.00 and then pays half; who has taken more than ten pays a levy. */
const TEAMS = `
strategy: teams
currency: USD
time_zone: UTC
period: month
facts:
  units: { type: decimal, billable: true }
  team: { type: string }
prices:
  units: { model: graduated, quantity: units, group_by: [ team ], tiers: [ { up_to: 10, unit_price: 1 }, { unit_price: 0.5 } ] }
  levy: { model: flat, amount: 100 }
rules:
  - name: units
    event: { type: charge, params: { price: units } }
  - name: levy
    conditions: { all: [ { fact: used.units, operator: greaterThan, value: 10 } ] }
    event: { type: charge, params: { price: levy } }
`;
const TEAM_COUNT = 20_000;
const BATCH = 1_000;

describe('recording in many groups', function () {
  this.timeout(60_000);
  let rating: Rating;
  before(async function () {
    this.timeout(120_000);
    rating = await openRecording();
    await rating.catalog.client.publishRevision({
      source: { fileName: 'teams.yaml', text: TEAMS },
      effectiveFrom: stamp('2026-01-01T00:00:00Z'),
    });
    await heard(rating.book, () => rating.book.byStrategy.has('teams'));
  });
  after(() => rating.close());

  const account = async (id: string) => {
    await rating.accounts.createAccount({ account: { name: `accounts/${id}`, currency: 'USD' } });
    const subscription = `accounts/${id}/subscriptions/main`;
    await rating.accounts.createSubscription({
      subscription: { name: subscription, strategy: 'strategies/teams' },
    });
    return { account: `accounts/${id}`, subscription };
  };
  const rate = async (usage: ReturnType<typeof use>) =>
    told((await rating.client.rateUsage({ usage })).outcome);

  it('counts each on its own, and a levy by the total of the group', async () => {
    const to = await account('few');
    for (const [i, team] of ['red', 'a.b$%', 'x'.repeat(1_000), 'x'.repeat(1_001)].entries()) {
      assert.equal(await rate(use(`${i} 1`, '8', to, { team })), 'rated 8');
      assert.equal(await rate(use(`${i} 2`, '4', to, { team })), 'rated 3');
      assert.equal(await rate(use(`${i} 3`, '2', to, { team })), 'rated 101');
    }
  });

  describe(`of which a window has ${TEAM_COUNT.toLocaleString('en')}`, () => {
    let to: Awaited<ReturnType<typeof account>>;
    before(async () => {
      to = await account('many');
      for (let i = 0; i < TEAM_COUNT; i += BATCH) {
        const usages = Array.from({ length: BATCH }, (_, j) =>
          use(`${i + j}`, '8', to, { team: `team ${i + j}` }),
        );
        const { outcomes } = await rating.client.batchRateUsage({ usages });
        assert.ok(outcomes.every((outcome) => told(outcome) === 'rated 8'));
      }
    });

    it('reads few documents for a use, and small ones', async () => {
      const db = (await testMongo()).db(rating.store.windows.dbName);
      await db.command({ profile: 2 });
      assert.equal(await rate(use('next', '4', to, { team: 'team 19999' })), 'rated 3');
      await db.command({ profile: 0 });
      const reads = await db
        .collection('system.profile')
        .find({ ns: rating.store.windows.namespace, op: 'query' })
        .toArray();
      assert.deepEqual(
        reads.map(({ nreturned }) => nreturned as number),
        [2],
      );
      assert.ok(reads.every(({ responseLength }) => responseLength < 10_000));
    });

    for (const i of [0, 15, 16, 17, 12_345])
      it(`goes on where team ${i} stands, and comes back to it`, async () => {
        const team = `team ${i}`;
        assert.equal(await rate(use(`${team} 2`, '4', to, { team })), 'rated 3');
        assert.equal(await rate(use(`${team} 3`, '2', to, { team })), 'rated 101');
        await rating.client.cancelUsage({ account: to.account, usageId: `${team} 3` });
        await rating.client.cancelUsage({ account: to.account, usageId: `${team} 2` });
        assert.equal(await rate(use(`${team} 4`, '3', to, { team })), 'rated 2.5');
      });

    it('bills what all come to', async () => {
      const bill = await rating.store.windows.findOne({ owner: 'many/main' });
      const amounts = Object.values(bill?.sums ?? {}).map(([, amount]) => Number(amount.toString()));
      // What was rated first, then the uses of the other cases that were not taken back.
      assert.equal(
        amounts.reduce((a, b) => a + b),
        TEAM_COUNT * 8 + 3 + 5 * 2.5,
      );
    });
  });
});
