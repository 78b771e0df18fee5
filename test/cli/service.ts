import { type Running, startRatebook } from '../../src/main.js';
import { createLog } from '../../src/platform/log.js';
import { freshDatabase, testMongoUri } from '../mongo.js';

/** A Ratebook of its own, with nothing in it, for the tests of the `describe` that calls this. */
export function service(): { readonly address: () => string } {
  let running: Running | undefined;
  before(async function () {
    this.timeout(120_000);
    running = await startRatebook({
      services: ['catalog', 'rating'],
      mongoUri: await testMongoUri(),
      dataDir: '',
      server: { listen: '127.0.0.1:0', insecure: false },
      client: {},
      engine: 'compiled',
      database: freshDatabase(),
      log: createLog('error'),
      onProgress: () => undefined,
    });
  });
  after(() => running?.stop(1_000));
  return { address: () => running?.address ?? '' };
}
