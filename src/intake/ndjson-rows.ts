import { isBlank } from '../strategy/source/csv.js';
import { findUnreadable } from '../strategy/source/unreadable.js';
import { type JsonObject, type JsonValue, parseJsonLine } from './json-line.js';
import { type Cell, LONGEST_ROW, type Row, tooLong } from './row.js';

/** NDJSON that comes in pieces: an object on each line. */
export type NdjsonStream = {
  /** The keys that are asked for, `data.units` for the key of an object in the object; cells stand in their order. */
  readonly keys: readonly string[];
  /** Keys that nobody asked for, the first hundred. */
  readonly ignored: Set<string>;
  /** The beginning of a line whose end has not come yet. */
  rest: string;
  line: number;
  /** Inside of a line that is too long; its end is what comes next. */
  skipping: boolean;
};

const MOST_IGNORED = 100;

export function openNdjson(keys: readonly string[]): NdjsonStream {
  return { keys, ignored: new Set(), rest: '', line: 1, skipping: false };
}

/** The rows that end in the next piece. Nothing is left out but blank lines. With the `last` piece the text ends. */
export function takeNdjson(stream: NdjsonStream, piece: string, last: boolean): readonly Row[] {
  const isFirst = stream.line === 1 && stream.rest === '';
  const text = stream.rest + (isFirst && piece.startsWith('\uFEFF') ? piece.slice(1) : piece);
  const rows: Row[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = text.indexOf('\n', at);
    if (lineEnd < 0 && (!last || at >= text.length)) break;
    const end = lineEnd < 0 ? text.length : lineEnd;
    const line = text.slice(at, end);
    if (!stream.skipping && !isBlank(line)) rows.push(readLine(stream, line));
    stream.skipping = false;
    stream.line++;
    at = end + 1;
  }
  stream.rest = text.slice(at);
  if (stream.rest.length > LONGEST_ROW) {
    if (!stream.skipping) rows.push(tooLong(stream.line));
    stream.rest = '';
    stream.skipping = true;
  }
  return rows;
}

function readLine({ keys, ignored, line }: NdjsonStream, text: string): Row {
  const unreadable = findUnreadable(text);
  if (unreadable !== undefined)
    return {
      line,
      about: 'character',
      why: `the line has the character ${unreadable.code}; the file is plain text in UTF-8`,
    };
  const entries = parseJsonLine(text);
  if (!entries.ok) return { line, about: 'json', why: entries.why };
  const cells: Cell[] = [];
  for (const key of keys) {
    const value = valueAt(entries.value, key);
    if (value?.kind === 'nested' || value?.kind === 'object')
      return {
        line,
        about: 'nested',
        why: `"${key}" holds an object or a list of lists; a fact is a text, a number or a list of texts`,
      };
    cells.push(value && cellOf(value));
  }
  noteIgnored(keys, ignored, entries.value.keys());
  return { line, cells };
}

function valueAt(entries: JsonObject, key: string): JsonValue | undefined {
  const found = entries.get(key);
  if (found !== undefined) return found;
  if (key === EVENT_ID) return eventIdOf(entries);
  for (let dot = key.indexOf('.'); dot > 0; dot = key.indexOf('.', dot + 1)) {
    const outer = entries.get(key.slice(0, dot));
    if (outer?.kind === 'object') return valueAt(outer.entries, key.slice(dot + 1));
  }
  return undefined;
}

/** Two sources of CloudEvents may give out one id: the two attributes together name an event. */
export const EVENT_ID = 'source id';

function isPartOfId(asked: string, key: string): boolean {
  return asked === EVENT_ID && EVENT_ID.split(' ').includes(key);
}

function eventIdOf(entries: JsonObject): JsonValue | undefined {
  const [source, id] = [entries.get('source'), entries.get('id')];
  if (source?.kind !== 'text' || id?.kind !== 'text') return undefined;
  return { kind: 'text', text: `${source.text} ${id.text}` };
}

function cellOf(value: JsonValue): Cell {
  switch (value.kind) {
    case 'text':
      return value.text;
    case 'list':
      return value.texts;
    case 'null':
    case 'nested':
    case 'object':
      return undefined;
  }
}

function noteIgnored(keys: readonly string[], ignored: Set<string>, found: Iterable<string>): void {
  for (const key of found) {
    const isRead = keys.some((one) => one === key || one.startsWith(`${key}.`) || isPartOfId(one, key));
    if (ignored.size < MOST_IGNORED && !isRead) ignored.add(key);
  }
}
