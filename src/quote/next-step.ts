import type { Decimal } from '../money/decimal.js';
import type { Evaluation } from './quote.js';

/** How far a line is from where its next unit costs something else. */
export type NextStep = {
  readonly line: string;
  readonly price: string;
  readonly kind: 'free' | 'tier' | 'package' | 'maximum';
  /** Units; money for a `maximum`. 0: the next unit is over it. */
  readonly left: Decimal;
  /** One sentence. */
  readonly what: string;
};

export function nextSteps({ charges }: Evaluation): readonly NextStep[] {
  return charges.flatMap(() => []);
}
