import { Command } from 'commander';
import type { CaseResult } from '../analysis/case.js';
import { runCase } from '../analysis/run-case.js';
import { renderFaults, visible } from '../strategy/source/render-fault.js';
import { answerNow } from '../strategy/engine/matcher.js';
import { compiledEngine } from '../strategy/engine/compiled.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { findStrategies } from './find-strategies.js';
import { type CheckedStrategy, readDocument, viewFault } from './strategy-file.js';
import { count } from './table.js';
import { type Terminal, paint, printJson } from './terminal.js';
import type { Cli } from './verb.js';

type TestOptions = { readonly json?: true };

export function testCommand({ terminal, run }: Cli): Command {
  return new Command('test')
    .description('Run the cases of strategy files.')
    .argument('<file|folder...>', 'strategy files, or folders that are searched for them')
    .option('--json', 'print {"passed", "failed", "cases"} as JSON')
    .action((paths: string[], options: TestOptions) => run(testFiles(paths, options, terminal)));
}

type TestedFile = {
  readonly file: string;
  readonly checked: CheckedStrategy;
  readonly results: readonly LocatedResult[];
};
type LocatedResult = CaseResult & { readonly file: string };

async function testFiles(
  paths: readonly string[],
  { json }: TestOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const tested: TestedFile[] = [];
  for (const file of await findStrategies(paths, terminal)) {
    const checked = await readDocument(file, terminal);
    tested.push({ file, checked, results: runCases(checked) });
  }
  const results = tested.flatMap((one) => one.results);
  const failed = results.filter(({ passed }) => !passed).length;
  const faults = tested.flatMap(({ checked }) => (checked.document === undefined ? checked.faults : []));
  if (json) {
    const cases = results.map(({ file, name, passed, expected, actual }) => ({
      file,
      name,
      passed,
      expected,
      actual,
    }));
    printJson(terminal, {
      passed: results.length - failed,
      failed,
      cases,
      ...(faults.length > 0 && { faults: faults.map(viewFault) }),
    });
  } else {
    for (const one of tested) tellFile(one, terminal);
    terminal.print(summary(results.length - failed, failed, tested, terminal));
  }
  if (faults.length > 0) return EXIT.invalidDocument;
  return failed > 0 ? EXIT.failed : EXIT.done;
}

function runCases({ document, cases }: CheckedStrategy): readonly LocatedResult[] {
  if (document === undefined) return [];
  const { match } = compiledEngine(document.strategy);
  return cases.map(({ file, case: one }) => ({ file, ...answerNow(match, runCase(document.strategy, one)) }));
}

function tellFile({ file, checked, results }: TestedFile, terminal: Terminal): void {
  if (checked.document === undefined)
    terminal.complain(renderFaults(checked.faults, checked.texts, terminal.color));
  else if (results.length === 0) terminal.print(`${file}: it has no cases; write some under \`cases:\`.\n`);
  for (const result of results.filter(({ passed }) => !passed)) terminal.print(failedCase(result, terminal));
}

/** One line, then what differs: `lines.input.amount: expected 2, got 3`. */
function failedCase({ file, name, expected, actual }: LocatedResult, terminal: Terminal): string {
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
  const differences = keys
    .filter((key) => expected[key] !== actual[key])
    .map((key) => `    ${key}: expected ${expected[key] ?? 'nothing'}, got ${actual[key] ?? 'nothing'}`);
  return `${paint(terminal, 'red', '✗')} ${[`${file}: ${name}`, ...differences].map(visible).join('\n')}\n`;
}

function summary(passed: number, failed: number, tested: readonly TestedFile[], terminal: Terminal): string {
  const invalid = tested.filter(({ checked }) => checked.document === undefined).length;
  const parts = [
    `${passed} passed`,
    `${failed} failed`,
    ...(invalid > 0 ? [`${count(invalid, 'file')} invalid`] : []),
  ];
  return `${paint(terminal, failed + invalid > 0 ? 'red' : 'green', parts.join(', '))} in ${count(tested.length, 'file')}.\n`;
}
