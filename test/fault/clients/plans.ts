import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { DAY_SECONDS, type Plan } from '../plans.js';
import { type Sender, perform } from '../send.js';

const PAST_DAYS = 4;

/** Subscribes to seats since some days ago, changes them at instants that are over, moves to another plan, and closes statements. */
export function planClient(sender: Sender, accounts: readonly string[]): () => Promise<void> {
  const { client, random, journal } = sender;
  const own: string[] = [];
  let number = 0;
  const nextName = () => `${accounts[random(accounts.length)]!}/${client}-${number++}`;
  /** A second of the past at which nothing has changed yet. */
  const secondAfter = ({ start, seats, end }: Plan): number => {
    const last = end ?? Math.floor(Date.now() / 1_000) - 60;
    const at = start + 1 + random(last - start - 1);
    return seats.some(({ from }) => from === at) ? secondAfter({ start, seats, end }) : at;
  };
  return async () => {
    const what = random(10);
    const name = own[random(Math.max(own.length, 1))];
    const plan = name === undefined ? undefined : journal.plans.get(name);
    if (name === undefined || plan === undefined || what === 0) {
      const fresh = nextName();
      const ago = DAY_SECONDS + random(PAST_DAYS * DAY_SECONDS);
      await subscribe(fresh, { start: Math.floor(Date.now() / 1_000) - ago, count: 1 + random(5) }, sender);
      own.push(fresh);
    } else if (what === 1 && plan.end === undefined && plan.start < Date.now() / 1_000 - DAY_SECONDS / 2) {
      const next = `${name.split('/')[0]!}/${client}-${number++}`;
      await changePlan(name, { next, at: secondAfter(plan), count: 1 + random(5) }, sender);
      own.push(next);
    } else if (what < 7) {
      await setSeats(name, { at: secondAfter(plan), count: random(5) }, sender);
    } else {
      const owner = what < 9 ? name : `${accounts[random(accounts.length)]!}/main`;
      await closeStatement(owner, `${client}-${number++}`, sender);
    }
  };
}

type Seats = { readonly start: number; readonly count: number };

export async function subscribe(name: string, { start, count }: Seats, sender: Sender): Promise<void> {
  const subscription = { ...toSubscription(name, count), startsAt: at(start) };
  await perform(
    {
      key: `subscribe ${name}`,
      ask: async ({ accounts }, options) => {
        const answer = await accounts.createSubscription({ subscription, requestId: `new ${name}` }, options);
        return String(answer.subscription?.name);
      },
    },
    sender,
  );
  sender.journal.plans.set(name, { start, end: undefined, seats: [{ from: start, count }] });
}

type SeatChange = { readonly at: number; readonly count: number };

async function setSeats(name: string, { at: from, count }: SeatChange, sender: Sender): Promise<void> {
  const change = { from: at(from), values: seats(count) };
  await perform(
    {
      key: `seats ${name} ${from}`,
      ask: async ({ accounts }, options) => {
        const request = { name: toName(name), change, requestId: `seats ${name} ${from}` };
        const { subscription } = await accounts.setSubscriptionAttributes(request, options);
        return String(subscription?.attributes.length);
      },
    },
    sender,
  );
  const { plans } = sender.journal;
  const plan = plans.get(name)!;
  plans.set(name, { ...plan, seats: [...plan.seats, { from, count }] });
}

type PlanChange = { readonly next: string } & SeatChange;

async function changePlan(name: string, { next, at: end, count }: PlanChange, sender: Sender): Promise<void> {
  const request = {
    name: toName(name),
    next: toSubscription(next, count),
    at: at(end),
    requestId: `plan ${name}`,
  };
  await perform(
    {
      key: `plan ${name}`,
      ask: async ({ accounts }, options) => {
        const { ended, started } = await accounts.changePlan(request, options);
        return `${ended?.name} ${started?.name}`;
      },
    },
    sender,
  );
  const { plans } = sender.journal;
  plans.set(name, { ...plans.get(name)!, end });
  plans.set(next, { start: end, end: undefined, seats: [{ from: end, count }] });
}

/** Its number and hash, or `nothing`. */
export async function closeStatement(owner: string, id: string, sender: Sender): Promise<void> {
  await perform(
    {
      key: `close ${owner} ${id}`,
      ask: async ({ rates }, options) => {
        const { statement } = await rates.closeStatement({ parent: toName(owner), requestId: id }, options);
        return statement === undefined
          ? 'nothing'
          : `${statement.name.split('/').at(-1)} ${statement.contentHash}`;
      },
    },
    sender,
  );
}

function toSubscription(name: string, count: number) {
  return { name: toName(name), strategy: 'strategies/seats', attributes: [{ values: seats(count) }] };
}

function toName(owner: string): string {
  const [account = '', id = ''] = owner.split('/');
  return `accounts/${account}/subscriptions/${id}`;
}

function seats(count: number) {
  return { seats: { kind: { case: 'decimalValue', value: String(count) } } } as const;
}

function at(second: number) {
  return timestampFromMs(second * 1_000);
}
