import { Command } from 'commander';
import { quote } from '../quote/quote.js';
import type { QuoteInput } from '../quote/input.js';
import { answerNow } from '../strategy/engine/matcher.js';
import { compiledEngine } from '../strategy/engine/compiled.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { quoteOnline } from './online-quote.js';
import { type QuoteOptions, addQuoteOptions, readQuoteInput } from './quote-options.js';
import { quoteTable } from './quote-table.js';
import { type QuoteView, viewQuote } from './quote-view.js';
import { type CheckedStrategy, readDocument, refuseDocument } from './strategy-file.js';
import { type Terminal, printJson } from './terminal.js';
import type { Cli } from './verb.js';

export function quoteCommand({ terminal, run }: Cli): Command {
  const command = new Command('quote').description(
    'Say what a use costs: each line, tier, discount and tax.',
  );
  return addQuoteOptions(command).action((file: string, options: QuoteOptions) =>
    run(priceUse(file, options, terminal)),
  );
}

async function priceUse(file: string, options: QuoteOptions, terminal: Terminal): Promise<ExitCode> {
  const input = await readQuoteInput(file, options, terminal);
  if (options.server !== undefined)
    return printQuote(await quoteOnline(options.server, file, input), options, terminal);
  const document = await readDocument(file, terminal);
  const view = quoteOffline(document, input);
  return view === undefined
    ? refuseDocument(document, terminal, options.json === true)
    : printQuote(view, options, terminal);
}

/** Undefined for a document with errors. */
function quoteOffline({ document }: CheckedStrategy, input: QuoteInput): QuoteView | undefined {
  if (document === undefined) return undefined;
  const priced = answerNow(compiledEngine(document.strategy).match, quote(document.strategy, input));
  return viewQuote(priced, { content_hash: document.contentHash, moment: input.moment });
}

function printQuote(view: QuoteView, { json }: QuoteOptions, terminal: Terminal): ExitCode {
  if (json) printJson(terminal, view);
  else terminal.print(quoteTable(view, terminal));
  return EXIT.done;
}
