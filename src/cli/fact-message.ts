import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { RatebookError, type Violation, summarize } from '../errors/error.js';
import type { FactValueSchema } from '../gen/ratebook/v1/fact_pb.js';
import {
  Moment as ProtoMoment,
  type QuoteInputSchema,
  type UsageSchema,
} from '../gen/ratebook/v1/rate_pb.js';
import { type Decimal, formatDecimal } from '../money/decimal.js';
import { toTimestamp } from '../platform/grpc/timestamp.js';
import type { GivenFact, GivenFacts, QuoteInput } from '../quote/input.js';
import type { FactType } from '../strategy/strategy.js';
import { type Instant, parseInstant } from '../time/instant.js';

const MOMENTS = {
  purchase: ProtoMoment.PURCHASE,
  usage: ProtoMoment.USAGE,
  period: ProtoMoment.PERIOD,
  invoice: ProtoMoment.INVOICE,
} as const;

/** Says what is wrong with a fact. */
type Refuse = (name: string, why: string) => void;

/**
 * A quote input for the wire, where every fact has a type: the one that the strategy gives it. What fits no type goes
 * as a string, for the service to refuse. Throws INVALID_FACTS for what looks like no instant, which the wire cannot carry.
 */
export function toProtoInput(
  strategy: string,
  types: ReadonlyMap<string, FactType>,
  input: QuoteInput,
): MessageInitShape<typeof QuoteInputSchema> {
  const violations: Violation[] = [];
  const usages = input.usages.map((facts, i) => {
    const path = input.usages.length > 1 ? `usages[${i}].facts` : 'facts';
    return toProtoUsage(facts, types, (name, why) =>
      violations.push({ field: `${path}.${name}`, description: why }),
    );
  });
  if (violations.length > 0) throw new RatebookError('INVALID_FACTS', summarize(violations), { violations });
  const { start, end } = input.service;
  return {
    strategy,
    moment: MOMENTS[input.moment],
    usages,
    used: texts(input.used),
    totals: texts(input.totals),
    lines: input.lines.map(({ line, amount }) => ({ line, amount: formatDecimal(amount) })),
    service: { start: timestampOf(start), end: timestampOf(end) },
  };
}

function timestampOf(instant: Instant | undefined): Timestamp | undefined {
  return instant === undefined ? undefined : toTimestamp(instant);
}

type ProtoFact = NonNullable<MessageInitShape<typeof FactValueSchema>['kind']>;

function toProtoUsage(
  facts: GivenFacts,
  types: ReadonlyMap<string, FactType>,
  refuse: Refuse,
): MessageInitShape<typeof UsageSchema> {
  const sent = [...facts].map(([name, fact]) => {
    const kind = toProtoFact(types.get(name) ?? 'string', fact, (why) => {
      refuse(name, why);
    });
    return { name, kind };
  });
  const at = sent.find(({ name }) => name === 'occurred_at')?.kind;
  const others = sent.filter(({ name }) => name !== 'occurred_at');
  return {
    occurredAt: at?.case === 'instantValue' ? at.value : undefined,
    facts: Object.fromEntries(others.map(({ name, kind }) => [name, { kind }])),
  };
}

function toProtoFact(type: FactType, fact: GivenFact, refuse: (why: string) => void): ProtoFact {
  switch (fact.kind) {
    case 'instant':
      return { case: 'instantValue', value: toTimestamp(fact.at) };
    case 'list':
      return { case: 'listValue', value: { values: [...fact.texts] } };
    case 'text':
      return textFact(type, fact.text, refuse);
  }
}

function textFact(type: FactType, text: string, refuse: (why: string) => void): ProtoFact {
  switch (type) {
    case 'integer':
    case 'decimal':
      return { case: 'decimalValue', value: text };
    case 'date':
      return { case: 'dateValue', value: text };
    case 'time':
      return { case: 'timeValue', value: text };
    case 'boolean':
      if (text === 'true' || text === 'false') return { case: 'booleanValue', value: text === 'true' };
      return { case: 'stringValue', value: text };
    case 'instant': {
      const instant = parseInstant(text);
      if (instant.ok) return { case: 'instantValue', value: toTimestamp(instant.value) };
      refuse(instant.why);
      return { case: 'stringValue', value: text };
    }
    case 'string':
    case 'list':
      return { case: 'stringValue', value: text };
  }
}

function texts(numbers: ReadonlyMap<string, Decimal>): Record<string, string> {
  return Object.fromEntries([...numbers].map(([name, value]) => [name, formatDecimal(value)]));
}
