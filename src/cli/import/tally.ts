import type { UsageOutcome } from '../../gen/ratebook/v1/rate_pb.js';
import { plus } from '../../money/arithmetic.js';
import { type Decimal, ZERO, decimal, formatDecimal } from '../../money/decimal.js';
import { visible } from '../../strategy/source/render-fault.js';
import { count, left, right, table } from '../table.js';

/** What became of the uses of a file so far. */
export type Tally = {
  rated: number;
  duplicate: number;
  unpriced: number;
  rejected: number;
  /** What was rated anew, exactly, by currency. */
  readonly amount: Map<string, Decimal>;
  /** Why the first of the unpriced ones has none. */
  whyUnpriced: string;
};

export function openTally(): Tally {
  return { rated: 0, duplicate: 0, unpriced: 0, rejected: 0, amount: new Map(), whyUnpriced: '' };
}

/** Counts a use that the service has taken in. */
export function countStored(tally: Tally, outcome: Exclude<UsageOutcome['outcome'], Refusal>): void {
  tally[outcome.case]++;
  if (outcome.case === 'unpriced' && tally.whyUnpriced === '')
    tally.whyUnpriced = outcome.value.reason?.message ?? '';
  if (outcome.case !== 'rated') return;
  const { currency, amount } = outcome.value;
  tally.amount.set(currency, plus(tally.amount.get(currency) ?? ZERO, decimal(amount)));
}

type Refusal = { case: 'rejected' | undefined };

/** As `--json` prints it. */
export type TallyView = Omit<Tally, 'amount' | 'whyUnpriced'> & {
  readonly amount: Readonly<Record<string, string>>;
};

export function viewTally({ rated, duplicate, unpriced, rejected, amount }: Tally): TallyView {
  const amounts = [...amount].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...{ rated, duplicate, unpriced, rejected },
    amount: Object.fromEntries(amounts.map(([code, sum]) => [code, formatDecimal(sum)])),
  };
}

const COLUMNS = [left('Outcome'), right('Uses'), right('Amount'), left('')];

/** For people: a row an outcome, with the amounts that are new. */
export function tallyTable({ rated, duplicate, unpriced, rejected, amount }: TallyView): string {
  const [first = ['', ''], ...more] = Object.entries(amount).map(([code, sum]) => [sum, code]);
  return table(COLUMNS, [
    ['rated', String(rated), ...first],
    ...more.map((sum) => ['', '', ...sum]),
    ['duplicate', String(duplicate)],
    ['unpriced', String(unpriced)],
    ['rejected', String(rejected)],
  ]);
}

/** What to look at next, where something was left without a price. */
export function tallyAdvice({ unpriced, whyUnpriced, rejected }: Tally, rejectedFile: string): string {
  const waiting =
    unpriced === 0
      ? ''
      : `${count(unpriced, 'use')} stored without a price, and waiting for one. Of the first: ${visible(whyUnpriced)}\n`;
  const why =
    rejected === 0 ? '' : `${count(rejected, 'row')} rejected; the reasons are in ${rejectedFile}\n`;
  return waiting + why;
}
