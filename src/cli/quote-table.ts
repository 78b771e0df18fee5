import type { EvaluationView, LineView, QuoteView, TierView } from './quote-view.js';
import { left, right, table } from './table.js';
import { type Terminal, paint } from './terminal.js';

const COLUMNS = [left('Line'), left('Price'), left('Rule'), right('Quantity'), right('Amount')];
const MINUS = '-';

/** A quote for people: each line with the tiers it passed, what was taken off, taxes and the sum. */
export function quoteTable(quote: QuoteView, terminal: Terminal): string {
  const { evaluations = [quote], currency } = quote;
  const rows = evaluations.flatMap((evaluation, i) => [
    ...(evaluations.length > 1 ? [[`use ${i + 1}`, '', '', '', evaluation.amount]] : []),
    ...evaluationRows(evaluation).map((row) => (evaluations.length > 1 ? indented(row) : row)),
  ]);
  const sums = [['', '', '', 'Amount', quote.amount]];
  if (quote.total !== quote.amount) sums.push(['', '', '', 'With taxes', quote.total]);
  const [titles = '', ...body] = table(COLUMNS, [...rows, ...sums]).split('\n');
  const heading = [
    quote.strategy,
    ...(quote.revision === undefined ? [] : [`revision ${quote.revision}`]),
    quote.moment,
    currency,
  ];
  return [
    paint(terminal, 'bold', heading.join(' · ')),
    '',
    paint(terminal, 'dim', titles),
    ...body.slice(0, -1),
    ...(quote.provisional_after === undefined
      ? []
      : [`Provisional: no revision is known after ${quote.provisional_after}.`]),
    '',
  ].join('\n');
}

type Row = readonly string[];

function evaluationRows({ lines, discounts, taxes, grants = [] }: EvaluationView): readonly Row[] {
  return [
    ...lines.flatMap(lineRows),
    ...discounts.map(({ label, rule, amount }) => [
      label === '' ? rule : label,
      '',
      rule,
      '',
      `${MINUS}${amount}`,
    ]),
    ...taxes.map((tax) => [
      `${tax.label} ${tax.percent} %`,
      '',
      tax.rule,
      tax.base,
      tax.included ? `(${tax.amount} included)` : tax.amount,
    ]),
    ...grants.map(({ rule, unit, quantity }) => [`gives ${unit}`, '', rule, quantity, '']),
  ];
}

function lineRows({ line, price, rule, quantity, amount, tiers }: LineView): readonly Row[] {
  // Only a price counts units; a line of a statement, a surcharge or a minimum has none to show.
  const units = price === '' ? '' : quantity;
  const own = [line, price, rule, units, amount ?? 'when the period closes'];
  const inTiers = tiers.length > 1 || tiers.some(({ tier, up_to }) => tier > 1 || up_to !== null);
  return [own, ...(inTiers ? tiers.map(tierRow) : [])];
}

function tierRow({ tier, up_to, quantity, unit_price, per, flat, amount }: TierView): Row {
  const name = up_to === null ? `  tier ${tier}, beyond` : `  tier ${tier}, up to ${up_to}`;
  const units = unit_price === '0' ? '' : `× ${unit_price}${per === '1' ? '' : ` ÷ ${per}`}`;
  const once = flat === '0' ? '' : `${units === '' ? '' : ' '}+ ${flat}`;
  return [name, '', `${units}${once}`, quantity, amount];
}

function indented([line = '', ...rest]: Row): Row {
  return [`  ${line}`, ...rest];
}
