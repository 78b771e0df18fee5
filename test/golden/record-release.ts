/**
 * Records what the ratings of a release look like: `node dist/test/golden/record-release.js 0.1.0`
 *
 * The cases of the example strategies are recorded as usage, one account each, the first use is taken back, purchases are
 * paid and periods charged. All that is stored then goes into `releases/`, where it must replay for ever.
 */
import { writeFileSync } from 'node:fs';
import type { Case } from '../../src/analysis/case.js';
import type { GivenFact, GivenFacts } from '../../src/quote/input.js';
import { RatebookError } from '../../src/errors/error.js';
import { createAccount } from '../../src/services/rating/accounts/create-account.js';
import { createSubscription } from '../../src/services/rating/accounts/create-subscription.js';
import { cancelUsage } from '../../src/services/rating/corrections/cancel-usage.js';
import { confirmOrder } from '../../src/services/rating/purchases/confirm-order.js';
import { placeOrder } from '../../src/services/rating/purchases/place-order.js';
import type { RecordingPorts } from '../../src/services/rating/recording/ports.js';
import { recordUsages } from '../../src/services/rating/recording/record-usages.js';
import { closeStatement } from '../../src/services/rating/statements/close-statement.js';
import { openStore } from '../../src/services/rating/store.js';
import { compiledEngine } from '../../src/strategy/engine/compiled.js';
import { isOfAccount } from '../../src/strategy/read/facts-of.js';
import { openDocument } from '../../src/strategy/document.js';
import { wantedAttachments } from '../../src/strategy/source/attachments.js';
import { readSource } from '../../src/strategy/source/read-source.js';
import type { Strategy } from '../../src/strategy/strategy.js';
import { DAY, type Instant } from '../../src/time/instant.js';
import { withDatabase } from '../bench/database.js';
import { exampleNames, readExample, rulesFile } from '../rules/example.js';
import { type PublishedFile, bookOfFiles, formatRelease } from './release.js';

const NOW = BigInt(Date.parse('2026-12-01T00:00:00Z')) * 1_000_000n;
const UP_TO = BigInt(Date.parse('2026-05-02T00:00:00Z')) * 1_000_000n;
/** Cases of each strategy. */
const MOST_CASES = 6;
/** What an account has as such. */
const FIELDS = new Set(['account.id', 'account.currency', 'account.country', 'account.coupons']);
const never = new AbortController().signal;
const [, , version = ''] = process.argv;
if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error('Name the version, such as 0.1.0.');

await withDatabase(async (mongo) => {
  const published = exampleNames.map(publish);
  const book = bookOfFiles(published, compiledEngine);
  const store = await openStore(mongo, 'release');
  const ports: RecordingPorts = { store, clock: { now: () => NOW }, book, queues: new Map() };
  for (const name of exampleNames) {
    const { strategy, cases } = readExample(rulesFile(name));
    if (strategy === undefined) throw new Error(`${name} has faults`);
    const own = cases.filter(isRecorded).slice(0, MOST_CASES);
    for (const [i, one] of own.entries()) await record(`${strategy.id}-${i}`, { strategy, one }, ports);
  }
  const ratings = await store.ratings.find().sort({ _id: 1 }).toArray();
  const file = new URL(`../../../test/golden/releases/${version}.ndjson`, import.meta.url);
  writeFileSync(file, formatRelease({ published, ratings }));
  console.log(`${ratings.length} ratings`);
});

function publish(name: string): PublishedFile {
  const file = rulesFile(name);
  const attachments = wantedAttachments(readSource(file)).map(rulesFile);
  const { document } = openDocument(readSource(file), attachments);
  return { contentHash: document?.contentHash ?? '', files: [file, ...attachments] };
}

/** A case that starts from given totals, or ends in an error, leaves no rating of its own. */
function isRecorded({ input, expect }: Case): boolean {
  return expect.error === undefined && input.used.size === 0 && input.moment !== 'invoice';
}

