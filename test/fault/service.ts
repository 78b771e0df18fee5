// A process that is there to be killed: catalog and rating over a database that is given.
import { startRatebook } from '../../src/main.js';
import { createLog } from '../../src/platform/log.js';

const [mongoUri = '', database = '', dueEveryMs = '0', expireEveryMs = '0'] = process.argv.slice(2);
const running = await startRatebook({
  services: ['catalog', 'rating'],
  mongoUri,
  dataDir: '',
  database,
  server: { listen: '127.0.0.1:0' },
  client: {},
  engine: 'compiled',
  dueEveryMs: Number(dueEveryMs),
  expireEveryMs: Number(expireEveryMs),
  log: createLog('warn'),
  onProgress: () => undefined,
});
process.send?.(running.address);
// Whoever started it is gone.
process.once('disconnect', () => process.exit());
