import { plus } from '../../money/arithmetic.js';
import { ZERO, formatDecimal } from '../../money/decimal.js';
import { callServer } from '../server.js';
import { left, right, table } from '../table.js';
import { type Terminal, paint } from '../terminal.js';
import { type GoodsValue, addValues, knownValue } from './goods-value.js';
import { type Day, type ToImport, importSales } from './import-sales.js';
import { PENCE, scaledText } from './scaled-text.js';
import { showStatements } from './show-statements.js';

/**
 * Imports invoice lines, an account for each customer, and shows what some of them owe; then imports all of it again,
 * which must change nothing. `origin` is where they come from, in one sentence. Answers whether all of it adds up to the
 * sum in pennies.
 */
export async function recordSales(
  { origin, ...toImport }: ToImport & { readonly origin: string },
  terminal: Terminal,
): Promise<boolean> {
  const started = performance.now();
  const days = await importSales(toImport, terminal);
  const seconds = Math.ceil((performance.now() - started) / 1000);
  const value = addValues(days.map((day) => day.value));
  const heading = paint(terminal, 'bold', 'Invoices');
  terminal.print(
    `\n${heading}: ${grouped(value.lines)} lines of ${grouped(value.customers.size)} customers, ${origin}\n\n${daysTable(days)}\n`,
  );
  terminal.print(
    `Imported in ${seconds} s, an account opened for each customer; rejected: ${rejectedText(days)}.\n` +
      `${repeatedText(value)}\n`,
  );
  const rightDays = daysAddUp(days, value, terminal);
  const owed = await callServer(toImport.address, (services) => showStatements(services, value, terminal));
  const rightStatements = formatDecimal(owed) === scaledText(knownValue(value), PENCE);
  const told = verdict(rightStatements, ['as the pennies do', 'NOT as the pennies do'], terminal);
  terminal.print(
    `\nThe statements of all ${grouped(value.customers.size)} customers add up to ${formatDecimal(owed)} GBP, ${told}.\n`,
  );
  return (await changesNothing(toImport, terminal)) && rightDays && rightStatements;
}

function daysTable(days: readonly Day[]): string {
  const amount = days.reduce((sum, day) => plus(sum, day.amount), ZERO);
  const counts = (some: readonly Day[]) =>
    [
      sumOf(some, ({ value }) => value.lines),
      sumOf(some, ({ rated }) => rated),
      sumOf(some, ({ duplicate }) => duplicate),
      sumOf(some, rejectedOn),
    ].map(grouped);
  return table(
    [left('day'), ...['lines', 'rated', 'duplicate', 'rejected', 'GBP'].map(right)],
    [
      ...days.map((day) => [day.day, ...counts([day]), formatDecimal(day.amount)]),
      ['all', ...counts(days), formatDecimal(amount)],
    ],
  );
}

function rejectedText(days: readonly Day[]): string {
  const reasons = new Map<string, number>();
  for (const [why, lines] of days.flatMap(({ rejected }) => [...rejected]))
    reasons.set(why, (reasons.get(why) ?? 0) + lines);
  const told = [...reasons].map(([why, lines]) => `${grouped(lines)} since ${why}`);
  return told.length === 0 ? 'none' : told.join(', ');
}

function repeatedText({ repeated }: GoodsValue): string {
  const lines = repeated === 1 ? '1 line is' : `${grouped(repeated)} lines are`;
  return `${lines} the same as another to the letter, sold as well, and so a use as well.`;
}

/** A run that finds some of it recorded already has rated less than all. */
function daysAddUp(days: readonly Day[], value: GoodsValue, terminal: Terminal): boolean {
  if (days.some(({ duplicate }) => duplicate > 0)) return true;
  const wrong = days.filter(
    ({ amount, value: own }) => formatDecimal(amount) !== scaledText(knownValue(own), PENCE),
  );
  const told = verdict(
    wrong.length === 0,
    ['the same on every day', `NOT the same on ${wrong.map(({ day }) => day).join(', ')}`],
    terminal,
  );
  const [known, all] = [knownValue(value), value.total].map((pennies) => scaledText(pennies, PENCE));
  terminal.print(
    `Quantities times prices in whole pennies: ${known} GBP, ${told}; ${all} with the lines that name no customer.\n`,
  );
  return wrong.length === 0;
}

async function changesNothing(toImport: ToImport, terminal: Terminal): Promise<boolean> {
  const again = await importSales(toImport, terminal);
  const rated = sumOf(again, (day) => day.rated);
  const duplicates = grouped(sumOf(again, ({ duplicate }) => duplicate));
  terminal.print(
    `All of it imported once more: ${duplicates} duplicates, ${rated === 0 ? 'and nothing has changed' : `but ${rated} changes`}.\n`,
  );
  return rated === 0;
}

function verdict(isRight: boolean, [good, bad]: readonly [string, string], terminal: Terminal): string {
  return isRight ? paint(terminal, 'green', good) : paint(terminal, 'red', bad);
}

function rejectedOn({ rejected }: Day): number {
  return [...rejected.values()].reduce((sum, lines) => sum + lines, 0);
}

function sumOf(days: readonly Day[], of: (day: Day) => number): number {
  return days.reduce((sum, day) => sum + of(day), 0);
}

function grouped(number: number): string {
  return number.toLocaleString('en');
}
