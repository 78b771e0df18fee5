import { type Parsed, parsed, refused } from '../errors/parsed.js';
import { shorten } from '../strategy/fact-value.js';
import { findUnreadable } from '../strategy/source/unreadable.js';

/**
 * A value under a key of a JSON object: a scalar as its text, a list of scalars as their texts. A number is its source
 * text, so that no digit is lost to a binary float. `nested` stands for what is no fact: a list of lists or objects.
 */
export type JsonValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly texts: readonly string[] }
  | { readonly kind: 'object'; readonly entries: JsonObject }
  | { readonly kind: 'null' | 'nested' };

export type JsonObject = ReadonlyMap<string, JsonValue>;

/** Reads one JSON object (RFC 8259) without key twice. */
export function parseJsonLine(text: string): Parsed<JsonObject> {
  const cursor: Cursor = { text, at: 0, why: '' };
  skipBlanks(cursor);
  if (text[cursor.at] !== '{') return refused(`${shorten(text) || 'nothing'} is no JSON object`);
  const entries = readObject(cursor, 0);
  if (entries === null) return refused(cursor.why);
  skipBlanks(cursor);
  return cursor.at === text.length
    ? parsed(entries)
    : refused(`${shorten(text.slice(cursor.at))} follows the object; one stands on each line`);
}

/** Reads a JSON list of scalars; undefined for anything else. */
export function parseJsonList(text: string): readonly string[] | undefined {
  const cursor: Cursor = { text, at: 0, why: '' };
  skipBlanks(cursor);
  const value = text[cursor.at] === '[' ? readValue(cursor, 0) : null;
  skipBlanks(cursor);
  return value?.kind === 'list' && cursor.at === text.length ? value.texts : undefined;
}

/** `why` says what stopped the reader; whoever cannot go on sets it and gives null. */
type Cursor = { readonly text: string; at: number; why: string };

const DEEPEST_NESTING = 32;
const NULL: JsonValue = { kind: 'null' };
const NESTED: JsonValue = { kind: 'nested' };

// Sticky: each looks from `lastIndex` on without copying the text.
const STRING = /"([^"\\\0-\x1f]*(?:\\.[^"\\\0-\x1f]*)*)"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const BLANKS = /[ \t\r\n]*/y;

function take(pattern: RegExp, cursor: Cursor): RegExpExecArray | undefined {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text) ?? undefined;
  if (found !== undefined) cursor.at = pattern.lastIndex;
  return found;
}

function skipBlanks(cursor: Cursor): void {
  const next = cursor.text.charCodeAt(cursor.at);
  if (next <= 0x20) take(BLANKS, cursor);
}

/** Steps over the character, with blanks before and after it, if it is what comes next. */
function takeMark(cursor: Cursor, mark: string): boolean {
  skipBlanks(cursor);
  if (cursor.text[cursor.at] !== mark) return false;
  cursor.at++;
  skipBlanks(cursor);
  return true;
}

function fail(cursor: Cursor, wanted: string): null {
  const found = shorten(cursor.text.slice(cursor.at));
  return stop(cursor, `${found === '' ? 'the line ends' : `${found} stands`} where ${wanted} belongs`);
}

function stop(cursor: Cursor, why: string): null {
  cursor.why = why;
  return null;
}

function readObject(cursor: Cursor, depth: number): Map<string, JsonValue> | null {
  const entries = new Map<string, JsonValue>();
  takeMark(cursor, '{');
  if (takeMark(cursor, '}')) return entries;
  do {
    const key = readString(cursor, 'a key in double quotes');
    if (key === null) return null;
    if (!takeMark(cursor, ':')) return fail(cursor, 'a colon');
    const value = readValue(cursor, depth + 1);
    if (value === null) return null;
    if (entries.has(key)) return stop(cursor, `the key "${shorten(key)}" stands twice`);
    entries.set(key, value);
  } while (takeMark(cursor, ','));
  return takeMark(cursor, '}') ? entries : fail(cursor, 'a comma or a brace');
}

function readValue(cursor: Cursor, depth: number): JsonValue | null {
  if (depth > DEEPEST_NESTING) return fail(cursor, 'nothing nested so deep');
  switch (cursor.text[cursor.at] ?? '') {
    case '"': {
      const text = readString(cursor, 'a text');
      return text === null ? null : { kind: 'text', text };
    }
    case '{': {
      const entries = readObject(cursor, depth);
      return entries && { kind: 'object', entries };
    }
    case '[':
      return readList(cursor, depth);
    default: {
      const scalar = take(SCALAR, cursor)?.[0];
      if (scalar === undefined) return fail(cursor, 'a value');
      return scalar === 'null' ? NULL : { kind: 'text', text: scalar };
    }
  }
}

function readList(cursor: Cursor, depth: number): JsonValue | null {
  takeMark(cursor, '[');
  const texts: string[] = [];
  if (takeMark(cursor, ']')) return { kind: 'list', texts };
  let flat = true;
  do {
    const item = readValue(cursor, depth + 1);
    if (item === null) return null;
    if (item.kind === 'text') texts.push(item.text);
    else flat = false;
  } while (takeMark(cursor, ','));
  if (!takeMark(cursor, ']')) return fail(cursor, 'a comma or a bracket');
  return flat ? { kind: 'list', texts } : NESTED;
}

function readString(cursor: Cursor, wanted: string): string | null {
  const raw = take(STRING, cursor)?.[1];
  if (raw === undefined) return fail(cursor, wanted);
  return raw.includes('\\') ? unescape(cursor, raw) : raw;
}

function unescape(cursor: Cursor, raw: string): string | null {
  try {
    const text = JSON.parse(`"${raw}"`) as string;
    const unreadable = findUnreadable(text);
    if (unreadable === undefined) return text;
    return stop(cursor, `a text has the escaped character ${unreadable.code}; write it without`);
  } catch {
    return stop(cursor, `"${shorten(raw)}" has an escape that JSON does not know`);
  }
}
