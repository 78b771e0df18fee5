import { CommanderError } from 'commander';
import { RatebookError } from '../errors/error.js';
import { visible } from '../strategy/source/render-fault.js';
import { type ExitCode, exitCodeOf } from './exit-code.js';
import { type Terminal, paint, printJson } from './terminal.js';

/** An error as `--json` shows it. */
export type FailureView = {
  readonly reason: string;
  readonly message: string;
  readonly violations: readonly { readonly field: string; readonly description: string }[];
};

/** Tells why a verb came to nothing: what was thrown, as a sentence or as JSON, and never its stack. */
export function reportFailure(thrown: unknown, terminal: Terminal, json: boolean): ExitCode {
  const error = explainFailure(thrown);
  if (json) printJson(terminal, { error: viewFailure(error) });
  else terminal.complain(failureText(error, terminal));
  return exitCodeOf(error.reason);
}

export function viewFailure({ reason, message, violations }: RatebookError): FailureView {
  return {
    reason,
    message,
    violations: violations.map(({ field, description }) => ({ field, description })),
  };
}

/** The message; where it can name only the first of several violations, all of them below. */
export function failureText({ reason, message, violations }: FailureView, terminal: Terminal): string {
  const label = paint(terminal, 'red', reason === 'INTERNAL' ? 'internal error' : 'error');
  if (violations.length < 2) return `${label}: ${visible(message)}\n`;
  const all = violations.map(({ field, description }) => `  ${visible(field)}: ${visible(description)}\n`);
  return `${label}: ${reason}, for ${violations.length} reasons:\n${all.join('')}`;
}

function explainFailure(thrown: unknown): RatebookError {
  if (thrown instanceof RatebookError) return thrown;
  if (thrown instanceof CommanderError) return new RatebookError('INVALID_REQUEST', usageMessage(thrown));
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  return new RatebookError('INTERNAL', `This should not have happened: ${said}. Please report it.`, {
    cause: thrown,
  });
}

/** `error: unknown option '--fact'\n(Did you mean --facts?)` as one sentence of ours. */
function usageMessage({ message }: CommanderError): string {
  const [what = '', guess = ''] = message.replace(/^error: /, '').split('\n');
  if (what.includes(' is invalid')) return what;
  const next = guess === '' ? 'see --help.' : guess.replace(/^\(D(.*)\)$/, 'd$1');
  return `${what.replace(/\.$/, '')}; ${next}`;
}
