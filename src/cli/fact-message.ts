import type { MessageInitShape } from '@bufbuild/protobuf';
import { RatebookError, type Violation, summarize } from '../errors/error.js';
import { type Parsed, parsed } from '../errors/parsed.js';
import type { FactValueSchema } from '../gen/ratebook/v1/fact_pb.js';
import { Moment as ProtoMoment, type QuoteInputSchema } from '../gen/ratebook/v1/rate_pb.js';
import { type Decimal, formatDecimal, isDecimal } from '../money/decimal.js';
import { toTimestamp } from '../platform/grpc/timestamp.js';
import type { GivenFact, GivenFacts, QuoteInput } from '../quote/input.js';
import { parseFactValue } from '../strategy/fact-value.js';
import type { FactType, FactValue } from '../strategy/strategy.js';

const MOMENTS = {
  purchase: ProtoMoment.PURCHASE,
  usage: ProtoMoment.USAGE,
  period: ProtoMoment.PERIOD,
  invoice: ProtoMoment.INVOICE,
} as const;

type Types = ReadonlyMap<string, FactType>;

/**
 * A quote input for the wire, where every fact has a type: the one that the strategy gives it. What the strategy does
 * not know goes as a string, for the service to refuse. Throws INVALID_FACTS with every fact that is not of its type.
 */
export function toProtoInput(
  strategy: string,
  types: Types,
  input: QuoteInput,
): MessageInitShape<typeof QuoteInputSchema> {
  const violations: Violation[] = [];
  const usages = input.usages.map((facts, i) => {
    const path = input.usages.length > 1 ? `usages[${i}].facts` : 'facts';
    return toProtoUsage(facts, (name, fact) => {
      const value = typedValue(types.get(name) ?? 'string', fact);
      if (value.ok) return value.value;
      violations.push({ field: `${path}.${name}`, description: value.why });
      return undefined;
    });
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
    service: {
      start: start === undefined ? undefined : toTimestamp(start),
      end: end === undefined ? undefined : toTimestamp(end),
    },
  };
}

type Typed = { readonly type: FactType; readonly value: FactValue };

function toProtoUsage(given: GivenFacts, read: (name: string, fact: GivenFact) => Typed | undefined) {
  const typed = [...given].flatMap(([name, fact]) => {
    const value = read(name, fact);
    return value === undefined ? [] : [{ name, ...value }];
  });
  const at = typed.find(({ name }) => name === 'occurred_at')?.value;
  const others = typed.filter(({ name }) => name !== 'occurred_at');
  return {
    occurredAt: typeof at === 'bigint' ? toTimestamp(at) : undefined,
    facts: Object.fromEntries(others.map(({ name, type, value }) => [name, toProtoFact(type, value)])),
  };
}

function typedValue(type: FactType, fact: GivenFact): Parsed<Typed> {
  if (fact.kind === 'instant') return parsed({ type: 'instant', value: fact.at });
  const value = parseFactValue(type, fact.kind === 'text' ? fact.text : fact.texts);
  return value.ok ? parsed({ type, value: value.value }) : value;
}

function toProtoFact(type: FactType, value: FactValue): MessageInitShape<typeof FactValueSchema> {
  if (typeof value === 'bigint') return { kind: { case: 'instantValue', value: toTimestamp(value) } };
  if (typeof value === 'boolean') return { kind: { case: 'booleanValue', value } };
  if (typeof value === 'string') return { kind: { case: TEXT_KINDS[type] ?? 'stringValue', value } };
  if (isDecimal(value)) return { kind: { case: 'decimalValue', value: formatDecimal(value) } };
  return { kind: { case: 'listValue', value: { values: [...value] } } };
}

const TEXT_KINDS: { readonly [type in FactType]?: 'dateValue' | 'timeValue' } = {
  date: 'dateValue',
  time: 'timeValue',
};

function texts(numbers: ReadonlyMap<string, Decimal>): Record<string, string> {
  return Object.fromEntries([...numbers].map(([name, value]) => [name, formatDecimal(value)]));
}
