import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { RatebookError } from '../../errors/error.js';
import { AppliesTo, type Revision } from '../../gen/ratebook/v1/strategy_pb.js';
import { toProtoSource } from '../online-validate.js';
import type { Services } from '../server.js';
import { isCasesFile, readStrategyFiles } from '../strategy-file.js';
import type { Terminal } from '../terminal.js';

/** From long ago, so that recorded usage of any age has a price. */
const EFFECTIVE_FROM = new Date('2010-01-01T00:00:00Z');

/** Publishes the strategies of a folder; what is published already, word for word, stays. Answers what is new of them. */
export async function publishExamples(
  { catalog }: Pick<Services, 'catalog'>,
  folder: string,
  terminal: Terminal,
): Promise<readonly Revision[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml') && !isCasesFile(name)).sort();
  const published: Revision[] = [];
  for (const name of names) {
    const source = toProtoSource(await readStrategyFiles(join(folder, name), terminal));
    const draft = { source, appliesTo: AppliesTo.EVERYONE, note: 'demo' };
    const { revision: checked } = await catalog.publishRevision({ ...draft, validateOnly: true });
    const newest = await newestOf({ catalog }, checked?.strategy ?? '');
    if (newest !== undefined && newest.contentHash === checked?.contentHash) continue;
    const effectiveFrom = newest === undefined ? timestampFromDate(EFFECTIVE_FROM) : undefined;
    const { revision } = await catalog.publishRevision({ ...draft, effectiveFrom });
    if (revision !== undefined) published.push(revision);
  }
  const told = published.map(({ strategy, contentHash }) => `${strategy} ${contentHash.slice(0, 8)}`);
  terminal.print(
    published.length === 0
      ? `All ${names.length} strategies are published already.\n`
      : `Published ${published.length} strategies: ${told.join(', ')}.\n`,
  );
  return published;
}

async function newestOf(
  { catalog }: Pick<Services, 'catalog'>,
  strategy: string,
): Promise<Revision | undefined> {
  try {
    return (await catalog.getRevision({ name: `strategies/${strategy}` })).revision;
  } catch (error) {
    if (error instanceof RatebookError && error.reason === 'STRATEGY_NOT_FOUND') return undefined;
    throw error;
  }
}
