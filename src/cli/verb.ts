import { InvalidArgumentError } from 'commander';
import type { Parsed } from '../errors/parsed.js';
import type { ExitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';

/** What the command of every verb is built with. */
export type Cli = {
  readonly terminal: Terminal;
  /** Waits for a verb and keeps the code that the process will end with. */
  readonly run: (verb: Promise<ExitCode>) => Promise<void>;
};

/** A parser as commander takes one for the value of an option. */
export function optionOf<T>(parse: (text: string) => Parsed<T>): (text: string) => T {
  return optionAfter((text) => parse(text));
}

/** The same for an option that may be given several times: the parser gets what those before it have come to. */
export function optionAfter<T>(
  parse: (text: string, before: T | undefined) => Parsed<T>,
): (text: string, before?: T) => T {
  return (text, before) => {
    const result = parse(text, before);
    if (result.ok) return result.value;
    throw new InvalidArgumentError(/[.?]$/.test(result.why) ? result.why : `${result.why}.`);
  };
}
