import type { Rating } from '../gen/ratebook/v1/rate_pb.js';
import { instantText } from './revision-view.js';
import { left, right, table } from './table.js';

/** A rating as `--json` prints it, without the facts. Amounts are exact decimals in `currency`. */
export type RatingView = {
  readonly account: string;
  readonly subscription: string;
  readonly usage_id: string;
  /** 1 for the use itself. */
  readonly number: number;
  /** The number of the rating that this one takes back. */
  readonly reverses: number | null;
  readonly occurred_at: string | null;
  readonly recorded_at: string | null;
  readonly revision: string;
  readonly content_hash: string;
  readonly currency: string;
  readonly amount: string;
  readonly lines: readonly LineView[];
  readonly discounts: readonly { readonly rule: string; readonly label: string; readonly amount: string }[];
};

/** A null amount: of a measured line, which has one when its period closes. */
type LineView = {
  readonly line: string;
  readonly rule: string;
  readonly quantity: string;
  readonly amount: string | null;
  readonly net: string | null;
};

export function viewRating(rating: Rating): RatingView {
  const { usageId, reverses, currency, amount, lines, discounts } = rating;
  return {
    account: lastOf(rating.account),
    subscription: lastOf(rating.subscription),
    usage_id: usageId,
    number: Number(rating.number),
    reverses: reverses === 0n ? null : Number(reverses),
    occurred_at: instantText(rating.occurredAt),
    recorded_at: instantText(rating.recordedAt),
    revision: rating.revision.replace(/^strategies\/(.*)\/revisions\/(.*)$/, '$1@$2'),
    content_hash: rating.contentHash,
    ...{ currency, amount },
    lines: lines.map(({ line, rule, quantity, amount: gross, net }) => ({
      ...{ line, rule, quantity },
      amount: gross === '' ? null : gross,
      net: net === '' ? null : net,
    })),
    discounts: discounts.map(({ rule, label, amount: off }) => ({ rule, label, amount: off })),
  };
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

const COLUMNS = [left('Usage'), left('Occurred at'), left('Lines'), right('Amount'), left('')];

/** For people, in the order given; lines with what discounts have left of them. */
export function ratingTable(ratings: readonly RatingView[]): string {
  return table(
    COLUMNS,
    ratings.map(({ usage_id, reverses, occurred_at, lines, amount, currency }) => [
      reverses === null ? usage_id : `${usage_id} taken back`,
      occurred_at ?? '',
      lines.map(({ line, net }) => `${line} ${net ?? 'measured'}`).join(', '),
      ...[amount, currency],
    ]),
  );
}
