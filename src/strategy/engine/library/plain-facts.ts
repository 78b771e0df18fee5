import { RatebookError, type Violation, violationError } from '../../../errors/error.js';
import type { Parsed } from '../../../errors/parsed.js';
import { parsed, refused } from '../../../errors/parsed.js';
import { compareDecimals } from '../../../money/compare.js';
import { decimal, isDecimal, toNumber } from '../../../money/decimal.js';
import { parseFactValue, shorten } from '../../fact-value.js';
import type { FactType, FactValue } from '../../strategy.js';
import type { FactReading } from '../index/build-index.js';
import type { ReadFact } from '../predicate.js';
import { type Column, type Locate, noteSegment } from '../index/rule-index.js';
import { countUpTo, nextNumber } from '../index/scaled-cuts.js';
import { type Cut, segmentOf } from '../index/segments.js';

/** What a fact of each type is in a plain object. */
type PlainValues = {
  string: string;
  boolean: boolean;
  /** A binary number, compared as JavaScript does. */
  number: number;
  /** A number of any length, compared digit by digit: 0.1 is exactly a tenth. */
  integer: number | string | bigint;
  decimal: number | string | bigint;
  /** RFC 3339 with an offset. */
  instant: string | Date;
  /** `2026-01-05` */
  date: string;
  /** `HH:MM` */
  time: string;
  list: readonly string[];
};
export type PlainType = keyof PlainValues;

/** The type of every fact, by name. */
export type FactSchema = Readonly<Record<string, PlainType>>;

/** A set of facts of a schema. One that is undefined or null was not sent. */
export type FactsOf<S extends FactSchema> = {
  readonly [fact in keyof S]?: PlainValues[S[fact]] | null | undefined;
};

/** The types that a schema may name, with what the values of each are. */
export const PLAIN_TYPES: Readonly<Record<PlainType, string>> = {
  string: 'a string',
  boolean: 'true or false',
  number: 'a finite number',
  integer: 'a whole number, or its digits as a string',
  decimal: 'a number, or its digits as a string',
  instant: 'a Date, or an RFC 3339 string with an offset',
  date: 'a string such as 2026-01-05',
  time: 'a string such as 09:30',
  list: 'a list of strings',
};

/** The type by which the matcher knows a plain one. */
export function factTypeOf(type: PlainType): FactType {
  return type === 'number' ? 'decimal' : type;
}

type Plain = Readonly<Record<string, unknown>>;

/** Throws INVALID_FACTS unless facts come as an object. */
export function requireObject(facts: unknown): void {
  if (typeof facts === 'object' && facts !== null && !Array.isArray(facts)) return;
  throw new RatebookError('INVALID_FACTS', `Facts are an object such as { hour: 9 }, not ${shown(facts)}.`);
}

/** How facts of a schema are read. The most common types are found in the index as they stand. */
export function readingOf(schema: FactSchema): FactReading<Plain> {
  const read = (facts: Plain, fact: string): FactValue | undefined => {
    const given = facts[fact];
    if (isAbsent(facts, fact, given)) return undefined;
    const value = valueOf(schema[fact], given);
    if (!value.ok) throw refusal(schema, facts);
    return value.value;
  };
  return { read, locatorOf: (columns) => locator(columns, schema, read) };
}

/**
 * Reads the facts of all columns. The first four are read at four places in the code, in the order of the schema, so that
 * each place meets the same fact again and again: that is the read that V8 makes fast.
 */
function locator(columns: readonly Column[], schema: FactSchema, read: ReadFact<Plain>): Locate<Plain> {
  const inSchema = Object.keys(schema);
  const [first, second, third, fourth, ...others] = columns
    .map((column) => placeOf(schema[column.fact], column))
    .toSorted((a, b) => inSchema.indexOf(a.fact) - inSchema.indexOf(b.fact));
  const segment = (place: Place, given: unknown, facts: Plain): number => {
    const { table, cuts } = place;
    if (typeof given === 'string' && table !== undefined) return table.get(given) ?? 1;
    if (typeof given === 'number' && cuts !== undefined && Number.isFinite(given))
      return 1 + countUpTo(cuts, given);
    return segmentRead(place, facts);
  };
  const segmentRead = ({ fact, segments }: Place, facts: Plain): number => {
    const value = read(facts, fact);
    return value === undefined ? 0 : segmentOf(segments, value);
  };
  return (facts, notes) => {
    if (first !== undefined) noteSegment(notes, first, segment(first, facts[first.fact], facts));
    if (second !== undefined) noteSegment(notes, second, segment(second, facts[second.fact], facts));
    if (third !== undefined) noteSegment(notes, third, segment(third, facts[third.fact], facts));
    if (fourth !== undefined) noteSegment(notes, fourth, segment(fourth, facts[fourth.fact], facts));
    for (const place of others) noteSegment(notes, place, segment(place, facts[place.fact], facts));
  };
}

