import { Command } from 'commander';
import { explainQuote } from '../quote/explain.js';
import type { QuoteInput } from '../quote/input.js';
import { nearestOutcomes } from '../quote/nearest/nearest.js';
import { answerNow } from '../strategy/engine/matcher.js';
import { compiledEngine } from '../strategy/engine/compiled.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { explanationText } from './explanation-text.js';
import { type ExplainedView, viewExplained } from './explanation-view.js';
import { failureText } from './failure.js';
import { explainOnline } from './online-quote.js';
import { type QuoteOptions, addQuoteOptions, readQuoteInput } from './quote-options.js';
import { type CheckedStrategy, readDocument, refuseDocument } from './strategy-file.js';
import { type Terminal, printJson } from './terminal.js';
import type { Cli } from './verb.js';

export function explainCommand({ terminal, run }: Cli): Command {
  const command = new Command('explain').description(
    'Say why a use costs so: rules, conditions, arithmetic, and what would change it.',
  );
  return addQuoteOptions(command).action((file: string, options: QuoteOptions) =>
    run(explainUse(file, options, terminal)),
  );
}

async function explainUse(file: string, options: QuoteOptions, terminal: Terminal): Promise<ExitCode> {
  const input = await readQuoteInput(file, options, terminal);
  if (options.server !== undefined)
    return printExplained(await explainOnline(options.server, file, input), options, terminal);
  const document = await readDocument(file, terminal);
  const view = explainOffline(document, input);
  return view === undefined
    ? refuseDocument(document, terminal, options.json === true)
    : printExplained(view, options, terminal);
}

/** Undefined for a document with errors. */
function explainOffline({ document }: CheckedStrategy, input: QuoteInput): ExplainedView | undefined {
  if (document === undefined) return undefined;
  const { strategy, contentHash } = document;
  const engine = compiledEngine(strategy);
  const explained = answerNow(engine.trace, explainQuote(strategy, input));
  const nearest = answerNow(engine.match, nearestOutcomes(strategy, input));
  const origin = { content_hash: contentHash, moment: input.moment };
  return viewExplained(strategy, { ...explained, nearest }, origin);
}

function printExplained(view: ExplainedView, { json }: QuoteOptions, terminal: Terminal): ExitCode {
  if (json) printJson(terminal, view);
  else terminal.print(explanationText(view, terminal));
  if (view.error === undefined) return EXIT.done;
  if (!json) terminal.complain(failureText(view.error, terminal));
  return EXIT.failed;
}
