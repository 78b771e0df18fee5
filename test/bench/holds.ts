/**
 * How fast 32 callers reserve and commit on one wallet, beside 32 callers that each run a bare transaction on a document of
 * their own: `node dist/test/bench/holds.js [seconds a measurement]`. Both take turns. What must be met is the stricter
 * reading: as many pairs of a Reserve and a Commit as transactions. Each of the two alone is acknowledged as a transaction is.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decimal } from '../../src/money/decimal.js';
import { systemClock } from '../../src/platform/clock.js';
import { connectMongo } from '../../src/platform/mongo/connect.js';
import { startEmbedded } from '../../src/platform/mongo/embedded.js';
import { createAccount } from '../../src/services/rating/accounts/create-account.js';
import { createSubscription } from '../../src/services/rating/accounts/create-subscription.js';
import { type AskHold, holdGroups } from '../../src/services/rating/holds/ask-hold.js';
import type { RecordingPorts } from '../../src/services/rating/recording/ports.js';
import type { SentUsage } from '../../src/services/rating/recording/usage.js';
import { openStore } from '../../src/services/rating/store.js';
import { createWallet } from '../../src/services/rating/wallets/create-wallet.js';
import { grantCredit } from '../../src/services/rating/wallets/grant-credit.js';
import { bookOf } from './book.js';
import { median } from './match-timing.js';

const SECONDS = Number(process.argv[2] ?? 4);
const CALLERS = 32;
const ROUNDS = 5;
const account = 'acme';
let holds = 0;

const dir = await mkdtemp(join(tmpdir(), 'ratebook-bench-'));
const server = await startEmbedded(dir, { env: process.env, onProgress: console.warn });
const mongo = await connectMongo(server.uri);
try {
  const store = await openStore(mongo, 'rating');
  const ports: RecordingPorts = {
    store,
    clock: systemClock,
    book: bookOf('llm-api.yaml'),
    queues: new Map(),
  };
  await openPrepaid(ports);
  const ask = holdGroups(ports);
  const bare = mongo.db('bare').collection<{ _id: string; turn: number }>('documents');
  await bare.insertMany(Array.from({ length: CALLERS }, (_, i) => ({ _id: `d${i}`, turn: 0 })));

  const [ours, others, cpu]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    others.push(
      await perSecond((caller) =>
        mongo.transaction(async (session) => {
          await bare.updateOne({ _id: `d${caller}` }, { $inc: { turn: 1 } }, { session });
        }),
      ),
    );
    const [before, first] = [process.cpuUsage(), holds];
    ours.push(await perSecond(() => reserveAndCommit(ask)));
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1000 / (holds - first));
  }
  const ratio = median(ours.map((rate, i) => rate / (others[i] ?? 0)));
  const [pairs, transactions] = [median(ours), median(others)];
  console.log(
    `${CALLERS} callers on one wallet: ${pairs.toFixed(0)} Reserve + Commit a second` +
      ` (${median(cpu).toFixed(2)} ms of this process each);` +
      ` bare transactions on ${CALLERS} documents: ${transactions.toFixed(0)} a second;` +
      ` ratio ${ratio.toFixed(2)} (≥ 1: ${ratio >= 1 ? 'met' : 'not met'}),` +
      ` counting Reserve and Commit each ${(2 * ratio).toFixed(2)}`,
  );
} finally {
  await mongo.close();
  await server.stop();
  await rm(dir, { recursive: true });
}

async function openPrepaid(ports: RecordingPorts): Promise<void> {
  const request = undefined;
  await createAccount(
    {
      account: {
        id: account,
        currency: 'USD',
        country: '',
        timeZone: 'UTC',
        openedAt: 0n,
        attributes: [],
      },
      request,
    },
    ports,
  );
  await createSubscription(
    {
      subscription: {
        account,
        id: 'main',
        strategy: 'llm-api',
        startsAt: 0n,
        endsAt: undefined,
        revision: undefined,
        attributes: [],
        prepaid: true,
        billingAnchor: undefined,
        trialEndsAt: undefined,
        pins: [],
        keepsCharged: false,
      },
      request,
    },
    ports,
  );
  const none = {
    lowBalance: undefined,
    topUpBelow: undefined,
    topUpAmount: undefined,
    spendThreshold: undefined,
  };
  const wallet = { account, wallet: 'main', unit: 'USD', creditLimit: decimal(0), ...none };
  await createWallet({ wallet, request }, ports);
  const grant = { reference: 'g', amount: decimal(1_000_000), priority: 0, expiresAt: undefined, prices: [] };
  await grantCredit({ account, wallet: 'main', ...grant, paid: true, fingerprint: '' }, ports);
}

async function reserveAndCommit(ask: AskHold): Promise<void> {
  const id = `h${holds++}`;
  const key = { account, holdId: id };
  const usage = use(id, 2_000);
  await ask({ kind: 'reserve', key, usage, expiresAt: undefined, fingerprint: id });
  await ask({ kind: 'commit', key, usage: { ...use(id, 1_500), occurredAt: usage.occurredAt } });
}

function use(usageId: string, tokens: number): SentUsage {
  const text = (value: string) => ({ kind: 'text', text: value }) as const;
  return {
    account,
    usageId,
    target: { kind: 'subscription', id: 'main' },
    occurredAt: systemClock.now(),
    given: new Map([
      ['model', text('code')],
      ['input_tokens', text(`${tokens}`)],
      ['output_tokens', text(`${tokens / 10}`)],
    ]),
    fingerprint: usageId,
  };
}

/** How often a second the callers are through together, each beginning again as soon as it is. */
async function perSecond(work: (caller: number) => Promise<void>): Promise<number> {
  const start = performance.now();
  const end = start + SECONDS * 1000;
  let done = 0;
  await Promise.all(
    Array.from({ length: CALLERS }, async (_, caller) => {
      while (performance.now() < end) {
        await work(caller);
        done += 1;
      }
    }),
  );
  return (done * 1000) / (performance.now() - start);
}