type Place = Column & {
  readonly table: ReadonlyMap<FactValue, number> | undefined;
  readonly cuts: Float64Array | undefined;
};

/** Where strings and binary numbers are found as they stand; other values are converted first. */
function placeOf(type: PlainType | undefined, column: Column): Place {
  const { at, fact, segments, offsets } = column;
  return {
    at,
    fact,
    segments,
    offsets,
    table: type === 'string' && segments.kind === 'table' ? segments.places : undefined,
    cuts:
      type === 'number' && segments.kind === 'ordered'
        ? Float64Array.from(segments.cuts, firstNumberAfter)
        : undefined,
  };
}

/** The smallest binary number that is not before the cut. */
function firstNumberAfter({ value, after }: Cut): number {
  if (!isDecimal(value))
    throw new Error('a number is compared with something else, which the check let pass');
  const near = toNumber(value);
  const order = compareDecimals(decimal(near), value);
  return order > 0 || (order === 0 && !after) ? near : nextNumber(near);
}

/** What an object inherits is no fact of it, unless it has the fact's type. */
function isAbsent(facts: Plain, fact: string, given: unknown): boolean {
  return (
    given === undefined || given === null || (typeof given === 'function' && !Object.hasOwn(facts, fact))
  );
}

/** The value as the matcher compares it. */
export function valueOf(type: PlainType | undefined, given: unknown): Parsed<FactValue> {
  const asText = (...kinds: readonly string[]) => {
    const known = type !== undefined && type !== 'number' && kinds.includes(typeof given);
    return known ? parseFactValue(type, String(given)) : refused('');
  };
  switch (type) {
    case 'number':
      return typeof given === 'number' && Number.isFinite(given) ? parsed(decimal(given)) : refused('');
    case 'string':
      return typeof given === 'string' ? parsed(given) : refused('');
    case 'boolean':
      return typeof given === 'boolean' ? parsed(given) : refused('');
    case 'integer':
    case 'decimal':
      return asText('string', 'number', 'bigint');
    case 'instant':
      return given instanceof Date && !Number.isNaN(given.getTime())
        ? parsed(BigInt(given.getTime()) * 1_000_000n)
        : asText('string');
    case 'date':
    case 'time':
      return asText('string');
    case 'list':
      return isListOfStrings(given) ? parsed(given) : refused('');
    case undefined:
      return refused('');
  }
}

function isListOfStrings(given: unknown): given is readonly string[] {
  return Array.isArray(given) && given.every((item) => typeof item === 'string');
}

/** The error for facts of which at least one is not of its type. */
function refusal(schema: FactSchema, facts: Plain): Error {
  const violations = Object.entries(schema).flatMap(([fact, type]): Violation[] => {
    const given = facts[fact];
    if (isAbsent(facts, fact, given)) return [];
    const value = valueOf(type, given);
    if (value.ok) return [];
    const why = value.why === '' ? `${shown(given)} is not ${PLAIN_TYPES[type]}` : value.why;
    return [{ field: `facts.${fact}`, description: `${why}; the fact is of type ${type}.` }];
  });
  return violationError('INVALID_FACTS', violations);
}

export function shown(given: unknown): string {
  if (typeof given === 'string') return JSON.stringify(shorten(given));
  if (typeof given === 'object' && given !== null) {
    return Array.isArray(given) ? 'a list' : given instanceof Date ? 'a Date' : 'an object';
  }
  return typeof given === 'function' ? 'a function' : shorten(String(given));
}
