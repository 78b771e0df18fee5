/**
 * Run by telemetry.test.ts as a process of its own, since telemetry starts before a process loads anything else. Prints
 * what it saw: whether the driver is instrumented, the trace id of the handler, and the number of modules of OpenTelemetry's
 * SDK that were loaded.
 */
import { createRequire } from 'node:module';
import { startTelemetry } from '../../src/platform/telemetry-sdk.js';

const telemetry = await startTelemetry(process.env['OTEL_EXPORTER_OTLP_ENDPOINT']);
const { MongoClient } = await import('mongodb');
const { serving } = await import('./grpc/serving.js');
const { counter } = await import('../../src/platform/telemetry.js');
const { RatebookError } = await import('../../src/errors/error.js');

const uri = process.env['MONGODB_URI'];
const mongo = uri === undefined ? undefined : new MongoClient(uri);
const quotes = counter('ratebook.quotes', 'Quotes computed, by outcome.');
let traceId = '';

await serving(
  {
    computeQuote: async (_, context) => {
      traceId = context.traceId;
      await mongo?.db('traced').collection('facts').findOne({ name: 'hunter2' });
      quotes({ outcome: 'priced' });
      return { quote: { amount: '42' } };
    },
    explainQuote: () => Promise.reject(new RatebookError('NO_PRICE', 'none')),
  },
  async ({ client }) => {
    await client.computeQuote({ input: { strategy: 'hunter2' } });
    await client.explainQuote({}).catch(() => undefined);
  },
);
await mongo?.close();
await telemetry.stop();

const require = createRequire(import.meta.url);
const driver = require('mongodb/lib/cmap/connection.js') as {
  Connection: { prototype: { command: object } };
};
const instrumented = '__wrapped' in driver.Connection.prototype.command;
const sdkModules = Object.keys(require.cache).filter((path) =>
  /@opentelemetry\/(sdk|instrumentation|exporter)/.test(path),
);
console.log(JSON.stringify({ instrumented, traceId, sdkModules: sdkModules.length }));
