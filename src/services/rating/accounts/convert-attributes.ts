import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Parsed, parsed, refused } from '../../../errors/parsed.js';
import type {
  AttributeChange as ProtoChange,
  AttributeChangeSchema,
} from '../../../gen/ratebook/v1/account_pb.js';
import type { FactValue as ProtoFact } from '../../../gen/ratebook/v1/fact_pb.js';
import type { Take } from '../../../platform/grpc/read-request.js';
import { toTimestamp } from '../../../platform/grpc/timestamp.js';
import type { GivenFact } from '../../../quote/input.js';
import { parseFactValue } from '../../../strategy/fact-value.js';
import { checkStored, fromProtoFact, fromProtoStoredInstant } from '../convert.js';
import { toProtoFact } from '../convert-facts.js';
import type { AttributeChange } from './account.js';

/** What the attributes are of: their prefix as facts. */
export type Owner = 'account' | 'subscription';

const NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** Facts of an account that are its fields. */
const FIELDS = ['id', 'currency', 'time_zone', 'coupons'];

export function fromProtoChanges(
  of: Owner,
  changes: readonly ProtoChange[],
  take: Take,
): readonly AttributeChange[] {
  return changes.map((change, i) => fromProtoChange(of, change, `${of}.attributes[${i}]`, take));
}

export function fromProtoChange(
  of: Owner,
  change: ProtoChange | undefined,
  field: string,
  take: Take,
): AttributeChange {
  const sent = Object.entries(change?.values ?? {});
  take(`${field}.values`, sent.length > 0 ? parsed('') : refused('is empty; set at least one'), '');
  const from = change?.from && take(`${field}.from`, fromProtoStoredInstant(change.from), 0n);
  const values = sent.map(([name, value]) => {
    take(`${field}.values`, checkName(of, name), name);
    return [name, take(`${field}.values.${name}`, fromProtoValue(`${of}.${name}`, value), null)] as const;
  });
  if (change?.nextPeriod === true && of === 'account')
    take(`${field}.next_period`, refused('is of subscriptions only; leave it out'), '');
  return {
    from,
    values: Object.fromEntries(values),
    ...(change?.nextPeriod === true && { nextPeriod: true }),
  };
}

function checkName(of: Owner, name: string): Parsed<string> {
  if (!NAME.test(name))
    return refused(
      `${JSON.stringify(name.slice(0, 100))} is no name of an attribute: 1 to 64 lower-case letters, digits and underscores, a letter first`,
    );
  if (of === 'account' && FIELDS.includes(name))
    return refused(`${name} is no attribute: strategies read the account's own field as account.${name}`);
  return parsed(name);
}

/** Null for a value without a kind. A text of no type is read when it is known what type a strategy declares. */
function fromProtoValue(fact: string, value: ProtoFact): Parsed<GivenFact | null> {
  if (value.kind.case === undefined) return parsed(null);
  const given = fromProtoFact(fact, value);
  if (!given.ok) return given;
  const read = readFact(given.value);
  return read.ok ? given : read;
}

function readFact(fact: GivenFact): Parsed<unknown> {
  switch (fact.kind) {
    case 'text':
      return parseFactValue(fact.type ?? 'string', fact.text);
    case 'list':
      return parseFactValue('list', fact.texts);
    case 'instant':
      return checkStored(fact.at);
  }
}

export function toProtoChange({
  from,
  values,
  nextPeriod = false,
}: AttributeChange): MessageInitShape<typeof AttributeChangeSchema> {
  const sent = Object.entries(values).map(
    ([name, value]) => [name, value === null ? {} : toProtoFact(value)] as const,
  );
  return {
    ...(from === undefined ? {} : { from: toTimestamp(from) }),
    values: Object.fromEntries(sent),
    nextPeriod,
  };
}
