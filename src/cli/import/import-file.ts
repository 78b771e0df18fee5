import { RatebookError } from '../../errors/error.js';
import type { Strategy } from '../../strategy/strategy.js';
import type { Fold } from '../../time/local-instant.js';
import { callServer } from '../server.js';
import type { UsageSource } from '../simulate/job.js';
import { type Plan, planReading } from '../simulate/plan.js';
import { startProgress } from '../simulate/progress.js';
import { type UsageFile, openUsageFile } from '../simulate/usage-file.js';
import type { Terminal } from '../terminal.js';
import { type Imported, importUses } from './import-uses.js';
import { openLastLine } from './last-line.js';
import { currencyOf, readStrategy, sendableFacts } from './rated-by.js';
import { type UseFormat, idPrefixOf } from './read-uses.js';
import { closeRejectedFile, openRejectedFile, rejectedBeside } from './rejected-file.js';

/** What the options of `ratebook usage import` say. */
export type HowToImport = {
  readonly server: string;
  readonly strategy?: string;
  readonly account?: string;
  readonly createAccounts?: true;
  readonly currency?: string;
  readonly map?: ReadonlyMap<string, string>;
  readonly set?: ReadonlyMap<string, string>;
  readonly zone?: string;
  readonly fold?: Fold;
  /** The file that lists the rows that are not stored; beside the imported one unless given. */
  readonly rejected?: string;
};

/** What an import came to, by which strategy; `ignored` are columns and keys that nobody asked for. */
export type ImportedFile = Imported & {
  readonly source: UsageSource;
  readonly strategy: string;
  readonly rejectedFile: string;
  /** Where the last row starts, if it may have been cut without a sign of it. */
  readonly openLine: number | undefined;
};

/** Records the usage of a file. Throws INVALID_REQUEST for a file or options that do not fit, before anything is sent. */
export async function importFile(
  name: string,
  options: HowToImport,
  terminal: Terminal,
): Promise<ImportedFile> {
  const strategy = await readStrategy(options, terminal);
  const file = await openUsageFile(name, terminal);
  try {
    const known = { of: strategy.id, facts: sendableFacts(strategy) };
    const plan = await planReading(file, known, options);
    const how = {
      format: plan.format,
      strategy: strategy.id,
      account: payerOf(plan, file, options),
      idPrefix: idPrefixOf(plan.usage),
    };
    const openLine = openLastLine(name, plan.usage, how);
    const { tally, ignored, rejectedFile } = await runImport(
      { file, plan, how, strategy },
      options,
      terminal,
    );
    return {
      tally,
      ignored: [...plan.format.columns.ignored, ...ignored],
      source: plan.usage,
      strategy: strategy.id,
      rejectedFile,
      openLine,
    };
  } finally {
    await file.handle.close();
  }
}

type Planned = {
  readonly file: UsageFile;
  readonly plan: Plan;
  readonly how: UseFormat;
  readonly strategy: Strategy;
};

async function runImport(
  { file, plan, how, strategy }: Planned,
  { server, createAccounts, currency = currencyOf(strategy), rejected: path }: HowToImport,
  terminal: Terminal,
): Promise<Imported & { readonly rejectedFile: string }> {
  const rejected = await openRejectedFile(path ?? rejectedBeside(file.name), file.name);
  const progress = startProgress(terminal);
  try {
    const { tally, ignored } = await callServer(server, ({ rating, accounts }) => {
      const opening = createAccounts && {
        accounts,
        strategy: strategy.id,
        currency,
        known: new Set<string>(),
      };
      return importUses({ source: plan.usage, how, rating, opening, rejected }, progress.report);
    });
    return { tally, ignored, rejectedFile: rejected.path };
  } finally {
    progress.finish();
    await closeRejectedFile(rejected);
  }
}

/** The account of a file that names none; empty where its rows do. */
function payerOf({ accountTitle }: Plan, { name }: UsageFile, { account }: HowToImport): string {
  if (accountTitle === undefined && account !== undefined) return account;
  if (accountTitle !== undefined && account === undefined) return '';
  const message =
    account === undefined
      ? `${name} has no account column; name it with --map account=COLUMN, or say whose usage it is with --account ID.`
      : `${name} has an account column, ${accountTitle ?? ''}; leave out --account, or the column.`;
  throw new RatebookError('INVALID_REQUEST', message);
}
