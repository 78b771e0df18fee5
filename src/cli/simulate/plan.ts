import { RatebookError } from '../../errors/error.js';
import { openCsv, takeCsv } from '../../intake/csv-rows.js';
import { parseJsonList } from '../../intake/json-line.js';
import { EVENT_ID, openNdjson, takeNdjson } from '../../intake/ndjson-rows.js';
import type { UsageFormat } from '../../intake/recorded-usage.js';
import { type WantedColumns, findColumns, wantedTitles } from '../../intake/usage-columns.js';
import { kindOfFile } from '../../intake/usage-rows.js';
import type { GivenFact } from '../../quote/input.js';
import type { UsageSource } from './job.js';
import type { SimulateOptions } from './options.js';
import { type UsageFile, readHead } from './usage-file.js';

/** How a file of usage is read. */
export type Plan = {
  readonly usage: UsageSource;
  readonly format: UsageFormat;
  /** The title of the column that names accounts; none when all usage is one account's. */
  readonly accountTitle?: string;
};

/** Throws INVALID_REQUEST when the titles, `--map` or `--set` do not fit the file and the facts that are asked for. */
export async function planReading(
  file: UsageFile,
  known: KnownFacts,
  options: Pick<SimulateOptions, 'map' | 'set' | 'zone' | 'fold'>,
): Promise<Plan> {
  const head = await readHead(file);
  const kind = kindOfFile(file.name, head.text);
  const titles = options.map ?? new Map<string, string>();
  const isOfEvents = kind === 'ndjson' && hasKey(head, 'specversion');
  const wanted: WantedColumns = { ...known, titles: isOfEvents ? eventTitles(known, titles) : titles };
  const keys = wantedTitles(wanted);
  const columns = kind === 'csv' ? titlesOf(file.name, head) : keys;
  const found = findColumns(columns, wanted);
  const account = kind === 'csv' || namesAccounts(head, wanted) ? found.account : undefined;
  const { zone, fold } = options;
  return {
    usage: { descriptor: file.handle.fd, size: file.size, kind, keys },
    format: {
      columns: { ...found, account },
      ...(zone && { zone }),
      ...(fold && { fold }),
      constants: constantsOf(options, known),
    },
    ...(account !== undefined && { accountTitle: columns[account] }),
  };
}

type KnownFacts = Omit<WantedColumns, 'titles'>;

type Head = { readonly text: string; readonly whole: boolean };

/** An object may leave out any key, but one file either names accounts or does not: its first object tells. */
function namesAccounts(head: Head, { titles }: WantedColumns): boolean {
  return titles.has('account') || hasKey(head, 'account');
}

/** Whether the first object has a value under a key; so if there is none. */
function hasKey({ text, whole }: Head, key: string): boolean {
  const rows = takeNdjson(openNdjson([key]), text, whole);
  const first = rows.find((row) => 'cells' in row);
  return first === undefined || first.cells[0] !== undefined;
}

/** Where CloudEvents have what makes a use: who and when in their attributes, the facts in their data. */
function eventTitles(
  { facts }: KnownFacts,
  mapped: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const ofData = [...facts.keys()].map((fact) => [fact, `data.${fact}`] as const);
  const titles = new Map([
    ...ofData,
    ['account', 'subject'],
    ['usage_id', EVENT_ID],
    ['occurred_at', 'time'],
  ]);
  return new Map([...titles, ...mapped]);
}

function titlesOf(name: string, { text, whole }: Head): readonly string[] {
  const [row] = takeCsv(openCsv(), text, whole);
  if (row !== undefined && 'cells' in row)
    return row.cells.map((cell) => (typeof cell === 'string' ? cell : ''));
  const why = row === undefined ? 'there is none' : row.why;
  throw new RatebookError('INVALID_REQUEST', `${name} begins with a row of titles, but ${why}.`);
}

function constantsOf(
  { set = new Map<string, string>() }: Pick<SimulateOptions, 'set'>,
  { of, facts }: KnownFacts,
): ReadonlyMap<string, GivenFact> {
  return new Map(
    [...set].map(([name, text]): [string, GivenFact] => {
      const fact = facts.get(name);
      if (fact === undefined)
        throw new RatebookError('INVALID_REQUEST', `--set: ${name} is no fact of ${of}.`);
      const texts = fact.isList ? parseJsonList(text) : undefined;
      return [name, texts === undefined ? { kind: 'text', text } : { kind: 'list', texts }];
    }),
  );
}
