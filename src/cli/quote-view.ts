import { type Decimal, formatDecimal } from '../money/decimal.js';
import type { PricedGrant } from '../quote/grants.js';
import type { Line } from '../quote/line.js';
import type { Evaluation, Quote } from '../quote/quote.js';

/** A quote as `--json` prints it and as the tables show it, from this process or a service. Numbers are exact texts. */
export type QuoteView = {
  readonly strategy: string;
  /** Not known of a file. */
  readonly revision?: number;
  readonly content_hash: string;
  readonly moment: string;
  readonly currency: string;
  readonly amount: string;
  readonly total: string;
  /** Of several uses: the amount of each, and below each of them for itself. */
  readonly amounts?: readonly string[];
  /** Of all uses, in order. */
  readonly lines: readonly LineView[];
  readonly discounts: readonly DiscountView[];
  readonly taxes: readonly TaxView[];
  readonly grants?: readonly GrantView[];
  readonly evaluations?: readonly EvaluationView[];
  /** Set when another revision than the one that priced it may turn out to be right. */
  readonly provisional_after?: string;
};

export type EvaluationView = {
  readonly amount: string;
  readonly total: string;
  readonly lines: readonly LineView[];
  readonly discounts: readonly DiscountView[];
  readonly taxes: readonly TaxView[];
  /** Where a purchase or a period gives anything. */
  readonly grants?: readonly GrantView[];
};

export type LineView = {
  readonly line: string;
  readonly kind: string;
  readonly price: string;
  readonly rule: string;
  readonly quantity: string;
  readonly used_before: string;
  /** Before discounts; null on a measured line, which has an amount when its period closes. */
  readonly amount: string | null;
  readonly net: string | null;
  readonly tiers: readonly TierView[];
};
export type TierView = {
  /** From 1. */
  readonly tier: number;
  /** Null on the last tier. */
  readonly up_to: string | null;
  readonly quantity: string;
  readonly unit_price: string;
  readonly per: string;
  readonly flat: string;
  readonly amount: string;
};
export type DiscountView = {
  readonly rule: string;
  readonly label: string;
  readonly kind: string;
  readonly amount: string;
};
export type TaxView = {
  readonly rule: string;
  readonly label: string;
  readonly percent: string;
  readonly base: string;
  readonly amount: string;
  readonly included: boolean;
};

export type GrantView = {
  readonly rule: string;
  /** What its units are of; the currency where it is money. */
  readonly unit: string;
  readonly quantity: string;
  /** None: it pays for all. */
  readonly prices: readonly string[];
  /** ISO 8601 duration; null: not said. */
  readonly expires: string | null;
  readonly roll_over: boolean;
};

/** What a quote does not say of itself. */
export type Origin = Pick<QuoteView, 'content_hash' | 'moment' | 'revision' | 'provisional_after'>;

export function viewQuote(quote: Quote, origin: Origin): QuoteView {
  const { strategy, currency } = quote;
  const sums = { currency, amount: formatDecimal(quote.amount), total: formatDecimal(quote.total) };
  return quoteView(
    { strategy, ...origin, ...sums },
    quote.evaluations.map((one) => viewEvaluation(one, currency)),
  );
}

type Head = Omit<QuoteView, 'amounts' | 'lines' | 'discounts' | 'taxes' | 'grants' | 'evaluations'>;

export function quoteView(head: Head, evaluations: readonly EvaluationView[]): QuoteView {
  const grants = evaluations.flatMap((one) => one.grants ?? []);
  return {
    ...head,
    ...(evaluations.length > 1 && { amounts: evaluations.map(({ amount }) => amount) }),
    lines: evaluations.flatMap(({ lines }) => lines),
    discounts: evaluations.flatMap(({ discounts }) => discounts),
    taxes: evaluations.flatMap(({ taxes }) => taxes),
    ...(grants.length > 0 && { grants }),
    ...(evaluations.length > 1 && { evaluations }),
  };
}

function viewEvaluation(
  { amount, total, lines, discounts, taxes, grants }: Evaluation,
  currency: string,
): EvaluationView {
  return {
    amount: formatDecimal(amount),
    total: formatDecimal(total),
    lines: lines.map(viewLine),
    discounts: discounts.map((discount) => ({
      rule: discount.rule,
      label: discount.label,
      kind: discount.kind,
      amount: formatDecimal(discount.amount),
    })),
    taxes: taxes.map(({ rules, label, percent, base, amount: tax, included }) => ({
      rule: rules.join(', '),
      label,
      percent: formatDecimal(percent),
      base: formatDecimal(base),
      amount: formatDecimal(tax),
      included,
    })),
    ...(grants && { grants: grants.map((grant) => viewGrant(grant, currency)) }),
  };
}

function viewGrant(
  { rule, unit, quantity, prices, expires, rollOver }: PricedGrant,
  currency: string,
): GrantView {
  const rest = { prices, expires: expires ?? null, roll_over: rollOver };
  return { rule, unit: unit ?? currency, quantity: formatDecimal(quantity), ...rest };
}

function viewLine({ line, kind, price, rule, quantity, usedBefore, amount, net, shares }: Line): LineView {
  const whenPriced = (value: Decimal) => (kind === 'measured' ? null : formatDecimal(value));
  return {
    ...{ line, kind, price, rule },
    quantity: formatDecimal(quantity),
    used_before: formatDecimal(usedBefore),
    amount: whenPriced(amount),
    net: whenPriced(net),
    tiers: shares.map(({ tier, upTo, ...share }) => ({
      tier: tier + 1,
      up_to: upTo === undefined ? null : formatDecimal(upTo),
      quantity: formatDecimal(share.quantity),
      unit_price: formatDecimal(share.unitPrice),
      per: formatDecimal(share.per),
      flat: formatDecimal(share.flat),
      amount: formatDecimal(share.amount),
    })),
  };
}
