import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { formatDecimal, parseDecimal } from '../money/decimal.js';
import { parseCsv } from './source/csv.js';
import type { SourceFile, SourceNode } from './source/source.js';
import type { FactType } from './strategy.js';

/** The format of `canonicalDocument`; a change of it changes every hash. */
export const CANONICAL_FORMAT = 1;

/**
 * The content of a revision as RFC 8785 JSON: without what changes no price (`cases`, `title`, descriptions), and with
 * the rows of a CSV in the place of its name. Every scalar is a string, an empty one null.
 *
 * A scalar is a number by its place, never by its looks, since "007" and "7" may be two strings. Numbers are:
 * - the values of `PRICE_NUMBERS` under `prices` and of `EVENT_NUMBERS` in an event; `priority` and `late_limit`;
 * - all of `derive` (a fact's name never reads as a number);
 * - the bounds, values and default of a fact, the value a condition compares with and the cells of a lookup, where
 *   the type of the fact in `types` (`Strategy.types`) is integer or decimal.
 * Those are written without exponent or trailing zeros. In any other place 1.0 and 1 are two texts: at worst one
 * meaning has two hashes, never one hash two meanings.
 *
 * The document has been checked; `attachments` are the files that its lookups name.
 */
export function canonicalDocument(
  root: SourceNode,
  attachments: readonly SourceFile[],
  types: ReadonlyMap<string, FactType>,
): string {
  const context: Context = { types, files: new Map(attachments.map((file) => [file.name, file.text])) };
  return canonicalize(document(root, context)) ?? '';
}

/** SHA-256 of the canonical document in UTF-8, lower-case hex. */
export function contentHash(canonical: string): string {
  return createHash('sha256').update(canonical, 'utf8').digest('hex');
}

type Json = string | null | readonly Json[] | { readonly [key: string]: Json };
type Context = { readonly types: ReadonlyMap<string, FactType>; readonly files: ReadonlyMap<string, string> };
/** The canonical text of a scalar that stands under `key`. */
type Spelling = (text: string, key: string) => string;

const PRICE_NUMBERS = new Set([
  ...['quantity', 'amount', 'unit_price', 'per', 'size', 'price', 'percent', 'fixed', 'flat', 'multiplier'],
  ...['free', 'free_events', 'free_amount', 'minimum', 'maximum', 'up_to', 'block', 'to'],
]);
const EVENT_NUMBERS = new Set([
  ...['percent', 'amount', 'free_quantity', 'units', 'times', 'priority', 'overage_factor'],
]);
const FACT_NUMBERS = new Set(['default', 'min', 'max', 'one_of']);
const LEAF_NUMBERS = new Set(['value']);

const asText: Spelling = (text) => text;
const asNumber: Spelling = (text) => {
  const number = parseDecimal(text);
  return number.ok ? formatDecimal(number.value) : text;
};

/** One spelling under these keys, the text as it is under all others. */
function spellingAt(keys: ReadonlySet<string>, spelling: Spelling): Spelling {
  return (text, key) => (keys.has(key) ? spelling(text, key) : text);
}

function document(root: SourceNode, context: Context): Json {
  return mapOf(root, (node, key) => {
    switch (key) {
      case 'cases':
      case 'title':
        return undefined;
      case 'facts':
        return named(node, (fact, name) => spell(fact, spellingAt(FACT_NUMBERS, spellingOf(name, context))));
      case 'derive':
        return named(node, (derivation) => spell(derivation, asNumber));
      case 'lookups':
        return named(node, (lookup, name) => lookupOf(lookup, name, context));
      case 'conditions':
        return named(node, (condition) => conditionOf(condition, context));
      case 'prices':
        return named(node, (price) => spell(price, spellingAt(PRICE_NUMBERS, asNumber)));
      case 'rules':
        return node.kind === 'list' ? node.items.map((rule) => ruleOf(rule, context)) : spell(node, asText);
      default:
        return spell(node, key === 'late_limit' ? asNumber : asText);
    }
  });
}

