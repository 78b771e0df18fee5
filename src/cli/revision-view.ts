import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { Revision } from '../gen/ratebook/v1/strategy_pb.js';
import { fromTimestamp } from '../platform/grpc/timestamp.js';
import { fromProtoAppliesTo } from '../services/catalog/client.js';
import type { AppliesTo } from '../strategy/choose-revision.js';
import { formatInstant } from '../time/instant.js';
import { left, right, table } from './table.js';

/** A published revision as `--json` prints it. Instants are RFC 3339 in UTC; null: not known, or it did not happen. */
export type RevisionView = {
  readonly name: string;
  readonly strategy: string;
  readonly number: number;
  readonly title: string;
  readonly content_hash: string;
  readonly effective_from: string | null;
  readonly backdated: boolean;
  readonly applies_to: AppliesTo | 'unknown';
  readonly published_at: string | null;
  readonly published_by: string;
  readonly note: string;
  readonly withdrawn_at: string | null;
  /** The revision whose document this is again. */
  readonly rolled_back_to: number | null;
};

export function viewRevision(revision: Revision): RevisionView {
  const appliesTo = fromProtoAppliesTo(revision.appliesTo);
  const { name, strategy, title, backdated, note } = revision;
  return {
    ...{ name, strategy, title, backdated, note },
    number: Number(revision.number),
    content_hash: revision.contentHash,
    effective_from: instantText(revision.effectiveFrom),
    applies_to: appliesTo.ok ? appliesTo.value : 'unknown',
    published_at: instantText(revision.publishedAt),
    published_by: revision.publishedBy,
    withdrawn_at: instantText(revision.withdrawnAt),
    rolled_back_to: revision.rolledBackTo === 0n ? null : Number(revision.rolledBackTo),
  };
}

/** RFC 3339 in UTC; null where there is none. */
export function instantText(timestamp: Timestamp | undefined): string | null {
  return timestamp === undefined ? null : formatInstant(fromTimestamp(timestamp));
}

const COLUMNS = [
  ...[
    left('Strategy'),
    right('Revision'),
    left('Effective from'),
    left('For'),
    left('Published'),
    left('By'),
  ],
  ...[left('Content'), left('Note')],
];

/** Revisions for people, in the order given. */
export function revisionTable(revisions: readonly RevisionView[]): string {
  return table(
    COLUMNS,
    revisions.map((revision) => [
      revision.strategy,
      String(revision.number),
      revision.withdrawn_at === null ? (revision.effective_from ?? '') : 'withdrawn',
      revision.applies_to.replaceAll('_', ' '),
      revision.published_at ?? '',
      revision.published_by,
      revision.content_hash.slice(0, 12),
      remarks(revision).join('; '),
    ]),
  );
}

function remarks({ backdated, rolled_back_to, note }: RevisionView): readonly string[] {
  return [
    ...(rolled_back_to === null ? [] : [`revision ${rolled_back_to} again`]),
    ...(backdated ? ['backdated'] : []),
    ...(note === '' ? [] : [note]),
  ];
}
