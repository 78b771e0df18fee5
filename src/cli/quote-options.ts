import type { Command } from 'commander';
import { RatebookError } from '../errors/error.js';
import { nearest } from '../errors/nearest.js';
import { type Parsed, parsed, refused } from '../errors/parsed.js';
import type { QuoteInput } from '../quote/input.js';
import { MOMENTS, type Moment } from '../strategy/strategy.js';
import { readFacts, readUsed } from './facts-file.js';
import { readText } from './read-file.js';
import { parseAddress } from './server.js';
import type { Terminal } from './terminal.js';
import { optionOf } from './verb.js';

/** What `quote` and `explain` take. */
export type QuoteOptions = {
  readonly facts: string;
  readonly moment?: Moment;
  readonly used?: string;
  readonly json?: true;
  readonly server?: string;
};

export function addQuoteOptions(command: Command): Command {
  return command
    .argument('<file>', 'strategy file; with --server a strategy such as llm-api, or llm-api@3')
    .requiredOption(
      '--facts <file>',
      'facts of one use, a list of uses, or a case; JSON or YAML, - for stdin',
    )
    .option(
      '--moment <moment>',
      `${MOMENTS.join(', ')}; usage unless the facts say so`,
      optionOf(parseMoment),
    )
    .option('--used <json>', 'running totals by price or counter: \'{"input": "900000"}\'')
    .option('--json', 'print one JSON object')
    .option('--server <host:port>', 'ask a running service', optionOf(parseAddress));
}

/** All that is asked: by the facts file, and by the options, which have the last word. */
export async function readQuoteInput(
  file: string,
  options: QuoteOptions,
  terminal: Terminal,
): Promise<QuoteInput> {
  if (file === '-' && options.facts === '-') {
    throw new RatebookError(
      'INVALID_REQUEST',
      'Strategy and facts cannot both come from stdin; name a file for one of them.',
    );
  }
  const used = options.used === undefined ? [] : readUsed(options.used);
  const input = readFacts({ name: options.facts, text: await readText(options.facts, terminal) });
  return { ...input, moment: options.moment ?? input.moment, used: new Map([...input.used, ...used]) };
}

function parseMoment(text: string): Parsed<Moment> {
  const moment = MOMENTS.find((one) => one === text);
  if (moment !== undefined) return parsed(moment);
  const guess = nearest(text, MOMENTS);
  return refused(guess === undefined ? `Moments are ${MOMENTS.join(', ')}` : `Did you mean ${guess}?`);
}
