import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RatebookError } from '../../../../src/errors/error.js';
import { balanceOf, heldOf } from '../../../../src/ledger/funds.js';
import { formatDecimal } from '../../../../src/money/decimal.js';
import { sum } from '../../../../src/money/arithmetic.js';
import { holdGroups } from '../../../../src/services/rating/holds/ask-hold.js';
import type { HoldAnswer, HoldRequest } from '../../../../src/services/rating/holds/hold.js';
import { findHolds } from '../../../../src/services/rating/holds/hold-store.js';
import { runHolds } from '../../../../src/services/rating/holds/run-holds.js';
import type { Standing } from '../../../../src/services/rating/holds/standing.js';
import { findAccountTurns } from '../../../../src/services/rating/accounts/account-store.js';
import type { RecordingPorts } from '../../../../src/services/rating/recording/ports.js';
import { findWindows } from '../../../../src/services/rating/recording/window-store.js';
import { findWalletsOf } from '../../../../src/services/rating/wallets/wallet-store.js';
import { type Rating, heard } from '../rating.js';
import { openRecording, stamp } from '../recording/recording.js';

/** Each team gets three units at 1.00 and then pays half. More teams than a window's own document has groups. */
const TEAMS = `
strategy: prepaid-teams
currency: USD
time_zone: UTC
period: month
facts:
  units: { type: decimal, billable: true }
  team: { type: string }
prices:
  units: { model: graduated, quantity: units, group_by: [ team ], tiers: [ { up_to: 3, unit_price: 1 }, { unit_price: 0.5 } ] }
rules:
  - name: units
    event: { type: charge, params: { price: units } }
`;
const TEAM_COUNT = 24;
const HOLD_COUNT = 6;
const NOON = 1_772_323_200_000_000_000n;

type Ask = {
  readonly kind: 'reserve' | 'commit' | 'release';
  readonly hold: number;
  readonly units: number;
  readonly team: number;
};

const asks: fc.Arbitrary<Ask> = fc.record({
  kind: fc.constantFrom('reserve', 'reserve', 'commit', 'release'),
  hold: fc.nat(HOLD_COUNT - 1),
  units: fc.integer({ min: 1, max: 5 }),
  team: fc.nat(TEAM_COUNT - 1),
});
const groups = fc.array(asks, { minLength: 1, maxLength: 12 });

