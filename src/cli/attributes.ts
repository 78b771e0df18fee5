import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Parsed, parsed, refused } from '../errors/parsed.js';
import type { AttributeChange, AttributeChangeSchema } from '../gen/ratebook/v1/account_pb.js';
import type { FactValue } from '../gen/ratebook/v1/fact_pb.js';
import { fromTimestamp } from '../platform/grpc/timestamp.js';
import { formatInstant } from '../time/instant.js';
import { instantText } from './revision-view.js';

/** Reads one `name=value` after those that came before; the value may have commas. */
export function parseAttribute(
  text: string,
  before: ReadonlyMap<string, string> | undefined,
): Parsed<ReadonlyMap<string, string>> {
  const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === '') return refused(`"${text}" is not NAME=VALUE, such as segment=startup`);
  if (before?.has(name)) return refused(`${name} is given twice`);
  return parsed(new Map([...(before ?? []), [name, value]]));
}

/** Attributes since ever. They go as texts, which the service reads by the types that a strategy declares. */
export function toProtoAttributes(
  given: ReadonlyMap<string, string> = new Map<string, string>(),
): MessageInitShape<typeof AttributeChangeSchema>[] {
  if (given.size === 0) return [];
  const values = [...given].map(
    ([name, value]) => [name, { kind: { case: 'textValue' as const, value } }] as const,
  );
  return [{ values: Object.fromEntries(values) }];
}

/** A change of attributes as `--json` prints it; a null among the values: no longer there. */
export type ChangeView = {
  /** Null: since ever. */
  readonly from: string | null;
  readonly values: Readonly<Record<string, string | readonly string[] | null>>;
};

export function viewChange({ from, values }: AttributeChange): ChangeView {
  const told = Object.entries(values).map(([name, value]) => [name, textOf(value)] as const);
  return { from: instantText(from), values: Object.fromEntries(told) };
}

function textOf({ kind }: FactValue): string | readonly string[] | null {
  switch (kind.case) {
    case undefined:
      return null;
    case 'listValue':
      return kind.value.values;
    case 'instantValue':
      return formatInstant(fromTimestamp(kind.value));
    case 'stringValue':
    case 'booleanValue':
    case 'integerValue':
    case 'decimalValue':
    case 'dateValue':
    case 'timeValue':
    case 'textValue':
      return String(kind.value);
  }
}

/** `segment=startup, seats=5`, each change after the other with its instant. */
export function changesText(changes: readonly ChangeView[]): string {
  return changes
    .map(({ from, values }) => {
      const set = Object.entries(values).map(([name, value]) => `${name}=${valueText(value)}`);
      return `${set.join(', ')}${from === null ? '' : ` from ${from}`}`;
    })
    .join('; ');
}

function valueText(value: ChangeView['values'][string]): string {
  return typeof value === 'string' ? value : value === null ? '(gone)' : JSON.stringify(value);
}
