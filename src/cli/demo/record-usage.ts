import type { TokenUsage } from '../../intake/token-usage.js';
import { plus } from '../../money/arithmetic.js';
import { lessThan } from '../../money/compare.js';
import { type Decimal, ZERO, decimal, formatDecimal, toNumber } from '../../money/decimal.js';
import { subscriptionName } from '../../services/rating/client.js';
import { statementTable, viewStatement } from '../statement-view.js';
import { type Services, callServer } from '../server.js';
import { left, right, table } from '../table.js';
import { type Terminal, paint } from '../terminal.js';
import {
  CUSTOMERS,
  type Customer,
  type Recorded,
  TOP_UP,
  openCustomer,
  recordCalls,
} from './record-calls.js';

/**
 * Records the same calls for two customers, one billed afterwards and one prepaid, and shows what each owes; then sends
 * all of it again, which must change nothing. Answers whether it all adds up to the total of the quotes.
 */
export async function recordUsage(
  address: string,
  { usages, total }: { readonly usages: readonly TokenUsage[]; readonly total: Decimal },
  terminal: Terminal,
): Promise<boolean> {
  const heading = paint(terminal, 'bold', 'Recorded');
  return callServer(address, async (services) => {
    for (const customer of CUSTOMERS) await openCustomer(services, customer);
    const started = performance.now();
    const all = await Promise.all(CUSTOMERS.map((customer) => recordCalls(services, customer, usages)));
    const seconds = (performance.now() - started) / 1000;
    const rated = sumOf(all, ({ rated: own }) => own);
    const pace = Math.round(rated / seconds).toLocaleString('en');
    terminal.print(
      `\n${heading}: ${rated.toLocaleString('en')} calls as usage of ${CUSTOMERS.length} accounts, ${pace} a second, each rated once and stored.\n`,
    );
    for (const recorded of all) await showCustomer(services, recorded, terminal);
    const again = await Promise.all(CUSTOMERS.map((customer) => recordCalls(services, customer, usages)));
    const duplicates = sumOf(again, ({ duplicate }) => duplicate).toLocaleString('en');
    const fresh = sumOf(again, (one) => one.rated + one.topUps);
    terminal.print(
      `\nAll of it sent once more: ${duplicates} duplicates, ${fresh === 0 ? 'and nothing has changed' : `but ${fresh} changes`}.\n`,
    );
    return fresh === 0 && addsUp(all, total, terminal);
  });
}

/** A run that finds some of it recorded already has rated less than all. */
function addsUp(all: readonly Recorded[], total: Decimal, terminal: Terminal): boolean {
  if (all.some(({ duplicate }) => duplicate > 0)) return true;
  const amount = all.reduce((sum, one) => plus(sum, one.amount), ZERO);
  const same = formatDecimal(amount) === formatDecimal(total);
  const verdict = same
    ? paint(terminal, 'green', 'as the quotes do')
    : paint(terminal, 'red', 'NOT as the quotes do');
  terminal.print(`The ratings add up to ${formatDecimal(amount)} USD, ${verdict}.\n`);
  return same;
}

function sumOf(all: readonly Recorded[], of: (recorded: Recorded) => number): number {
  return all.reduce((sum, recorded) => sum + of(recorded), 0);
}

async function showCustomer(services: Services, recorded: Recorded, terminal: Terminal): Promise<void> {
  const { customer, burnDown, topUps, rated } = recorded;
  terminal.print(`\n${await statementText(services, customer)}`);
  // Where all was recorded before, the wallet stood still.
  if (burnDown.length > 0 && rated > 0)
    terminal.print(
      `\nIts wallet, topped up ${topUps} times with ${TOP_UP} USD:\n\n${burnDownTable(burnDown)}`,
    );
}

/** What closing a statement now would seal. */
async function statementText({ rating }: Services, { account, prepaid }: Customer): Promise<string> {
  const of = { account, id: 'main' };
  const { statement } = await rating.previewStatement({ parent: subscriptionName(of) });
  if (statement === undefined) return '';
  const how = prepaid ? 'prepaid' : 'billed afterwards';
  return `The statement of ${account}, ${how}, would be:\n\n${statementTable(viewStatement(statement, of))}`;
}

const WIDEST_BAR = 30;

function burnDownTable(burnDown: Recorded['burnDown']): string {
  const balances = burnDown.map(({ balance }) => decimal(balance));
  const most = toNumber(balances.reduce((a, b) => (lessThan(a, b) ? b : a), ZERO)) || 1;
  return table(
    [left('after calls up to (UTC)'), right('USD'), left('')],
    burnDown.map(({ at, balance }, i) => [
      at.slice(0, 19).replace('T', ' '),
      Number(balance).toFixed(4),
      '█'.repeat(Math.round((toNumber(balances[i] ?? ZERO) / most) * WIDEST_BAR)),
    ]),
  );
}
