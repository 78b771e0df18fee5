import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import {
  FaultSeverity,
  type AppliesTo as ProtoAppliesTo,
  type FaultSchema,
  type ListRevisionsRequest,
  type ListStrategiesRequest,
  type PublishRevisionRequest,
  type RevisionSchema,
  type RollBackStrategyRequest,
  type StrategySource,
  type ValidateStrategyResponseSchema,
  type WatchRevisionsRequest,
  type WatchRevisionsResponseSchema,
  type WithdrawRevisionRequest,
} from '../../gen/ratebook/v1/strategy_pb.js';
import { type Complain, readRequest } from '../../platform/grpc/read-request.js';
import { fromTimestamp, toTimestamp } from '../../platform/grpc/timestamp.js';
import { type PageInput, fromProtoPage } from '../../platform/page.js';
import { requestKey } from '../../platform/request-key.js';
import type { AppliesTo } from '../../strategy/choose-revision.js';
import type { Fault } from '../../strategy/fault.js';
import { type RevisionName, parseResourceName, resourceName } from '../../strategy/revision-name.js';
import type { Instant } from '../../time/instant.js';
import { fromProtoAppliesTo, toProtoAppliesTo } from './client.js';
import type { CheckedDocument } from './ports.js';
import type { PublishInput } from './publish-revision.js';
import type { DocumentSource, Revision, RevisionWithSource } from './revision.js';
import type { RollBackInput } from './roll-back-strategy.js';
import type { Watched } from './watch-revisions.js';
import type { WithdrawInput } from './withdraw-revision.js';

export function fromProtoPublish(request: PublishRevisionRequest, publishedBy: string): PublishInput {
  return readRequest((complain) => ({
    source: documentSource(request.source, complain),
    base: base(request.base, complain),
    effectiveFrom: instant('effective_from', request.effectiveFrom, complain),
    appliesTo: appliesTo(request.appliesTo, complain),
    note: note(request.note, complain),
    publishedBy,
    request: requestKey(request, publishedBy, complain),
    validateOnly: request.validateOnly,
  }));
}

export function fromProtoWithdraw(request: WithdrawRevisionRequest, caller: string): WithdrawInput {
  return readRequest((complain) => ({
    ...numbered(request.name, complain),
    request: requestKey(request, caller, complain),
  }));
}

export function fromProtoRollBack(request: RollBackStrategyRequest, publishedBy: string): RollBackInput {
  return readRequest((complain) => ({
    ...numbered(request.name, complain),
    base: base(request.base, complain),
    effectiveFrom: instant('effective_from', request.effectiveFrom, complain),
    note: note(request.note, complain),
    publishedBy,
    request: requestKey(request, publishedBy, complain),
  }));
}

export function fromProtoName(name: string): RevisionName {
  return readRequest((complain) => {
    const parts = nameParts(name);
    if (parts === undefined)
      complain('name', `${quoted(name)} is neither strategies/ID nor strategies/ID/revisions/N.`);
    return parts ?? { strategy: '' };
  });
}

export function fromProtoListRevisions(request: ListRevisionsRequest): { strategy: string; page: PageInput } {
  return readRequest((complain) => {
    const parts = nameParts(request.parent);
    if (parts?.number !== undefined || parts === undefined)
      complain('parent', `${quoted(request.parent)} is not strategies/ID.`);
    return { strategy: parts?.strategy ?? '', page: fromProtoPage(request, complain) };
  });
}

export function fromProtoListStrategies(request: ListStrategiesRequest): PageInput {
  return readRequest((complain) => fromProtoPage(request, complain));
}

export function fromProtoCursor({ cursor }: WatchRevisionsRequest): bigint {
  return readRequest((complain) => {
    if (/^\d{0,18}$/.test(cursor)) return BigInt(cursor);
    complain(
      'cursor',
      `${quoted(cursor)} is not a cursor of WatchRevisions; send the last one received, or none.`,
    );
    return 0n;
  });
}

export function fromProtoSource(source: StrategySource | undefined): DocumentSource {
  return readRequest((complain) => documentSource(source, complain));
}

