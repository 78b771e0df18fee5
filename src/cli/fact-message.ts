import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { violationError } from '../errors/error.js';
import type { FactValueSchema } from '../gen/ratebook/v1/fact_pb.js';
import {
  Moment as ProtoMoment,
  type QuoteInputSchema,
  type UsageSchema,
} from '../gen/ratebook/v1/rate_pb.js';
import { type Decimal, formatDecimal } from '../money/decimal.js';
import { toTimestamp } from '../platform/grpc/timestamp.js';
import type { GivenFact, GivenFacts, QuoteInput } from '../quote/input.js';
import { type Instant, parseInstant } from '../time/instant.js';

const MOMENTS = {
  purchase: ProtoMoment.PURCHASE,
  usage: ProtoMoment.USAGE,
  period: ProtoMoment.PERIOD,
  invoice: ProtoMoment.INVOICE,
} as const;

/** A quote input for the wire. Facts of a file go as texts, which the service reads by the types of its own document. */
export function toProtoInput(strategy: string, input: QuoteInput): MessageInitShape<typeof QuoteInputSchema> {
  const { start, end } = input.service;
  return {
    strategy,
    moment: MOMENTS[input.moment],
    usages: input.usages.map(toProtoUsage),
    used: texts(input.used),
    totals: texts(input.totals),
    lines: input.lines.map(({ line, amount }) => ({ line, amount: formatDecimal(amount) })),
    service: { start: timestampOf(start), end: timestampOf(end) },
  };
}

/** One use, but for whose it is. Throws INVALID_FACTS for an `occurred_at` that is no instant. */
export function toProtoUsage(facts: GivenFacts): MessageInitShape<typeof UsageSchema> {
  const others = [...facts].filter(([name]) => name !== 'occurred_at');
  return {
    occurredAt: timestampOf(instantOf(facts.get('occurred_at'))),
    facts: Object.fromEntries(others.map(([name, fact]) => [name, { kind: toProtoFact(fact) }])),
  };
}

/** Throws INVALID_FACTS for what is no instant: the wire has a field of its own for it. */
function instantOf(fact: GivenFact | undefined): Instant | undefined {
  if (fact === undefined) return undefined;
  if (fact.kind === 'instant') return fact.at;
  const instant =
    fact.kind === 'text' ? parseInstant(fact.text) : { ok: false as const, why: 'a list is no instant' };
  if (instant.ok) return instant.value;
  throw violationError('INVALID_FACTS', [{ field: 'facts.occurred_at', description: instant.why }]);
}

function toProtoFact(fact: GivenFact): NonNullable<MessageInitShape<typeof FactValueSchema>['kind']> {
  switch (fact.kind) {
    case 'instant':
      return { case: 'instantValue', value: toTimestamp(fact.at) };
    case 'list':
      return { case: 'listValue', value: { values: [...fact.texts] } };
    case 'text':
      return { case: 'textValue', value: fact.text };
  }
}

function timestampOf(instant: Instant | undefined): Timestamp | undefined {
  return instant === undefined ? undefined : toTimestamp(instant);
}

function texts(numbers: ReadonlyMap<string, Decimal>): Record<string, string> {
  return Object.fromEntries([...numbers].map(([name, value]) => [name, formatDecimal(value)]));
}
