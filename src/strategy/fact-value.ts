import { type Parsed, parsed, refused } from '../errors/parsed.js';
import { formatDecimal, isDecimal, isWhole, parseDecimal } from '../money/decimal.js';
import { formatInstant, parseDate, parseInstant, parseTimeOfDay } from '../time/instant.js';
import type { FactType, FactValue } from './strategy.js';

/** Characters that a string fact, or one string of a list, may have. */
const LONGEST_STRING = 1024;
/** Strings that a list fact may hold. */
const LONGEST_LIST = 1000;

/** Reads a fact's value from its text; a list from its texts. What is refused is quoted in the reason. */
export function parseFactValue(type: FactType, source: string | readonly string[]): Parsed<FactValue> {
  if (typeof source !== 'string')
    return type === 'list' ? parseList(source) : refused(`a list is no ${type}`);
  switch (type) {
    case 'string':
      return parseString(source);
    case 'boolean':
      return parseBoolean(source);
    case 'integer':
      return parseInteger(source);
    case 'decimal':
      return parseDecimal(source);
    case 'instant':
      return parseInstant(source);
    case 'date':
      return parseDate(source);
    case 'time':
      return parseTimeOfDay(source);
    case 'list':
      return refused(`"${shorten(source)}" is not a list`);
  }
}

function parseString(text: string): Parsed<string> {
  if (text.length <= LONGEST_STRING) return parsed(text);
  return refused(`a text of ${text.length} characters is too long; at most ${LONGEST_STRING} are taken`);
}

function parseBoolean(text: string): Parsed<boolean> {
  if (text === 'true' || text === 'false') return parsed(text === 'true');
  return refused(`"${shorten(text)}" is neither true nor false`);
}

function parseInteger(text: string): Parsed<FactValue> {
  const number = parseDecimal(text);
  if (!number.ok || isWhole(number.value)) return number;
  return refused(`${text} is not a whole number`);
}

function parseList(texts: readonly string[]): Parsed<FactValue> {
  if (texts.length > LONGEST_LIST) {
    return refused(`a list of ${texts.length} strings is too long; at most ${LONGEST_LIST} are taken`);
  }
  for (const text of texts) {
    const item = parseString(text);
    if (!item.ok) return item;
  }
  return parsed(texts);
}

/** The text that `parseFactValue` reads back, one for each value (`1.0` is `1`); a list as JSON. */
export function formatFactValue(value: FactValue): string {
  if (typeof value === 'bigint') return formatInstant(value);
  if (isDecimal(value)) return formatDecimal(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function isNumeric(type: FactType): boolean {
  return type === 'integer' || type === 'decimal';
}

/** Whether values of the type stand in an order, for `lessThan` and the like, `min`, `max` and `up_to`. */
export function isOrdered(type: FactType): boolean {
  return isNumeric(type) || type === 'instant' || type === 'date' || type === 'time';
}

/** Whether two facts of these types can be compared with each other. */
export function areComparable(a: FactType, b: FactType): boolean {
  return a === b || (isNumeric(a) && isNumeric(b));
}

/** Enough of a text to recognise it in a message. */
export function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
