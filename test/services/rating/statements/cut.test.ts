import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Rating as Stored } from '../../../../src/gen/ratebook/v1/rate_pb.js';
import type { Statement } from '../../../../src/gen/ratebook/v1/statement_pb.js';
import { plus } from '../../../../src/money/arithmetic.js';
import { type Decimal, ZERO, decimal, formatDecimal } from '../../../../src/money/decimal.js';
import type { Rating } from '../rating.js';
import { openAccount, openRecording, stamp, use } from '../recording/recording.js';

/** What happens to a subscription, in order. */
type Act =
  | { readonly kind: 'use'; readonly day: string; readonly units: number }
  | { readonly kind: 'cancel'; readonly which: number }
  | { readonly kind: 'close'; readonly upTo: string };

const day = fc.constantFrom('2026-01-05', '2026-01-31', '2026-02-01', '2026-02-20');
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('use'), day, units: fc.integer({ min: 0, max: 12 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel'), which: fc.nat(6) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('close'),
      upTo: fc.constantFrom('2026-01-20', '2026-02-01', '2026-02-10', '2026-03-01'),
    }),
  },
);

describe('property: statements', function () {
  this.timeout(60_000);
  let rating: Rating;
  let accounts = 0;
  before(async function () {
    this.timeout(120_000);
    rating = await openRecording();
  });
  after(() => rating.close());

  it('have the sums of their ratings, and each rating is on one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 10 }), async (acts) => {
        const id = `p${++accounts}`;
        await openAccount(rating, id);
        const parent = `accounts/${id}/subscriptions/main`;
        const statements = await perform(rating, id, [...acts, { kind: 'close', upTo: '2026-03-01' }]);
        const seen: string[] = [];
        for (const { name, lines, ratingCount } of statements) {
          const { ratings } = await rating.client.listRatings({ parent, statement: name });
          assert.equal(BigInt(ratings.length), ratingCount);
          assert.deepEqual(
            new Map(lines.map((line) => [keyOf(line), `${line.quantity} = ${line.amount}`])),
            sumsOf(ratings),
          );
          seen.push(...ratings.map(({ usageId, number }) => `${usageId} ${number}`));
        }
        assert.equal(new Set(seen).size, seen.length);
        const { ratings } = await rating.client.listRatings({ parent, pageSize: 1000 });
        // What comes to nothing at the end waits for the next statement.
        const waiting = ratings.filter(({ usageId, number }) => !seen.includes(`${usageId} ${number}`));
        assert.deepEqual(sumsOf(waiting), new Map());
      }),
      { numRuns: 25 },
    );
  });
});

async function perform({ client }: Rating, id: string, acts: readonly Act[]): Promise<readonly Statement[]> {
  const account = `accounts/${id}`;
  const subscription = `${account}/subscriptions/main`;
  const closed: Statement[] = [];
  let uses = 0;
  for (const one of acts) {
    switch (one.kind) {
      case 'use': {
        const occurredAt = stamp(`${one.day}T00:00:00Z`);
        const usage = use(`u${uses++}`, String(one.units), { account, subscription, occurredAt });
        await client.rateUsage({ usage });
        break;
      }
      case 'cancel':
        if (one.which < uses) await client.cancelUsage({ account, usageId: `u${one.which}` });
        break;
      case 'close': {
        const upTo = stamp(`${one.upTo}T00:00:00Z`);
        const { statement } = await client.closeStatement({ parent: subscription, upTo });
        if (statement !== undefined) closed.push(statement);
      }
    }
  }
  return closed;
}

type Keyed = {
  readonly line: string;
  readonly tier: number;
  readonly periodStart?: { readonly seconds: bigint };
};

function keyOf({ line, tier, periodStart }: Keyed): string {
  return `${line} ${tier} ${periodStart?.seconds}`;
}

/** Amounts by period, line and tier, the slow way; what comes to nothing is left out. */
function sumsOf(ratings: readonly Stored[]): ReadonlyMap<string, string> {
  const sums = new Map<string, { quantity: Decimal; amount: Decimal }>();
  for (const { lines, periodStart } of ratings)
    for (const { line, tiers } of lines)
      for (const { tier, quantity, amount } of tiers) {
        const key = keyOf({ line, tier, periodStart });
        const before = sums.get(key) ?? { quantity: ZERO, amount: ZERO };
        sums.set(key, {
          quantity: plus(before.quantity, decimal(quantity)),
          amount: plus(before.amount, decimal(amount)),
        });
      }
  const told = [...sums].map(
    ([key, { quantity, amount }]) => [key, `${formatDecimal(quantity)} = ${formatDecimal(amount)}`] as const,
  );
  return new Map(told.filter(([, text]) => text !== '0 = 0'));
}
