import { minus, negate, sum } from '../money/arithmetic.js';
import { equals } from '../money/compare.js';
import { type Decimal, ZERO, formatDecimal } from '../money/decimal.js';
import { explainRating } from '../pricing/steps.js';
import { formatInstant } from '../time/instant.js';
import type { Charge } from './charge.js';
import type { Evaluation } from './quote.js';

/** `expression` with its numbers gives `value`; `line` is empty where it is about the whole. */
export type Step = {
  readonly line: string;
  readonly label: string;
  readonly expression: string;
  readonly value: Decimal;
};

/** The arithmetic of an evaluation, from the units to the total. */
export function stepsOf(evaluation: Evaluation): readonly Step[] {
  return [...evaluation.charges.flatMap(chargeSteps), ...adjustmentSteps(evaluation)];
}

function chargeSteps(charge: Charge): readonly Step[] {
  const { piece, line } = charge;
  if (piece === undefined) return ratingSteps(charge);
  const span = `${formatInstant(piece.span.start)} to ${formatInstant(piece.span.end)}`;
  const begin = { line: line.line, label: `${span}, ${line.rule}`, expression: '', value: line.quantity };
  return [begin, ...ratingSteps(charge)];
}

function ratingSteps({ line, rating }: Charge): readonly Step[] {
  if (rating === undefined)
    return [
      {
        line: line.line,
        label: 'Measured; priced when its period closes',
        expression: '',
        value: line.quantity,
      },
    ];
  const { price, before, quantity, bounds, share } = rating;
  const steps = explainRating(price, before, quantity, bounds).map((step) => ({ line: line.line, ...step }));
  if (equals(share.numerator, share.denominator)) return steps;
  const full = formatDecimal(steps.at(-1)?.value ?? line.amount);
  const expression = `${full} × ${formatDecimal(share.numerator)} ÷ ${formatDecimal(share.denominator)}`;
  return [...steps, { line: line.line, label: 'For the part of the period', expression, value: line.amount }];
}

function adjustmentSteps({ lines, discounts, taxes, amount, total }: Evaluation): readonly Step[] {
  const billed = lines
    .filter(({ kind }) => kind === 'billed')
    .map((line) => ({ line: line.line, label: 'On the statement', expression: '', value: line.amount }));
  const taken = discounts.flatMap(({ label, lines: losses }) =>
    [...losses].map(([line, loss]) => ({
      line,
      label: `Less ${label}`,
      expression: '',
      value: negate(loss),
    })),
  );
  const added = lines
    .filter(({ kind }) => kind === 'surcharge' || kind === 'minimum')
    .map((line) => ({ line: line.line, label: `Added by ${line.rule}`, expression: '', value: line.amount }));
  const taxed = taxes.map(({ label, percent, base, amount: tax, included }) => ({
    line: '',
    label,
    expression: included
      ? `${formatDecimal(percent)} % contained in ${formatDecimal(base)}`
      : `${formatDecimal(base)} × ${formatDecimal(percent)} %`,
    value: tax,
  }));
  const nets = lines.filter(({ kind }) => kind !== 'measured').map(({ net }) => formatDecimal(net));
  const amountStep = { line: '', label: 'Amount', expression: nets.join(' + '), value: amount };
  const totalSteps = equals(total, amount)
    ? []
    : [{ line: '', label: 'Total with taxes', expression: '', value: total }];
  return [
    ...billed,
    ...taken,
    ...added,
    ...roundingSteps({ lines, discounts }),
    amountStep,
    ...taxed,
    ...totalSteps,
  ];
}

/** On a bill a line is rounded once; before it nothing is. Lines of one name are seen together, as discounts see them. */
function roundingSteps({ lines, discounts }: Pick<Evaluation, 'lines' | 'discounts'>): readonly Step[] {
  return [...new Set(lines.map(({ line }) => line))].flatMap((line) => {
    const own = lines.filter((one) => one.line === line);
    const losses = sum(discounts.map((discount) => discount.lines.get(line) ?? ZERO));
    const exact = minus(sum(own.map(({ amount }) => amount)), losses);
    const net = sum(own.map((one) => one.net));
    return equals(exact, net)
      ? []
      : [{ line, label: `Rounded to ${formatDecimal(net)}`, expression: '', value: minus(net, exact) }];
  });
}
