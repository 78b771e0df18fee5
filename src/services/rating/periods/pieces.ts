import type { Cycle } from '../../../strategy/prepared.js';
import type { Instant, Span } from '../../../time/instant.js';
import { overlap } from '../../../time/periods.js';
import { type Life, NEVER } from './life.js';

/** A part of a period that is charged by one set of facts, at one instant. */
export type Piece = {
  readonly service: Span;
  /** All pieces of the period together. */
  readonly served: Span;
  /** Of the facts. */
  readonly at: Instant;
  readonly dueAt: Instant;
  /** The window that it is billed with. */
  readonly window: string;
  /** Ids of the prices that are charged. */
  readonly prices: readonly string[];
};

/** A period of a cycle, as far as it is to be charged by now. */
export type ToCut = {
  readonly cycle: Cycle;
  readonly period: Span;
  readonly life: Life;
  /** When what is charged changes, in order. */
  readonly cuts: readonly Instant[];
  /** What lies later is charged when it comes; an end that is known counts at once. */
  readonly upTo: Instant;
};

/**
 * The pieces of a period that recurring prices are charged for. A price that is not prorated is charged once: in advance
 * with the first piece, by the facts that the period begins with; in arrears with the last, by those that it ends with.
 */
export function piecesOf({ cycle, period, life, cuts, upTo }: ToCut): readonly Piece[] {
  const { kind, bill, prorated, whole } = cycle;
  const inAdvance = bill === 'advance';
  const served = overlap(period, chargedLife(life, period, inAdvance));
  if (served === undefined || (inAdvance ? served.start : period.end) > upTo) return [];
  const counted = cuts.filter((at) => served.start < at && at < served.end && at < life.end && at <= upTo);
  const changes = prorated.length === 0 ? [] : counted;
  const starts = [served.start, ...changes];
  const ends = [...changes, served.end];
  return starts
    .map((start, i): Piece => {
      const isOnce = inAdvance ? i === 0 : i === starts.length - 1;
      const dueAt = inAdvance ? start : period.end;
      return {
        service: { start, end: ends[i] ?? served.end },
        served,
        at: isOnce && !inAdvance ? (counted.at(-1) ?? start) : start,
        dueAt,
        // What is due before the period ends is on another statement than what is used in it.
        window: inAdvance ? `${windowName(kind, period)} due ${dueAt}` : windowName(kind, period),
        prices: isOnce ? [...prorated, ...whole] : prorated,
      };
    })
    .filter(({ prices }) => prices.length > 0);
}

/** What was charged in advance before an end may stay charged up to the end of its period. */
function chargedLife({ chargedFrom, end, keepsCharged }: Life, period: Span, inAdvance: boolean): Span {
  const keeps = inAdvance && keepsCharged && period.start < end && chargedFrom < end;
  return { start: chargedFrom, end: keeps ? NEVER : end };
}

/** What is measured is charged once a period is over, trial or not: whether it costs was decided as it was recorded. */
export function measuredPiece(toCut: ToCut): Piece | undefined {
  return closingPiece(toCut, toCut.cycle.measured);
}

/** The same goes for what is topped up to a minimum. */
export function minimumsPiece(toCut: ToCut): Piece | undefined {
  return closingPiece(toCut, toCut.cycle.minimums);
}

function closingPiece({ cycle, period, life, upTo }: ToCut, prices: readonly string[]): Piece | undefined {
  const service = overlap(period, life);
  if (service === undefined || period.end > upTo || prices.length === 0) return undefined;
  return {
    service,
    served: service,
    at: service.end - 1n,
    dueAt: period.end,
    window: windowName(cycle.kind, period),
    prices,
  };
}

/**
 * What a period gives comes whole when what is charged of it begins, however little of it that is; a trial is charged
 * nothing and gives nothing.
 */
export function grantingPiece({ cycle, period, life, upTo }: ToCut): Piece | undefined {
  const service = overlap(period, { start: life.chargedFrom, end: life.end });
  if (service === undefined || service.start > upTo || !cycle.grants) return undefined;
  const { start } = service;
  const window = windowName(cycle.kind, period);
  return { service, served: service, at: start, dueAt: start, window, prices: [] };
}

function windowName(kind: Cycle['kind'], { start }: Span): string {
  return `${kind} ${start}`;
}
