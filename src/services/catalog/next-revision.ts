import { RatebookError } from '../../errors/error.js';
import type { Session } from '../../platform/mongo/transaction.js';
import { formatInstant, SECOND, type Instant } from '../../time/instant.js';
import { refuseWithinPeriod } from './neighbours.js';
import type { CatalogPorts } from './ports.js';
import type { NewRevision, Revision } from './revision.js';
import { newestNumber, numberEffectiveFrom, type Head, type Store } from './store.js';
import { defaultEffectiveFrom, settledUntil } from './watermark.js';

/** A revision before it has its number and its times. */
export type Draft = Pick<
  Revision,
  'strategy' | 'title' | 'contentHash' | 'format' | 'appliesTo' | 'note' | 'publishedBy' | 'rolledBackTo'
> & {
  /** The number that must be the newest one; undefined for whatever it is. */
  readonly base: number | undefined;
  readonly effectiveFrom: Instant | undefined;
} & Pick<NewRevision, 'terms'>;

/** What the draft becomes if it is published at this head. Throws STALE_BASE, EFFECTIVE_FROM_TAKEN and PERIOD_RUNNING. */
export async function nextRevision(
  { base, effectiveFrom: wanted, terms, ...draft }: Draft,
  head: Head,
  { store, clock }: CatalogPorts,
  session?: Session,
): Promise<Revision> {
  const now = clock.now();
  const newest = await newestNumber(store, draft.strategy, session);
  if (base !== undefined && base !== newest) throw staleBase(draft.strategy, base, newest);
  const effectiveFrom =
    wanted === undefined
      ? await firstFree(store, draft.strategy, defaultEffectiveFrom(head, now), session)
      : await free(store, draft.strategy, wanted, session);
  const backdated = effectiveFrom <= settledUntil(head, now);
  const number = newest + 1;
  await refuseWithinPeriod({ ...draft, number, effectiveFrom, terms }, store, session);
  return { ...draft, number, effectiveFrom, backdated, publishedAt: now, withdrawn: false };
}

async function free(store: Store, strategy: string, wanted: Instant, session?: Session): Promise<Instant> {
  const number = await numberEffectiveFrom(store, strategy, wanted, session);
  if (number === undefined) return wanted;
  throw new RatebookError(
    'EFFECTIVE_FROM_TAKEN',
    `Revision ${number.toString()} of ${strategy} takes effect at ${formatInstant(wanted)} too; choose another instant, or withdraw that revision first.`,
    { metadata: { strategy, number: number.toString() } },
  );
}

/** Two that are published in the same millisecond and name no time follow each other at once. */
async function firstFree(store: Store, strategy: string, from: Instant, session?: Session): Promise<Instant> {
  let instant = from;
  while ((await numberEffectiveFrom(store, strategy, instant, session)) !== undefined)
    instant += SECOND / 1_000n;
  return instant;
}

function staleBase(strategy: string, base: number, newest: number): RatebookError {
  const message =
    newest === 0
      ? `${strategy} has no revision yet, so it cannot be based on revision ${base.toString()}; publish with base 0.`
      : `The newest revision of ${strategy} is ${newest.toString()}, not ${base.toString()}; look at what it changed, then publish with base ${newest.toString()}.`;
  return new RatebookError('STALE_BASE', message, {
    metadata: { strategy, base: base.toString(), newest: newest.toString() },
  });
}