type OnStrategy = { readonly strategy: Strategy; readonly one: Case };

async function record(account: string, { strategy, one }: OnStrategy, ports: RecordingPorts): Promise<void> {
  const [first = new Map<string, GivenFact>()] = one.input.usages;
  await open(account, { strategy, facts: first }, ports);
  const uses = one.input.usages.map((facts, i) => ({
    usageId: `use-${i}`,
    given: sentOf(facts),
    at: instantIn(facts),
  }));
  if (one.input.moment === 'usage') {
    const target = { kind: 'subscription', id: 'main' } as const;
    const usages = uses.map(({ usageId, given, at }) => ({
      account,
      usageId,
      target,
      occurredAt: at,
      given,
      fingerprint: usageId,
    }));
    const outcomes = await recordUsages(usages, ports, never);
    if (outcomes[0]?.kind === 'rated') await cancelUsage({ account, usageId: 'use-0' }, ports);
  }
  if (one.input.moment === 'purchase')
    for (const { usageId: purchaseId, given } of uses) {
      await placeOrder({ account, purchaseId, subscription: 'main', given, fingerprint: '' }, ports, never);
      await confirmOrder({ account, purchaseId, payment: 'paid' }, ports);
    }
  await closeStatement({ account, id: 'main', upTo: UP_TO, request: undefined }, ports, never).catch(refused);
}

/** A period whose measured prices need what the case does not tell stays open. */
function refused(error: unknown): void {
  if (!(error instanceof RatebookError)) throw error;
}

async function open(
  id: string,
  { strategy, facts }: { readonly strategy: Strategy; readonly facts: GivenFacts },
  ports: RecordingPorts,
): Promise<void> {
  const at = instantIn(facts);
  const [accountAge, subscriptionAge] = ['account_age_days', 'subscription_age_months'].map((name) =>
    textIn(facts, name),
  );
  const startsAt = at - BigInt(subscriptionAge ?? '0') * 31n * DAY;
  const currency =
    strategy.currency.kind === 'fixed' ? strategy.currency.code : textIn(facts, 'account.currency');
  const account = {
    ...{ id, currency: currency ?? 'USD', country: textIn(facts, 'account.country') ?? '', timeZone: 'UTC' },
    ...{
      openedAt: at - BigInt(accountAge ?? '0') * DAY,
      attributes: attributesOf('account', facts),
      createdAt: 0n,
    },
  };
  await createAccount({ account, request: undefined }, ports);
  const subscription = {
    ...{ account: id, id: 'main', strategy: strategy.id, startsAt, endsAt: undefined, createdAt: 0n },
    ...{ prepaid: false, billingAnchor: undefined, trialEndsAt: undefined, pins: [], keepsCharged: false },
    ...{ revision: undefined, attributes: attributesOf('subscription', facts) },
  };
  await createSubscription({ subscription, request: undefined }, ports);
}

function attributesOf(of: 'account' | 'subscription', facts: GivenFacts) {
  const own = [...facts].filter(([name]) => name.startsWith(`${of}.`) && !FIELDS.has(name));
  const values = Object.fromEntries(own.map(([name, fact]) => [name.slice(of.length + 1), fact]));
  return [{ from: undefined, values }];
}

function sentOf(facts: GivenFacts): GivenFacts {
  return new Map([...facts].filter(([name]) => name !== 'occurred_at' && !isOfAccount(name)));
}

function instantIn(facts: GivenFacts): Instant {
  const at = facts.get('occurred_at');
  if (at?.kind === 'instant') return at.at;
  return at?.kind === 'text'
    ? BigInt(Date.parse(at.text)) * 1_000_000n
    : BigInt(Date.parse('2026-01-05T00:00:00Z')) * 1_000_000n;
}

function textIn(facts: GivenFacts, name: string): string | undefined {
  const fact = facts.get(name);
  return fact?.kind === 'text' ? fact.text : undefined;
}
