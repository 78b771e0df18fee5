import { availableParallelism } from 'node:os';
import { RatebookError } from '../../errors/error.js';
import { type Parsed, parsed, refused } from '../../errors/parsed.js';
import { isTimeZone } from '../../time/zone.js';
import { FOLDS, type Fold } from '../../time/local-instant.js';

/** What `simulate` takes. */
export type SimulateOptions = {
  readonly from: string;
  readonly to: string;
  readonly usage: string;
  /** What a column holds, and its title. */
  readonly map?: ReadonlyMap<string, string>;
  readonly set?: ReadonlyMap<string, string>;
  readonly zone?: string;
  readonly fold?: Fold;
  readonly workers?: number;
  readonly server?: string;
  readonly json?: true;
};

const MOST_WORKERS = 256;

/** Reads `name=value` pairs after those of the same option that came before. */
export function parsePairs(
  text: string,
  before: ReadonlyMap<string, string> | undefined,
): Parsed<ReadonlyMap<string, string>> {
  const pairs = new Map(before);
  for (const pair of text.split(',')) {
    const [, name = '', value = ''] = /^([^=]+)=(.+)$/s.exec(pair.trim()) ?? [];
    if (name === '') return refused(`"${pair}" is not NAME=COLUMN, such as account=customer`);
    if (pairs.has(name)) return refused(`${name} is given twice`);
    pairs.set(name, value);
  }
  return parsed(pairs);
}

/** Reads one `fact=value`; the value may have commas. */
export function parseSetting(
  text: string,
  before: ReadonlyMap<string, string> | undefined,
): Parsed<ReadonlyMap<string, string>> {
  const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === '') return refused(`"${text}" is not FACT=VALUE, such as model=code`);
  return parsed(new Map([...(before ?? []), [name, value]]));
}

export function parseZone(text: string): Parsed<string> {
  return isTimeZone(text)
    ? parsed(text)
    : refused(`"${text}" is no zone of the IANA database; write one such as UTC or Asia/Shanghai`);
}

export const FOLD_HELP =
  'which of two such a time is that clocks showed twice: earlier, later, or reject, as unless given';

export function parseFold(text: string): Parsed<Fold> {
  const fold = FOLDS.find((one) => one === text);
  return fold === undefined ? refused(`"${text}" is not ${FOLDS.join(', ')}`) : parsed(fold);
}

export function parseWorkers(text: string): Parsed<number> {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= MOST_WORKERS
    ? parsed(number)
    : refused(`Write a number from 1 to ${MOST_WORKERS}`);
}

/** Bytes of usage for which another thread is worth its start. */
const BYTES_A_WORKER = 2 * 1024 * 1024;

/** Uses of one account are priced one after the other, so a recording without accounts is work for one thread. */
export function workersFor({ workers }: SimulateOptions, size: number, hasAccounts: boolean): number {
  if (!hasAccounts) return 1;
  return workers ?? Math.max(1, Math.min(availableParallelism(), Math.floor(size / BYTES_A_WORKER)));
}

/** Stdin is one text. Throws INVALID_REQUEST when more than one is to be read from it. */
export function refuseSharedStdin({ from, to, usage }: SimulateOptions): void {
  if ([from, to, usage].filter((name) => name === '-').length < 2) return;
  throw new RatebookError('INVALID_REQUEST', 'Only one of --from, --to and --usage can come from stdin.');
}
