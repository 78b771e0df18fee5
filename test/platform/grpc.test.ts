import assert from 'node:assert/strict';
import { RatebookError } from '../../src/errors/error.js';
import { RateService } from '../../src/gen/ratebook/v1/rate_pb.js';
import { permissions } from '../../src/platform/auth/permissions.js';
import { connectTo, createClient } from '../../src/platform/grpc/client.js';
import { bind } from '../../src/platform/grpc/handlers.js';
import { startServer } from '../../src/platform/grpc/server.js';
import { createLog } from '../../src/platform/log.js';

describe('platform/grpc', () => {
  it('smoke', async () => {
    const binding = bind(RateService, {
      computeQuote: async (request) => ({ quote: { strategy: request.input?.strategy ?? '', amount: '1' } }),
      batchComputeQuotes: async () => {
        throw new Error('secret');
      },
      streamQuotes: async function* (requests) {
        for await (const r of requests) {
          yield { outcome: { outcome: { case: 'quote', value: { strategy: r.input?.strategy ?? '' } } } };
        }
      },
      explainQuote: async () => {
        throw new RatebookError('NO_PRICE', 'no', {
          violations: [{ field: 'a', description: 'b' }],
          metadata: { x: 'y' },
          retryAfterMs: 1500,
        });
      },
    });
    const server = await startServer({
      services: [binding],
      listen: '127.0.0.1:0',
      permissions,
      log: createLog('debug'),
    });
    const client = createClient(RateService, connectTo(server.address));
    console.log(await client.computeQuote({ input: { strategy: 'x' } }));
    await client.batchComputeQuotes({}).catch((e: unknown) => {
      console.log(e);
    });
    await client.explainQuote({}).catch((e: unknown) => {
      console.log(e);
    });
    const got = [];
    for await (const m of client.streamQuotes(
      (async function* () {
        for (let i = 0; i < 5; i++) yield { input: { strategy: `s${i}` } };
      })(),
    ))
      got.push(m.outcome?.outcome.value);
    console.log(got.length);
    if (process.env.HOLD) {
      console.log(server.address);
      await new Promise((r) => setTimeout(r, 15000));
    }
    await server.drain(100);
    assert.ok(true);
  });
});
