import { createHash } from 'node:crypto';
import { violationError } from '../../../errors/error.js';
import { type Parsed, parsed, refused } from '../../../errors/parsed.js';
import type { RecordedUsage as ProtoUsage } from '../../../gen/ratebook/v1/rate_pb.js';
import { type Take, readRequest, taking } from '../../../platform/grpc/read-request.js';
import type { GivenFact, GivenFacts } from '../../../quote/input.js';
import { parseResourceName } from '../../../strategy/revision-name.js';
import type { Instant } from '../../../time/instant.js';
import { parseAccountName, parseSubscriptionName } from '../accounts/account.js';
import { checkStored, fromProtoFact, fromProtoStoredInstant } from '../convert.js';
import type { AmendedUsage } from '../corrections/amend-usage.js';
import { OWN_USAGE, type SentUsage } from './usage.js';

const LONGEST_ID = 256;
const MOST_USAGES = 1_000;
/** Characters of all facts of a use. A rating tells them twice, as sent and as read, and many clients take 4 MiB at most. */
const MOST_CHARACTERS = 512 * 1024;
const CONTROLS = /\p{Cc}/u;

/** The uses of a batch; each is read on its own, so that a malformed one fails itself only. */
export function fromProtoUsages(usages: readonly ProtoUsage[]): readonly ProtoUsage[] {
  if (usages.length >= 1 && usages.length <= MOST_USAGES) return usages;
  const description = `holds ${usages.length}; 1 to ${MOST_USAGES} are taken`;
  throw violationError('INVALID_REQUEST', [{ field: 'usages', description }]);
}

/** Reads a use. Throws INVALID_REQUEST with every violation at once. */
export function fromProtoRecordedUsage(message: ProtoUsage | undefined): SentUsage {
  if (message === undefined)
    throw violationError('INVALID_REQUEST', [{ field: 'usage', description: 'is missing' }]);
  return readRequest((complain) => readUsage(message, taking(complain)));
}

/** Reads a use that is recorded already, so that its subscription need not be named. Throws the same. */
export function fromProtoAmendedUsage(message: ProtoUsage | undefined): AmendedUsage {
  if (message === undefined || message.subscription !== '' || message.strategy !== '')
    return fromProtoRecordedUsage(message);
  return readRequest((complain) => {
    const take = taking(complain);
    return { ...readUse(message, take), target: undefined };
  });
}

/** The same for a use that is part of another request. */
export function readUsage(message: ProtoUsage, take: Take): SentUsage {
  const use = readUse(message, take);
  return { ...use, target: readTarget(message, use.account, take) };
}

function readUse(message: ProtoUsage, take: Take): Omit<SentUsage, 'target'> {
  const account = take('account', parseAccountName(message.account), '');
  const usageId = take('usage_id', sendable(fromProtoUsageId(message.usageId)), '');
  const occurredAt =
    message.occurredAt === undefined
      ? take('occurred_at', refused('is missing; it chooses the revision and the window'), 0n)
      : take('occurred_at', fromProtoStoredInstant(message.occurredAt), 0n);
  const given = takeFacts(message.facts, take);
  return { account, usageId, occurredAt, given, fingerprint: fingerprintOf(occurredAt, given) };
}

/** The facts of a request that is stored, by name. */
export function takeFacts(facts: ProtoUsage['facts'], take: Take): GivenFacts {
  const given = new Map<string, GivenFact>();
  for (const [name, value] of Object.entries(facts).toSorted(byName))
    given.set(name, take(`facts.${name}`, storable(fromProtoFact(name, value)), { kind: 'text', text: '' }));
  take('facts', checkSize(given), undefined);
  return given;
}

/** A strategy takes no such texts, but a use may wait for one that is not there yet. */
function checkSize(given: GivenFacts): Parsed<undefined> {
  let characters = 0;
  for (const [name, fact] of given) {
    characters += name.length;
    if (fact.kind === 'text') characters += fact.text.length;
    if (fact.kind === 'list') for (const text of fact.texts) characters += text.length;
  }
  if (characters <= MOST_CHARACTERS) return parsed(undefined);
  return refused(`have ${characters} characters; at most ${MOST_CHARACTERS} are taken`);
}

/** The database holds fewer instants than there are facts. */
function storable(fact: Parsed<GivenFact>): Parsed<GivenFact> {
  if (!fact.ok || fact.value.kind !== 'instant') return fact;
  const instant = checkStored(fact.value.at);
  return instant.ok ? fact : instant;
}

function readTarget(
  { subscription, strategy }: ProtoUsage,
  account: string,
  take: Take,
): SentUsage['target'] {
  if (subscription !== '') {
    const name = take('subscription', parseSubscriptionName(subscription), { account, id: '' });
    if (name.account !== account)
      take('subscription', refused(`${subscription} is not one of accounts/${account}`), undefined);
    return { kind: 'subscription', id: name.id };
  }
  if (strategy === '') take('subscription', refused('is missing; name it, or its strategy'), undefined);
  const name =
    strategy === '' ? { strategy } : take('strategy', parseResourceName(strategy), { strategy: '' });
  if (name.number !== undefined)
    take('strategy', refused('names a revision; which one prices a use follows from its instant'), undefined);
  return { kind: 'strategy', strategy: name.strategy };
}

/** Ids of this beginning are of periods and purchases, which are rated here. */
export function sendable(id: Parsed<string>): Parsed<string> {
  if (!id.ok || !id.value.startsWith(OWN_USAGE)) return id;
  return refused(`begins with ${OWN_USAGE}, as only what Ratebook rates itself does; choose another id`);
}

/** Also part of the request for one use: `account` and `usage_id`. */
export function fromProtoUsageId(id: string): Parsed<string> {
  if (id === '') return refused('is missing; it is what makes the use recorded once');
  if (id.length > LONGEST_ID) return refused(`has ${id.length} characters; at most ${LONGEST_ID} are taken`);
  return CONTROLS.test(id) ? refused('has control characters') : parsed(id);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

/** The same for the same instant and facts as they were sent, in whatever order. */
function fingerprintOf(occurredAt: Instant, given: GivenFacts): string {
  const facts = [...given].map(([name, fact]) => [name, textOf(fact)]);
  return createHash('sha256')
    .update(JSON.stringify([occurredAt.toString(), facts]))
    .digest('hex');
}

function textOf(fact: GivenFact): readonly (string | readonly string[])[] {
  switch (fact.kind) {
    case 'text':
      return [fact.type ?? 'text', fact.text];
    case 'list':
      return ['list', fact.texts];
    case 'instant':
      return ['instant', fact.at.toString()];
  }
}
