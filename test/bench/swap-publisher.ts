// Run by the benchmark of swaps as a process of its own: publishes, so that the one that measures has nothing to encode.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { connectTo } from '../../src/platform/grpc/client.js';
import { catalogClient } from '../../src/services/catalog/client.js';
import { type Kind, benchDocument } from './documents.js';

export type Publish = { readonly kind: Kind; readonly seed: number };
/** The name of the revision, and when its publishing began and ended: milliseconds since 1970. */
export type Published = { readonly name: string; readonly began: number; readonly ended: number };

const PATIENCE_MS = 120_000;

const channel = connectTo(process.argv[2] ?? '');
const catalog = catalogClient(channel);

process.on('message', ({ kind, seed }: Publish) => void publish(kind, seed));
process.once('disconnect', () => process.exit());
process.send?.('ready');

async function publish(kind: Kind, seed: number): Promise<void> {
  const { file, attachments } = benchDocument(kind, seed);
  // Nothing is in effect at the present before some seconds have passed, unless it is from before.
  const effectiveFrom = kind === 'small' ? timestampFromDate(new Date(0)) : undefined;
  const began = Date.now();
  const { revision } = await catalog.publishRevision(
    {
      source: {
        fileName: file.name,
        text: file.text,
        attachments: attachments.map(({ name, text }) => ({ fileName: name, text })),
      },
      effectiveFrom,
    },
    { deadline: began + PATIENCE_MS },
  );
  process.send?.({ name: revision?.name ?? '', began, ended: Date.now() } satisfies Published);
}
