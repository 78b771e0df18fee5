import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { Service } from './replica.js';

/** Units are counted for a month, calls for a day and region; a pack gives what it costs. Every amount is a whole number. */
const FAULTS = `
strategy: faults
currency: USD
time_zone: UTC
period: month
facts:
  units: { type: integer, billable: true }
  region: { type: string, one_of: [ east, west ] }
  kind: { type: string, one_of: [ plain, odd, banned ] }
  pack: { type: integer, min: 1 }
prices:
  units: { model: graduated, quantity: units, tiers: [ { up_to: 50, unit_price: 2 }, { unit_price: 1 } ] }
  calls:
    model: graduated
    quantity: 1
    tiers: [ { up_to: 3, unit_price: 7 }, { unit_price: 5 } ]
    group_by: [ region ]
    resets: day
  pack: { model: per_unit, quantity: pack, unit_price: 1 }
rules:
  - name: units
    conditions: { all: [ { fact: kind, operator: equal, value: plain } ] }
    event: { type: charge, params: { price: units } }
  - name: calls
    conditions: { all: [ { fact: kind, operator: equal, value: plain } ] }
    event: { type: charge, params: { price: calls } }
  - name: not sold
    conditions: { all: [ { fact: kind, operator: equal, value: banned } ] }
    event: { type: reject, params: { code: BANNED, message: This is not for sale. } }
  - name: pack
    moment: purchase
    event: { type: charge, params: { price: pack } }
  - name: a pack gives money
    moment: purchase
    event: { type: grant, params: { amount: { fact: pack } } }
`;

/** A seat costs 1 a second, in advance and for the seconds that it is there; care costs 7 for each day that is over. */
const SEATS = `
strategy: seats
currency: USD
time_zone: UTC
period: day
facts:
  subscription.seats: { type: integer, min: 0, default: 0 }
prices:
  seats: { model: per_unit, quantity: subscription.seats, unit_price: 86400, bill: advance, prorate: seconds }
  care: { model: flat, amount: 7, bill: arrears, prorate: none }
rules:
  - name: seats
    moment: period
    event: { type: charge, params: { price: seats } }
  - name: care
    moment: period
    event: { type: charge, params: { price: care } }
`;

/** The totals of the first strategy, once more and on their own. */
export const TOTAL: Readonly<Record<string, (quantity: number) => number>> = {
  units: (quantity) => 2 * Math.min(quantity, 50) + Math.max(quantity - 50, 0),
  calls: (quantity) => 7 * Math.min(quantity, 3) + 5 * Math.max(quantity - 3, 0),
  pack: (quantity) => quantity,
};

export const SEAT_A_SECOND = 1;
export const CARE_A_DAY = 7;

export async function publish({ strategies }: Service): Promise<void> {
  for (const [fileName, text] of [
    ['faults.yaml', FAULTS],
    ['seats.yaml', SEATS],
  ] as const)
    await strategies.publishRevision({
      source: { fileName, text },
      effectiveFrom: timestampFromMs(Date.UTC(2026, 0, 1)),
    });
}

/** Opens accounts that are billed afterwards, each with the subscription `main`. */
export async function openPostpaid(service: Service, ids: readonly string[]): Promise<void> {
  for (const id of ids) await openAccount(service, id, false);
}

/** How far a wallet may go below zero. */
export const CREDIT_LIMIT = 50;

/** Opens accounts that pay from a wallet, each with so much in it. */
export async function openPrepaid(service: Service, ids: readonly string[], amount: number): Promise<void> {
  for (const id of ids) {
    const name = `accounts/${id}/wallets/main`;
    await openAccount(service, id, true);
    await service.accounts.createWallet({ wallet: { name, unit: 'USD', creditLimit: String(CREDIT_LIMIT) } });
    await service.accounts.grantCredit({
      grant: { wallet: name, reference: 'start', amount: String(amount) },
      paid: true,
    });
  }
}

async function openAccount({ accounts }: Service, id: string, prepaid: boolean): Promise<void> {
  await accounts.createAccount({ account: { name: `accounts/${id}`, currency: 'USD' } });
  await accounts.createSubscription({
    subscription: { name: `accounts/${id}/subscriptions/main`, strategy: 'strategies/faults', prepaid },
  });
}