function documentSource(source: StrategySource | undefined, complain: Complain): DocumentSource {
  const { fileName = '', text = '', attachments = [] } = source ?? {};
  if (source === undefined) complain('source', 'is not set; send the document.');
  else if (fileName === '') complain('source.file_name', 'is empty; its ending tells YAML from JSON.');
  const names = new Set<string>();
  attachments.forEach(({ fileName: name }, i) => {
    if (names.has(name))
      complain(`source.attachments[${i.toString()}].file_name`, `${quoted(name)} is there twice.`);
    names.add(name);
  });
  return { fileName, text, attachments: attachments.map(({ fileName, text }) => ({ fileName, text })) };
}

function nameParts(name: string): RevisionName | undefined {
  const parsed = parseResourceName(name);
  return parsed.ok ? parsed.value : undefined;
}

function numbered(name: string, complain: Complain): { strategy: string; number: number } {
  const { strategy, number } = nameParts(name) ?? {};
  if (strategy !== undefined && number !== undefined) return { strategy, number };
  complain('name', `${quoted(name)} is not strategies/ID/revisions/N.`);
  return { strategy: '', number: 0 };
}

function base(value: bigint | undefined, complain: Complain): number | undefined {
  if (value === undefined) return undefined;
  if (value < 0n || value > 999_999_999n)
    complain('base', `${value.toString()} is not the number of a revision.`);
  return Number(value);
}

function note(text: string, complain: Complain): string {
  const longest = 1_000;
  if (text.length > longest)
    complain('note', `has ${text.length.toString()} characters; at most ${longest.toString()}.`);
  return text;
}

function appliesTo(value: ProtoAppliesTo, complain: Complain): AppliesTo {
  const read = fromProtoAppliesTo(value);
  if (read.ok) return read.value;
  complain('applies_to', `${read.why}.`);
  return 'everyone';
}

/** Instants are stored as nanoseconds in 64 bits, which end in 2262. */
const firstSecond = 0n;
const lastSecond = 9_214_646_400n;

function instant(field: string, timestamp: Timestamp | undefined, complain: Complain): Instant | undefined {
  if (timestamp === undefined) return undefined;
  const { seconds, nanos } = timestamp;
  if (seconds < firstSecond || seconds >= lastSecond)
    complain(field, 'is not within the years 1970 to 2261.');
  if (nanos < 0 || nanos > 999_999_999)
    complain(field, `has ${nanos.toString()} nanoseconds; send 0 to 999999999.`);
  return fromTimestamp(timestamp);
}

export function toProtoRevision(
  revision: Revision & Partial<RevisionWithSource>,
): MessageInitShape<typeof RevisionSchema> {
  const { withdrawnAt, source } = revision;
  return {
    name: resourceName(revision),
    strategy: revision.strategy,
    number: BigInt(revision.number),
    contentHash: revision.contentHash,
    format: revision.format,
    effectiveFrom: toTimestamp(revision.effectiveFrom),
    backdated: revision.backdated,
    appliesTo: toProtoAppliesTo[revision.appliesTo],
    publishedAt: toTimestamp(revision.publishedAt),
    publishedBy: revision.publishedBy,
    note: revision.note,
    ...(withdrawnAt === undefined ? {} : { withdrawnAt: toTimestamp(withdrawnAt) }),
    rolledBackTo: BigInt(revision.rolledBackTo),
    title: revision.title,
    ...(source === undefined ? {} : { source: { ...source, attachments: [...source.attachments] } }),
  };
}

export function toProtoFault({ severity, ...fault }: Fault): MessageInitShape<typeof FaultSchema> {
  return { ...fault, severity: severity === 'error' ? FaultSeverity.ERROR : FaultSeverity.WARNING };
}

export function toProtoChecked({
  faults,
  content,
}: CheckedDocument): MessageInitShape<typeof ValidateStrategyResponseSchema> {
  const told = content === undefined ? {} : { strategy: content.strategy, contentHash: content.contentHash };
  return { valid: content !== undefined, faults: faults.map(toProtoFault), ...told };
}

export function toProtoWatched(watched: Watched): MessageInitShape<typeof WatchRevisionsResponseSchema> {
  const cursor = watched.sequence.toString();
  switch (watched.kind) {
    case 'revision':
      return { revisions: [toProtoRevision(watched.revision)], cursor };
    case 'watermark':
      return { watermark: toTimestamp(watched.watermark), cursor };
  }
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