function ruleOf(rule: SourceNode, context: Context): Json {
  return mapOf(rule, (node, key) => {
    if (key === 'conditions') return conditionOf(node, context);
    if (key === 'event') return spell(node, spellingAt(EVENT_NUMBERS, asNumber));
    return spell(node, key === 'priority' ? asNumber : asText);
  });
}

function conditionOf(condition: SourceNode, context: Context): Json {
  if (condition.kind === 'list') return condition.items.map((item) => conditionOf(item, context));
  if (condition.kind === 'scalar') return spell(condition, asText);
  const [fact] = namesAt(condition, 'fact');
  if (fact === undefined) return mapOf(condition, (node) => conditionOf(node, context));
  return spell(condition, spellingAt(LEAF_NUMBERS, spellingOf(fact, context)));
}

function lookupOf(lookup: SourceNode, name: string, context: Context): Json {
  const value = spellingOf(name, context);
  return mapOf(lookup, (node, key) => {
    if (key === 'rows') return rowsOf(node, { by: namesAt(lookup, 'by'), value }, context);
    return spell(node, key === 'otherwise' ? value : asText);
  });
}

type Columns = { readonly by: readonly string[]; readonly value: Spelling };

function rowsOf(rows: SourceNode, { by, value }: Columns, context: Context): Json {
  const keys = by.map((fact) => spellingOf(fact, context));
  switch (rows.kind) {
    case 'list':
      return rows.items.map((row) => {
        if (row.kind !== 'list') return spell(row, asText);
        return row.items.map((cell, i) => spell(cell, keys[i] ?? value));
      });
    case 'scalar': {
      const csv = context.files.get(rows.text);
      if (csv === undefined) return spell(rows, asText);
      return csvRows(csv, (header) => keys[by.indexOf(header)] ?? value);
    }
    case 'map':
      return spell(rows, asText);
  }
}

/** All columns, the header too: a column that no lookup reads is part of the content as well. */
function csvRows(csv: string, column: (header: string) => Spelling): Json {
  const [header, ...rows] = parseCsv(csv).rows.map((row) => row.cells);
  const spellings = header?.map(column) ?? [];
  const body = rows.map((cells) => cells.map((text, i) => spellings[i]?.(text, '') ?? text));
  return header === undefined ? [] : [header, ...body];
}

function spellingOf(fact: string, context: Context): Spelling {
  const type = context.types.get(fact);
  return type === 'integer' || type === 'decimal' ? asNumber : asText;
}

function namesAt(node: SourceNode, key: string): string[] {
  const value = node.kind === 'map' ? node.entries.find((entry) => entry.key === key)?.value : undefined;
  const items = value?.kind === 'list' ? value.items : value === undefined ? [] : [value];
  return items.map((item) => (item.kind === 'scalar' ? item.text : ''));
}

/** A node whose scalars are spelled by the keys under which they stand. */
function spell(node: SourceNode, spelling: Spelling, key = ''): Json {
  switch (node.kind) {
    case 'scalar':
      return node.empty ? null : spelling(node.text, key);
    case 'list':
      return node.items.map((item) => spell(item, spelling, key));
    case 'map':
      return mapOf(node, (value, name) => spell(value, spelling, name));
  }
}

/** A map whose keys are words of the format: without its description, and without what `read` leaves out. */
function mapOf(node: SourceNode, read: (value: SourceNode, key: string) => Json | undefined): Json {
  return named(node, (value, key) => (key === 'description' ? undefined : read(value, key)));
}

/** A map whose keys are names that an analyst chose, `description` among them. */
function named(node: SourceNode, read: (value: SourceNode, name: string) => Json | undefined): Json {
  if (node.kind !== 'map') return spell(node, asText);
  const entries = node.entries.flatMap(({ key, value }) => {
    const content = read(value, key);
    return content === undefined ? [] : [[key, content] as const];
  });
  return Object.fromEntries(entries);
}
