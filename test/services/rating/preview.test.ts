import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quoteOnline } from '../../../src/cli/online-quote.js';
import { type QuoteView, viewQuote } from '../../../src/cli/quote-view.js';
import type { Reason } from '../../../src/errors/catalogue.js';
import type { RatebookError } from '../../../src/errors/error.js';
import { type Running, startRatebook } from '../../../src/main.js';
import { connectTo } from '../../../src/platform/grpc/client.js';
import { createLog } from '../../../src/platform/log.js';
import { quote } from '../../../src/quote/quote.js';
import { catalogClient } from '../../../src/services/catalog/client.js';
import { wantedAttachments } from '../../../src/strategy/source/attachments.js';
import { answerWith } from '../../../src/strategy/engine/matcher.js';
import { referenceEngine } from '../../../src/strategy/engine/reference.js';
import { readSource } from '../../../src/strategy/source/read-source.js';
import { freshDatabase, testMongo, testMongoUri } from '../../mongo.js';
import { exampleNames, readExample, rulesFile } from '../../rules/example.js';
import { timestamp } from '../catalog/catalog.js';

/** A preview is what a file prices in one's own process; live is the service, over a port, by the published revision. */
describe('preview = live', () => {
  let running: Running;
  let dataDir: string;
  const numbers = new Map<string, number>();
  before(async function () {
    this.timeout(180_000);
    await testMongo();
    dataDir = await mkdtemp(join(tmpdir(), 'ratebook-preview-'));
    running = await startRatebook({
      services: ['catalog', 'rating'],
      mongoUri: await testMongoUri(),
      dataDir,
      server: { listen: '127.0.0.1:0' },
      client: {},
      engine: 'compiled',
      database: freshDatabase(),
      log: createLog('silent'),
      onProgress: () => undefined,
    });
    const channel = connectTo(running.address);
    for (const name of exampleNames) {
      const file = rulesFile(name);
      const attachments = wantedAttachments(readSource(file)).map(rulesFile);
      const { revision } = await catalogClient(channel).publishRevision({
        source: {
          fileName: file.name,
          text: file.text,
          attachments: attachments.map((one) => ({ fileName: one.name, text: one.text })),
        },
        effectiveFrom: timestamp('2020-01-01T00:00:00Z'),
      });
      numbers.set(name, Number(revision?.number));
    }
    channel.close();
  });
  after(async () => {
    await running.stop(0);
    await rm(dataDir, { recursive: true });
  });

  const reasonOf = (error: RatebookError) => error.reason;

  for (const name of exampleNames) {
    const { strategy, cases } = readExample(rulesFile(name));
    it(`${name}: all its ${cases.length} cases`, async () => {
      assert.ok(strategy && cases.length > 0);
      const engine = referenceEngine(strategy);
      const published = `${strategy.id}/revisions/${numbers.get(name)}`;
      for (const { name: title, input } of cases) {
        const live: QuoteView | Reason = await quoteOnline(
          running.address,
          `strategies/${published}`,
          input,
        ).catch(reasonOf);
        const preview: QuoteView | Reason = await answerWith(engine.match, quote(strategy, input)).then(
          (answer) =>
            viewQuote(answer, {
              content_hash: typeof live === 'string' ? '' : live.content_hash,
              moment: input.moment,
              revision: numbers.get(name),
            }),
          reasonOf,
        );
        assert.deepEqual(live, preview, title);
      }
    });
  }
});
