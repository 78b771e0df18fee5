import { plus } from '../../money/arithmetic.js';
import { type Decimal, ZERO, decimal } from '../../money/decimal.js';
import type { Statement } from '../../gen/ratebook/v1/statement_pb.js';
import { subscriptionName } from '../../services/rating/client.js';
import type { Services } from '../server.js';
import { statementTable, viewStatement } from '../statement-view.js';
import type { Terminal } from '../terminal.js';
import type { GoodsValue, Purchases } from './goods-value.js';
import { SHOP } from './import-sales.js';

/** Statements that are asked for at once. */
const AT_ONCE = 16;

/** Shows what two of the customers owe, and answers what the statements of all come to. */
export async function showStatements(
  services: Services,
  { customers }: GoodsValue,
  terminal: Terminal,
): Promise<Decimal> {
  for (const [what, measure] of SHOWN) {
    const [account] = [...customers].toSorted(([, a], [, b]) => (measure(a) > measure(b) ? -1 : 1))[0] ?? [];
    const statement = account === undefined ? undefined : await preview(services, account);
    if (account === undefined || statement === undefined) continue;
    const view = viewStatement(statement, { account, id: SHOP });
    terminal.print(
      `\nThe statement of ${account}, who has ${what} most, would be:\n\n${statementTable(view)}`,
    );
  }
  return totalOf(services, [...customers.keys()]);
}

const SHOWN: readonly (readonly [what: string, measure: (of: Purchases) => bigint])[] = [
  ['bought', ({ bought }) => bought],
  ['cancelled', ({ cancelled }) => cancelled],
];

async function totalOf(services: Services, accounts: readonly string[]): Promise<Decimal> {
  let total = ZERO;
  for (let at = 0; at < accounts.length; at += AT_ONCE) {
    const some = accounts.slice(at, at + AT_ONCE);
    const statements = await Promise.all(some.map((account) => preview(services, account)));
    for (const statement of statements) total = plus(total, decimal(statement?.amount ?? '0'));
  }
  return total;
}

/** What closing a statement now would seal; undefined when that is nothing. */
async function preview({ rating }: Services, account: string): Promise<Statement | undefined> {
  const { statement } = await rating.previewStatement({ parent: subscriptionName({ account, id: SHOP }) });
  return statement;
}
