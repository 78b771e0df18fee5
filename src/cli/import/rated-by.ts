import { RatebookError } from '../../errors/error.js';
import { BUILT_IN_GIVEN } from '../../quote/built-in.js';
import type { Strategy } from '../../strategy/strategy.js';
import { callServer } from '../server.js';
import { readSide } from '../simulate/read-side.js';
import type { Terminal } from '../terminal.js';

type Named = { readonly strategy?: string; readonly server: string };

/** Throws INVALID_REQUEST where no strategy is named and not just one is published. */
export async function readStrategy(
  { strategy: named, server }: Named,
  terminal: Terminal,
): Promise<Strategy> {
  const id = named ?? (await onlyStrategy(server));
  const { document } = await readSide(id, server, terminal);
  if (document !== undefined) return document.strategy;
  throw new RatebookError(
    'INTERNAL',
    `The newest revision of ${id} cannot be read here; is the service newer?`,
  );
}

async function onlyStrategy(server: string): Promise<string> {
  const { revisions } = await callServer(server, ({ catalog }) => catalog.listStrategies({ pageSize: 10 }));
  const [first, ...others] = revisions.map(({ strategy }) => strategy);
  if (first !== undefined && others.length === 0) return first;
  const next =
    first === undefined
      ? `nothing is published yet; try ratebook publish FILE --server ${server}`
      : `name it with --strategy, such as ${[first, ...others].join(' or ')}`;
  throw new RatebookError('INVALID_REQUEST', `There is no telling which strategy rates the usage: ${next}.`);
}

/** Facts that the service does not know itself, of the account and the subscription as of each use. */
export function sendableFacts({ facts }: Strategy): ReadonlyMap<string, { readonly isList: boolean }> {
  const sendable = [...facts.values()].filter(
    ({ name }) => !BUILT_IN_GIVEN.has(name) && !/^(account|subscription)\./.test(name),
  );
  return new Map(sendable.map(({ name, type }) => [name, { isList: type === 'list' }]));
}

/** What accounts are opened in. */
export function currencyOf({ currency }: Strategy): string {
  return currency.kind === 'fixed' ? currency.code : 'USD';
}
