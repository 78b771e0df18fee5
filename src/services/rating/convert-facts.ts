import type { FactValue as ProtoFact } from '../../gen/ratebook/v1/fact_pb.js';
import { toTimestamp } from '../../platform/grpc/timestamp.js';
import type { GivenFact, GivenFacts } from '../../quote/input.js';

/** Facts as they were sent. */
export function toProtoFacts(facts: GivenFacts): Record<string, ProtoFact> {
  return Object.fromEntries([...facts].map(([name, fact]) => [name, toProtoFact(fact)]));
}

export function toProtoFact(fact: GivenFact): ProtoFact {
  return { $typeName: 'ratebook.v1.FactValue', kind: kindOf(fact) };
}

function kindOf(fact: GivenFact): ProtoFact['kind'] {
  switch (fact.kind) {
    case 'instant':
      return { case: 'instantValue', value: toTimestamp(fact.at) };
    case 'list':
      return { case: 'listValue', value: { $typeName: 'ratebook.v1.StringList', values: [...fact.texts] } };
    case 'text':
      return textKind(fact);
  }
}

function textKind({ type, text }: Extract<GivenFact, { kind: 'text' }>): ProtoFact['kind'] {
  switch (type) {
    case 'string':
      return { case: 'stringValue', value: text };
    case 'boolean':
      return { case: 'booleanValue', value: text === 'true' };
    case 'integer':
      return { case: 'integerValue', value: BigInt(text) };
    case 'decimal':
      return { case: 'decimalValue', value: text };
    case 'date':
      return { case: 'dateValue', value: text };
    case 'time':
      return { case: 'timeValue', value: text };
    case 'instant':
    case 'list':
    case undefined:
      return { case: 'textValue', value: text };
  }
}
