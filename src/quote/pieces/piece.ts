import type { Decimal } from '../../money/decimal.js';
import type { Matches, Rule } from '../../strategy/strategy.js';
import type { Span } from '../../time/instant.js';
import type { Facts } from '../facts.js';

/** A stretch of a use that lasts in which the same rules match on the same facts, and no window ends that they count in. */
export type Piece = {
  readonly span: Span;
  /** Those of the whole use, but for what clock and calendar show where the piece begins, and what follows from it. */
  readonly facts: Facts;
  readonly matches: Matches;
  /** How long it is beside the others: what is shared by time is shared by it. */
  readonly weight: Decimal;
};

/** What some of the pieces of a use share, or a use without pieces as a whole. */
type Pieced = { readonly facts: Facts; readonly pieces?: readonly Piece[] };

/** The facts that a rule goes by which counts once for the whole use: those of the first piece in which it matches. */
export function factsOfRule({ facts, pieces }: Pieced, rule: Rule): Facts {
  return pieces?.find(({ matches }) => matches.includes(rule))?.facts ?? facts;
}

/** Whether a rule matches in a piece; without pieces it does in all of the use. */
export function matchesIn(piece: Piece | undefined, rule: Rule): boolean {
  return piece === undefined || piece.matches.includes(rule);
}