describe('how an account stands after its holds', function () {
  this.timeout(60_000);
  let rating: Rating;
  let ports: RecordingPorts;
  before(async function () {
    this.timeout(120_000);
    rating = await openRecording();
    await rating.catalog.client.publishRevision({
      source: { fileName: 'teams.yaml', text: TEAMS },
      effectiveFrom: stamp('2026-01-01T00:00:00Z'),
    });
    await heard(rating.book, () => rating.book.byStrategy.has('prepaid-teams'));
    const { store, book, catalog } = rating;
    ports = { store, book, clock: catalog.clock, queues: new Map() };
  });
  after(() => rating.close());

  let opened = 0;
  const open = async () => {
    const account = `standing-${++opened}`;
    const name = `accounts/${account}`;
    const subscription = { name: `${name}/subscriptions/main`, strategy: 'strategies/prepaid-teams' };
    await rating.accounts.createAccount({ account: { name, currency: 'USD' } });
    await rating.accounts.createSubscription({ subscription: { ...subscription, prepaid: true } });
    await rating.accounts.createWallet({ wallet: { name: `${name}/wallets/main`, unit: 'USD' } });
    return account;
  };
  const grant = (account: string, reference: string, amount: string) =>
    rating.accounts.grantCredit({
      grant: { wallet: `accounts/${account}/wallets/main`, reference, amount },
      paid: true,
    });

  const requestOf = (account: string, { kind, hold, units, team }: Ask): HoldRequest => {
    const key = { account, holdId: `h${hold}` };
    if (kind === 'release') return { kind, key };
    const given = new Map([
      ['units', { kind: 'text', text: String(units) }] as const,
      ['team', { kind: 'text', text: `t${team}` }] as const,
    ]);
    const target = { kind: 'subscription', id: 'main' } as const;
    const fingerprint = `${units} ${team}`;
    const usage = { account, usageId: `u${hold}`, target, occurredAt: NOON, given, fingerprint };
    return kind === 'commit' ? { kind, key, usage } : { kind, key, usage, expiresAt: undefined, fingerprint };
  };

  const idsOf = (account: string, count: number) =>
    Array.from({ length: count }, (_, n) => ({ account, holdId: `h${n}` }));

  const assertRead = async (account: string, standing: Standing | undefined) => {
    const { at, wallets, windows, holds } = standing!;
    const stored = await findHolds(ports.store, idsOf(account, TEAM_COUNT));
    assert.deepEqual(at, (await findAccountTurns(ports.store, [account]))[0]);
    assert.deepEqual(wallets, await findWalletsOf(ports.store, [account]));
    assert.deepEqual(windows, await findWindows(ports.store, [...windows.asked]));
    const isKept = ([key]: readonly [string, unknown]) => holds.has(key);
    assert.deepEqual(new Map([...holds].sort()), new Map([...stored].filter(isKept).sort()));
    assert.ok([...holds.values()].every(({ state }) => state === 'open'));
  };

  it('is what would be read', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.option(groups), { minLength: 1, maxLength: 6 }), async (steps) => {
        const account = await open();
        const standings = new Map<string, Standing>();
        await grant(account, 'first', '12');
        for (const [i, group] of steps.entries()) {
          // Somebody else takes the turn.
          if (group === null) await grant(account, `g${i}`, '1');
          else {
            const requests = group.map((ask) => requestOf(account, ask));
            await runHolds(account, requests, ports, standings);
            await assertRead(account, standings.get(account));
          }
        }
      }),
      { numRuns: 12 },
    ));

  it('is so too where a window has more groups than its document', async () => {
    const account = await open();
    await grant(account, 'all', '100');
    const standings = new Map<string, Standing>();
    const all = Array.from({ length: TEAM_COUNT }, (_, i) => ({ hold: i, team: i, units: 1 }));
    for (const kind of ['reserve', 'commit'] as const) {
      const requests = all.map((one) => requestOf(account, { kind, ...one }));
      await runHolds(account, requests, ports, standings);
      await assertRead(account, standings.get(account));
    }
    assert.equal(standings.get(account)?.windows.apart.size, TEAM_COUNT - 16);
  });

  type Told = { readonly ask: Ask; readonly answer: HoldAnswer | RatebookError };

  /** The state of each hold, what each use came to in the order in which they were rated, and what is left. */
  const endOf = async (account: string) => {
    const holds = [...(await findHolds(ports.store, idsOf(account, HOLD_COUNT))).values()];
    const found = await ports.store.ratings.find({ account }).sort({ turn: 1, place: 1 }).toArray();
    const [wallet] = await findWalletsOf(ports.store, [account]);
    const { balance } = (await rating.accounts.getWallet({ name: `accounts/${account}/wallets/main` }))
      .wallet!;
    assert.equal(formatDecimal(balanceOf(wallet!)), balance);
    assert.equal(formatDecimal(wallet!.owed), '0');
    const reserved = holds.filter(({ state }) => state === 'open').map(({ amount }) => amount);
    assert.deepEqual(formatDecimal(heldOf(wallet!)), formatDecimal(sum(reserved)));
    return {
      holds: holds.map(({ holdId, state }) => `${holdId} ${state}`).sort(),
      uses: found.map(({ usageId, amount }) => `${usageId} ${amount.toString()}`),
      balance,
    };
  };

  it('is the same after two processes at once as after one that does what they did in turn', () =>
    fc.assert(
      fc.asyncProperty(fc.array(groups, { minLength: 2, maxLength: 4 }), async (rounds) => {
        const [account, again] = [await open(), await open()];
        await grant(account, 'all', '9');
        await grant(again, 'all', '900');
        const processes = [0, 1].map(() => holdGroups({ ...ports, queues: new Map() }));
        const told: Told[] = [];
        for (const round of rounds)
          await Promise.all(
            round.map(async (ask, i) => {
              // A hold is never committed with more than it was reserved for, so that nothing is owed.
              const request = requestOf(account, { ...ask, units: ask.kind === 'commit' ? 1 : ask.units });
              const answer = await processes[i % 2]!(request).catch((error: unknown) => error);
              assert.ok(!(answer instanceof Error) || answer instanceof RatebookError, String(answer));
              told.push({ ask, answer: answer as HoldAnswer | RatebookError });
            }),
          );
        const end = await endOf(account);
        for (const { ask, answer } of told)
          if (!(answer instanceof RatebookError) && ask.kind !== 'reserve')
            assert.ok(end.holds.includes(`${answer.hold.holdId} ${answer.hold.state}`), JSON.stringify(end));
        const one = holdGroups({ ...ports, queues: new Map() });
        const wanted = new Map<string, Ask>();
        for (const { ask, answer } of told)
          if (!(answer instanceof RatebookError) && ask.kind === 'reserve') wanted.set(`h${ask.hold}`, ask);
        for (const ask of wanted.values()) await one(requestOf(again, ask));
        for (const use of end.uses) {
          const done = told.find(
            ({ ask, answer }) =>
              ask.kind === 'commit' &&
              use.startsWith(`u${ask.hold} `) &&
              !(answer instanceof RatebookError) &&
              answer.outcome?.kind === 'rated',
          );
          await one(requestOf(again, { ...done!.ask, units: 1 }));
        }
        for (const hold of end.holds)
          if (hold.endsWith('released'))
            await one({ kind: 'release', key: { account: again, holdId: hold.split(' ')[0]! } });
        const { balance, ...rest } = await endOf(again);
        assert.deepEqual({ ...rest, balance: String(Number(balance) - 891) }, end);
      }),
      { numRuns: 8 },
    ));
});
