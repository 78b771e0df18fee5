import { type Violation, violationError } from '../errors/error.js';
import { nearest } from '../errors/nearest.js';

/**
 * Which cells of a row make a usage, by their position. What is not there the recording does not have; facts do not
 * include `occurred_at`.
 */
export type UsageColumns = {
  readonly account?: number;
  readonly usageId?: number;
  readonly occurredAt?: number;
  readonly facts: readonly FactColumn[];
  /** Titles that stand for nothing that was asked for, each once; columns without a title are not among them. */
  readonly ignored: readonly string[];
};
export type FactColumn = { readonly fact: string; readonly column: number; readonly isList: boolean };

/** What is looked for in a recording. */
export type WantedColumns = {
  /** What the facts are of, for messages: `either document`. */
  readonly of: string;
  /** Facts by name, and whether each is a list. */
  readonly facts: ReadonlyMap<string, { readonly isList: boolean }>;
  /** Titles of columns by what they hold; what is not in it has a column of its own name, or none. */
  readonly titles: ReadonlyMap<string, string>;
};

const KEYS = ['account', 'usage_id', 'occurred_at'] as const;

/** The titles that any of the wanted may stand under; a row of NDJSON has its cells in their order. */
export function wantedTitles({ facts, titles }: Omit<WantedColumns, 'of'>): readonly string[] {
  const names = new Set<string>([...KEYS, ...facts.keys()]);
  return [...new Set([...names].map((name) => titles.get(name) ?? name))];
}

/**
 * Finds the wanted columns under the titles of a file. Throws INVALID_REQUEST, telling all at once: something is mapped
 * that no document knows, a column is not there, or a title that is needed stands twice.
 */
export function findColumns(titles: readonly string[], wanted: WantedColumns): UsageColumns {
  const trimmed = titles.map((title) => title.trim());
  const violations = [...strangers(wanted), ...missing(trimmed, wanted), ...doubles(trimmed, wanted)];
  if (violations.length > 0) throw violationError('INVALID_REQUEST', violations);
  const columnOf = (name: string) => {
    const column = trimmed.indexOf(wanted.titles.get(name) ?? name);
    return column < 0 ? undefined : column;
  };
  const facts = [...wanted.facts].flatMap(([fact, { isList }]) => {
    const column = fact === 'occurred_at' ? undefined : columnOf(fact);
    return column === undefined ? [] : [{ fact, column, isList }];
  });
  const known = new Set(wantedTitles(wanted));
  return {
    account: columnOf('account'),
    usageId: columnOf('usage_id'),
    occurredAt: columnOf('occurred_at'),
    facts,
    ignored: [...new Set(trimmed)].filter((title) => title !== '' && !known.has(title)),
  };
}

function strangers({ of, facts, titles }: WantedColumns): readonly Violation[] {
  const names = new Set<string>([...KEYS, ...facts.keys()]);
  return [...titles.keys()]
    .filter((name) => !names.has(name))
    .map((name) => {
      const guess = nearest(name, names);
      const next = guess === undefined ? `there are ${[...names].join(', ')}` : `did you mean ${guess}?`;
      return { field: '--map', description: `${name} is no fact of ${of}; ${next}` };
    });
}

function missing(found: readonly string[], { titles }: WantedColumns): readonly Violation[] {
  return [...titles]
    .filter(([, title]) => !found.includes(title))
    .map(([name, title]) => ({
      field: '--map',
      description: `${name}: there is no column ${title}; the titles are ${found.join(', ')}`,
    }));
}

function doubles(found: readonly string[], wanted: WantedColumns): readonly Violation[] {
  return wantedTitles(wanted)
    .filter((title) => found.indexOf(title) !== found.lastIndexOf(title))
    .map((title) => ({ field: title, description: 'two columns have this title; rename one of them' }));
}
