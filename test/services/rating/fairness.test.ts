import assert from 'node:assert/strict';
import { Client, credentials } from '@grpc/grpc-js';
import { RateService } from '../../../src/gen/ratebook/v1/rate_pb.js';
import { permissions } from '../../../src/platform/auth/permissions.js';
import { connectTo, createClient } from '../../../src/platform/grpc/client.js';
import { bind } from '../../../src/platform/grpc/handlers.js';
import { startServer } from '../../../src/platform/grpc/server.js';
import { createLog } from '../../../src/platform/log.js';
import { quoteHandlers } from '../../../src/services/rating/handlers.js';
import { type RevisionBook, emptyBook, enter } from '../../../src/services/rating/revisions/revision-book.js';
import type { RevisionHead } from '../../../src/strategy/choose-revision.js';
import { openDocument } from '../../../src/strategy/document.js';
import { compiledEngine } from '../../../src/strategy/engine/compiled.js';
import type { EngineFactory } from '../../../src/strategy/engine/matcher.js';
import { readSource } from '../../../src/strategy/source/read-source.js';
import { at, document } from '../catalog/catalog.js';
import { noRecording } from './no-recording.js';
import { EARLY, outcomeOf, use } from './rating.js';

const ITEMS = 300;
const log = createLog('silent');

describe('services/rating: a large batch', () => {
  it('leaves room for a health check, and keeps its order', async () => {
    let matched = 0;
    let whenHealthy: Promise<number> | undefined;
    // As slow as a rule file of thousands of lines might be, so that the batch takes many turns on any machine.
    const slow: EngineFactory = (strategy) => ({
      ...compiledEngine(strategy),
      match: (question) => {
        for (const end = performance.now() + 1; performance.now() < end;);
        if (++matched === 1) whenHealthy = healthOf(server.address).then(() => matched);
        return compiledEngine(strategy).match(question);
      },
    });
    const services = [bind(RateService, { ...quoteHandlers(bookOf(slow), log), ...noRecording })];
    const server = await startServer({ services, listen: '127.0.0.1:0', permissions, log });
    const channel = connectTo(server.address);
    try {
      const inputs = Array.from({ length: ITEMS }, (_, i) => use('small', String(i)));
      const { outcomes } = await createClient(RateService, channel).batchComputeQuotes({ inputs });
      assert.deepEqual(
        outcomes.map(outcomeOf),
        inputs.map((_, i) => `${i * 2} by 1`),
      );
      assert.equal(matched, ITEMS);
      const atHealth = (await whenHealthy) ?? ITEMS;
      assert.ok(atHealth < ITEMS, `the health check was answered after ${atHealth} of ${ITEMS} items`);
    } finally {
      channel.close();
      await server.drain(0);
    }
  });
});

/** A book as a catalog would have filled it, ready for every instant. */
function bookOf(engine: EngineFactory): RevisionBook {
  const source = document('small', '2');
  const opened = openDocument(readSource({ name: source.fileName, text: source.text }), []);
  assert.ok(opened.document);
  const { strategy, contentHash } = opened.document;
  const head: RevisionHead = { number: 1, effectiveFrom: at(EARLY), appliesTo: 'everyone', withdrawn: false };
  const book: RevisionBook = { ...emptyBook(), watermark: 10n ** 20n, heardAt: Infinity };
  enter(book, { head, contentHash, strategy, engine: engine(strategy) });
  return book;
}

/** Settles when the server has said how it does. */
function healthOf(address: string): Promise<void> {
  const client = new Client(address, credentials.createInsecure());
  const same = (bytes: Buffer) => bytes;
  return new Promise<void>((resolve, reject) => {
    client.makeUnaryRequest('/grpc.health.v1.Health/Check', same, same, Buffer.alloc(0), (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  }).finally(() => {
    client.close();
  });
}
