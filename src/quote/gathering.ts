import type { Violation } from '../errors/error.js';
import type { Decimal } from '../money/decimal.js';
import type { FactValue } from '../strategy/strategy.js';
import type { Instant } from '../time/instant.js';
import type { Facts } from './facts.js';
import type { Reads } from './moves.js';
import type { Totals } from './totals.js';

/** Which use of the input, and the running totals that it starts from. */
export type Use = {
  readonly index: number;
  readonly totals: Totals;
  /** Where to note what is read of them, if anywhere. */
  readonly reads?: Reads;
  /** Of a use that lasts, the instant at which a later piece of it begins: what clocks show and windows count there. */
  readonly from?: Instant;
  /** Built-in facts that are taken to be otherwise, to see what would come of it. */
  readonly supposed?: ReadonlyMap<string, FactValue>;
  /** What of it is paid in units; nothing unless given. */
  readonly cover?: Cover | undefined;
};

/**
 * How much of a quantity that a price is to count is paid in prepaid units: from 0 to the quantity. It is asked once for
 * each line in their order, and what it has said is taken. Covered units are neither counted nor charged.
 */
export type Cover = (price: string, quantity: Decimal) => Decimal;

/** Facts while they are gathered, with everything that is wrong so far. */
export type Gathering = {
  readonly values: Map<string, FactValue>;
  readonly gaps: Map<string, string>;
  readonly violations: Violation[];
  readonly path: Facts['path'];
};
