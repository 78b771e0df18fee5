import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { violationError } from '../../errors/error.js';
import { type Parsed, parsed, refused } from '../../errors/parsed.js';
import type { FactValue as ProtoFact } from '../../gen/ratebook/v1/fact_pb.js';
import {
  Moment as ProtoMoment,
  type QuoteInput as ProtoQuoteInput,
  type Usage as ProtoUsage,
} from '../../gen/ratebook/v1/rate_pb.js';
import { type Decimal, ZERO, parseDecimal } from '../../money/decimal.js';
import { type Take, readRequest, taking } from '../../platform/grpc/read-request.js';
import { fromTimestamp } from '../../platform/grpc/timestamp.js';
import type { GivenFact, GivenFacts, QuoteInput } from '../../quote/input.js';
import { parseResourceName } from '../../strategy/revision-name.js';
import type { Moment } from '../../strategy/strategy.js';
import { type Instant, SECOND, checkInstant, formatInstant } from '../../time/instant.js';
import type { RevisionQuery } from './revisions/revision-book.js';

/** A request: which revision, and what it is to price. */
export type QuoteRequest = { readonly query: RevisionQuery; readonly input: QuoteInput };

/** At most so many uses in one quote. */
const MOST_USAGES = 1_000;

/** At most so many quotes in one batch. */
const MOST_INPUTS = 1_000;

/** The inputs of a batch; each is read on its own, so that a malformed one fails itself only. */
export function fromProtoBatch(inputs: readonly ProtoQuoteInput[]): readonly ProtoQuoteInput[] {
  if (inputs.length >= 1 && inputs.length <= MOST_INPUTS) return inputs;
  const description = `holds ${inputs.length}; 1 to ${MOST_INPUTS} are taken`;
  throw violationError('INVALID_REQUEST', [{ field: 'inputs', description }]);
}

/** Reads a request. Throws INVALID_REQUEST with every violation at once. */
export function fromProtoQuoteInput(message: ProtoQuoteInput | undefined): QuoteRequest {
  if (message === undefined)
    throw violationError('INVALID_REQUEST', [{ field: 'input', description: 'is missing' }]);
  return readRequest((complain) => readQuoteInput(message, taking(complain)));
}

function readQuoteInput(message: ProtoQuoteInput, take: Take): QuoteRequest {
  const name = take('strategy', parseResourceName(message.strategy), { strategy: '' });
  const moment = take('moment', fromProtoMoment(message.moment), 'usage');
  const usages = take('usages', countUsages(message.usages, moment), []);
  const at = usages[0]?.occurredAt;
  const input: QuoteInput = {
    moment,
    usages: usages.map((usage, i) => fromProtoUsage(usage, `usages[${i}]`, take)),
    used: fromProtoDecimals(message.used, 'used', take),
    totals: fromProtoDecimals(message.totals, 'totals', take),
    lines: message.lines.map(({ line, amount }, i) => ({
      line,
      amount: take(`lines[${i}].amount`, parseDecimal(amount), ZERO),
    })),
    service: {
      start: takeInstant(message.service?.start, 'service.start', take),
      end: takeInstant(message.service?.end, 'service.end', take),
    },
  };
  return { query: { ...name, at: at && fromTimestamp(at) }, input };
}

function takeInstant(sent: Timestamp | undefined, field: string, take: Take): Instant | undefined {
  return sent && take(field, fromProtoInstant(sent), 0n);
}

export function fromProtoInstant(sent: Timestamp): Parsed<Instant> {
  if (sent.nanos >= 0 && sent.nanos <= 999_999_999) return checkInstant(fromTimestamp(sent));
  return refused(`has ${sent.nanos} nanoseconds; send 0 to 999999999`);
}

/** Stored as nanoseconds in 64 bits, which reach from 1677 to 2262. */
const FIRST_STORED = -8_520_336_000n * SECOND;
const END_OF_STORED = 9_214_646_400n * SECOND;

export function fromProtoStoredInstant(sent: Timestamp): Parsed<Instant> {
  const instant = fromProtoInstant(sent);
  return instant.ok ? checkStored(instant.value) : instant;
}

/** Refuses an instant that cannot be stored. */
export function checkStored(instant: Instant): Parsed<Instant> {
  if (instant >= FIRST_STORED && instant < END_OF_STORED) return parsed(instant);
  return refused(`${formatInstant(instant)} is not within the years 1700 to 2261`);
}

export function toProtoMoment(moment: Moment): ProtoMoment {
  switch (moment) {
    case 'purchase':
      return ProtoMoment.PURCHASE;
    case 'usage':
      return ProtoMoment.USAGE;
    case 'period':
      return ProtoMoment.PERIOD;
    case 'invoice':
      return ProtoMoment.INVOICE;
  }
}

function fromProtoMoment(moment: ProtoMoment): Parsed<Moment> {
  switch (moment) {
    case ProtoMoment.UNSPECIFIED:
    case ProtoMoment.USAGE:
      return parsed('usage');
    case ProtoMoment.PURCHASE:
      return parsed('purchase');
    case ProtoMoment.PERIOD:
      return parsed('period');
    case ProtoMoment.INVOICE:
      return parsed('invoice');
    default:
      return refused(`${String(moment)} is no moment; use purchase, usage, period or invoice`);
  }
}

function countUsages(usages: readonly ProtoUsage[], moment: Moment): Parsed<readonly ProtoUsage[]> {
  const most = moment === 'period' || moment === 'invoice' ? 1 : MOST_USAGES;
  if (usages.length >= 1 && usages.length <= most) return parsed(usages);
  return refused(
    `holds ${usages.length}; ${most === 1 ? `exactly one is taken at the moment ${moment}` : `1 to ${most} are taken`}`,
  );
}

function fromProtoUsage(usage: ProtoUsage, path: string, take: Take): GivenFacts {
  const facts = new Map<string, GivenFact>();
  for (const [name, value] of Object.entries(usage.facts)) {
    facts.set(name, take(`${path}.facts.${name}`, fromProtoFact(name, value), { kind: 'text', text: '' }));
  }
  const at = takeInstant(usage.occurredAt, `${path}.occurred_at`, take);
  if (at !== undefined) facts.set('occurred_at', { kind: 'instant', at });
  return facts;
}

/** What the value means is checked with the document at hand, together with every other fact. */
export function fromProtoFact(name: string, { kind }: ProtoFact): Parsed<GivenFact> {
  if (name === 'occurred_at')
    return refused('is not sent as a fact but in the field occurred_at of the usage');
  switch (kind.case) {
    case 'stringValue':
      return parsed({ kind: 'text', type: 'string', text: kind.value });
    case 'booleanValue':
      return parsed({ kind: 'text', type: 'boolean', text: String(kind.value) });
    case 'integerValue':
      return parsed({ kind: 'text', type: 'integer', text: String(kind.value) });
    case 'decimalValue':
      return parsed({ kind: 'text', type: 'decimal', text: kind.value });
    case 'instantValue':
      return instantFact(fromProtoInstant(kind.value));
    case 'dateValue':
      return parsed({ kind: 'text', type: 'date', text: kind.value });
    case 'timeValue':
      return parsed({ kind: 'text', type: 'time', text: kind.value });
    case 'listValue':
      return parsed({ kind: 'list', texts: kind.value.values });
    case 'textValue':
      return parsed({ kind: 'text', text: kind.value });
    case undefined:
      return refused('has no value; set one of string_value, boolean_value, integer_value, decimal_value, …');
  }
}

function instantFact(at: Parsed<Instant>): Parsed<GivenFact> {
  return at.ok ? parsed({ kind: 'instant', at: at.value }) : at;
}

function fromProtoDecimals(
  numbers: Readonly<Record<string, string>>,
  path: string,
  take: Take,
): ReadonlyMap<string, Decimal> {
  return new Map(
    Object.entries(numbers).map(([name, text]) => [name, take(`${path}.${name}`, parseDecimal(text), ZERO)]),
  );
}
