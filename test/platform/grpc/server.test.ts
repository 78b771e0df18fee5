import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import {
  Client,
  Metadata,
  Server,
  ServerCredentials,
  type ServiceError,
  credentials,
  type handleUnaryCall,
} from '@grpc/grpc-js';
import { promisify } from 'node:util';
import { RatebookError } from '../../../src/errors/error.js';
import { RateService } from '../../../src/gen/ratebook/v1/rate_pb.js';
import { permissions } from '../../../src/platform/auth/permissions.js';
import { connectTo, createClient } from '../../../src/platform/grpc/client.js';
import { type CallContext } from '../../../src/platform/grpc/handlers.js';
import { startServer } from '../../../src/platform/grpc/server.js';
import { createLog } from '../../../src/platform/log.js';
import {
  type Serving,
  capturingLog,
  collected,
  gate,
  items,
  over,
  rateBinding,
  refusal,
  serving,
} from './serving.js';

const QUOTE = '/ratebook.v1.RateService/ComputeQuote';
const QUOTE_OK = { computeQuote: () => Promise.resolve({ quote: { amount: '1' } }) };

describe('platform/grpc/server', () => {
  it('answers a call without a deadline in its own time', async () => {
    const stuck = { computeQuote: () => new Promise<never>(() => undefined) };
    const inTime = async (address: string) => {
      const error = await rawCall(address, QUOTE, Buffer.alloc(0)).catch((e: unknown) => e);
      assert.equal((error as ServiceError).code, 4);
      assert.match((error as ServiceError).details, /ComputeQuote was not done within the 40 ms/);
    };
    await serving(stuck, ({ server }) => inTime(server.address), { defaultDeadlineMs: 40 });
  });

  it('refuses a message over 8 MiB, takes one below, and goes on', async () => {
    const computeQuote = (request: { input?: { strategy: string } }) =>
      Promise.resolve({ quote: { amount: String(request.input?.strategy.length) } });
    await serving({ computeQuote }, async ({ client }) => {
      const send = (size: number) => client.computeQuote({ input: { strategy: 'x'.repeat(size) } });
      await assert.rejects(send(9 * 1024 * 1024), refusal('TOO_LARGE', /larger than max/));
      const below = 8 * 1024 * 1024 - 100;
      assert.equal((await send(below)).quote?.amount, String(below));
    });
  });

  for (const [what, path, bytes, code, details] of [
    [
      'bytes that are no message',
      QUOTE,
      [0xff, 0xff, 0xff],
      3,
      /^The 3 bytes sent are not a ratebook\.v1\.ComputeQuoteRequest/,
    ],
    ['a method that it does not have', '/ratebook.v1.RateService/Nothing', [], 12, /./],
    ['a service that it does not have', '/ratebook.v1.Nothing/Nothing', [], 12, /./],
  ] as const) {
    it(`refuses ${what} and goes on`, async () => {
      await serving(QUOTE_OK, async ({ server, client, logged }) => {
        const error = await rawCall(server.address, path, Buffer.from(bytes)).catch((e: unknown) => e);
        assert.equal((error as ServiceError).code, code);
        assert.match((error as ServiceError).details, details);
        assert.equal((await client.computeQuote({})).quote?.amount, '1');
        assert.deepEqual(logged, []);
      });
    });
  }

  it('a slow reader stops the handler from producing, and a slow handler the caller', async () => {
    const all = 400;
    const big = 'x'.repeat(100_000);
    let produced = 0;
    let taken = 0;
    const resume = gate();
    const streamQuotes = async function* (requests: AsyncIterable<unknown>) {
      for await (const request of requests) {
        assert.ok(request);
        if (taken++ === 0) await resume.opened;
      }
      for (; produced < all; produced++) {
        yield await Promise.resolve({
          outcome: { outcome: { case: 'quote' as const, value: { strategy: big } } },
        });
      }
    };
    await serving({ streamQuotes, ...QUOTE_OK }, async ({ client }) => {
      // Calls on the same connection: whatever could have been sent meanwhile has been.
      const settle = async () => {
        for (let i = 0; i < 30; i++) await client.computeQuote({});
      };
      let sent = 0;
      const requests = async function* () {
        for (; sent < all; sent++) yield await Promise.resolve({ input: { strategy: big } });
      };
      const answers = client.streamQuotes(requests())[Symbol.asyncIterator]();
      const firstAnswer = answers.next();
      await settle();
      assert.ok(sent < all / 2, `${sent} requests were sent to a handler that took ${taken}`);
      resume.open();
      await firstAnswer;
      assert.equal(taken, all);
      await settle();
      assert.ok(produced < all / 2, `${produced} answers were produced for a caller that took one`);
      let received = 1;
      while (!(await answers.next()).done) received++;
      assert.equal(received, all);
    });
  });

  it('a handler that fails while the caller is still sending: the caller is told why', async () => {
    const full = gate();
    const streamQuotes = async function* () {
      await full.opened;
      // By the end of this the sender waits for room.
      for (let i = 0; i < 100; i++) await new Promise(setImmediate);
      throw new RatebookError('CONFLICT', 'not now');
    };
    await serving({ streamQuotes }, async ({ client }) => {
      const requests = async function* () {
        for (let i = 0; ; i++) {
          if (i === 5) full.open();
          yield await Promise.resolve({ input: { strategy: 'x'.repeat(100_000) } });
        }
      };
      await assert.rejects(collected(client.streamQuotes(requests())), refusal('CONFLICT', /^not now$/));
    });
  });

  it('an answer that is no message is an error, not a crash', async () => {
    const server = new Server();
    const bytes = {
      requestSerialize: same,
      requestDeserialize: same,
      responseSerialize: same,
      responseDeserialize: same,
    };
    const method = { path: QUOTE, requestStream: false, responseStream: false, ...bytes };
    const garbage: handleUnaryCall<Buffer, Buffer> = (_, done) => {
      done(null, Buffer.from([0xff]));
    };
    server.addService({ method }, { method: garbage });
    const port = await promisify(server.bindAsync.bind(server))(
      '127.0.0.1:0',
      ServerCredentials.createInsecure(),
    );
    const channel = connectTo(`127.0.0.1:${port}`);
    const call = createClient(RateService, channel).computeQuote({});
    await assert.rejects(
      call,
      refusal('INTERNAL', /^The answer is not a ratebook\.v1\.ComputeQuoteResponse/),
    );
    channel.close();
    server.forceShutdown();
  });

  it('a connection cut in the middle stops the handler and tells the caller', async () => {
    const reasons: Promise<RatebookError>[] = [];
    const streamQuotes = async function* (requests: AsyncIterable<unknown>, context: CallContext) {
      reasons.push(over(context));
      for await (const request of requests) {
        assert.ok(request);
        yield {};
      }
    };
    await serving({ streamQuotes }, async ({ server, logged }) => {
      const cable = await cableTo(server.address);
      const channel = connectTo(cable.address);
      const requests = async function* () {
        yield {};
        await new Promise<never>(() => undefined);
      };
      const answers = createClient(RateService, channel).streamQuotes(requests())[Symbol.asyncIterator]();
      assert.equal((await answers.next()).done, false);
      cable.cut();
      await assert.rejects(answers.next(), (error: unknown) => error instanceof RatebookError);
      assert.equal((await reasons[0])?.reason, 'CANCELLED');
      assert.deepEqual(logged, []);
      channel.close();
    });
  });

  it('tells a caller where it found nobody', async () => {
    const channel = connectTo('127.0.0.1:1');
    const call = createClient(RateService, channel).computeQuote({});
    await assert.rejects(
      call,
      refusal('UNAVAILABLE', /^Ratebook at 127\.0\.0\.1:1 cannot be reached \(.*ECONNREFUSED/),
    );
    channel.close();
  });

  it('health: the whole server and each service, and what was set', async () => {
    await serving({}, async ({ server }) => {
      const check = async (service: string) => {
        const bytes = Buffer.from(service);
        const answer = await rawCall(
          server.address,
          '/grpc.health.v1.Health/Check',
          Buffer.from([10, bytes.length, ...bytes]),
        );
        return answer[1] === 1 ? 'SERVING' : 'NOT_SERVING';
      };
      assert.equal(await check(''), 'SERVING');
      assert.equal(await check('ratebook.v1.RateService'), 'SERVING');
      server.setServing('ratebook.v1.RateService', false);
      assert.equal(await check('ratebook.v1.RateService'), 'NOT_SERVING');
      await assert.rejects(check('ratebook.v1.Nothing'), /Health status unknown/);
    });
  });

  for (const version of ['v1', 'v1alpha']) {
    it(`reflection ${version}: lists the services and finds their files`, async () => {
      await serving({}, async ({ server }) => {
        const client = new Client(server.address, credentials.createInsecure());
        const ask = async (field: number, text: string) => {
          const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
          const call = client.makeBidiStreamRequest(path, same, same, new Metadata());
          call.end(Buffer.from([(field << 3) | 2, text.length, ...Buffer.from(text)]));
          return Buffer.concat((await collected(call)) as Buffer[]).toString('latin1');
        };
        const services = await ask(7, '*');
        assert.match(services, /ratebook\.v1\.RateService/);
        assert.match(services, /grpc\.health\.v1\.Health/);
        assert.match(await ask(4, 'ratebook.v1.RateService'), /google\/protobuf\/timestamp\.proto/);
        assert.match(await ask(4, 'google.rpc.ErrorInfo'), /google\/rpc\/error_details\.proto/);
        // grpcurl takes the file for invalid when the entry of a map is not named like this.
        assert.match(await ask(4, 'grpc.health.v1.Health'), /StatusesEntry/);
        client.close();
      });
    });
  }

  it('drain: says so, lets calls finish, sends streams elsewhere, and takes no more', async () => {
    const [arrived, finish] = [gate(), gate()];
    const handlers = {
      computeQuote: async () => {
        arrived.open();
        await finish.opened;
        return { quote: { amount: '2' } };
      },
      streamQuotes: async function* (requests: AsyncIterable<unknown>) {
        yield {};
        for await (const request of requests) assert.ok(request);
      },
    };
    await serving(handlers, async ({ client, server }) => {
      const waiting = async function* () {
        yield {};
        await new Promise<never>(() => undefined);
      };
      const stream = client.streamQuotes(waiting())[Symbol.asyncIterator]();
      await stream.next();
      const call = client.computeQuote({});
      await arrived.opened;
      const drained = server.drain(5_000);
      await assert.rejects(stream.next(), (error: unknown) => {
        assert.ok(error instanceof RatebookError);
        assert.equal(error.reason, 'UNAVAILABLE');
        assert.equal(error.retryAfterMs, 1_000);
        return true;
      });
      finish.open();
      assert.equal((await call).quote?.amount, '2');
      await drained;
      await assert.rejects(rawCall(server.address, QUOTE, Buffer.alloc(0)), /UNAVAILABLE/);
    });
  });

  it('drain: cuts what outlasts the grace', async () => {
    const arrived = gate();
    const computeQuote = () => {
      arrived.open();
      return new Promise<never>(() => undefined);
    };
    await serving({ computeQuote }, async ({ client, server }) => {
      const call = assert.rejects(
        client.computeQuote({}),
        (error: unknown) => error instanceof RatebookError,
      );
      await arrived.opened;
      await server.drain(50);
      await call;
    });
  });

  describe('refuses to start', () => {
    const log = createLog('silent');
    const start = (options: object) =>
      startServer({ services: [rateBinding({})], listen: '127.0.0.1:0', permissions, log, ...options });
    const tls = { certificate: '', key: '' };
    for (const [why, options, message] of [
      [
        'without a row for each method',
        { permissions: {} },
        /no row for ratebook\.v1\.RateService\/ComputeQuote, .*ExplainQuote/,
      ],
      [
        'for everyone without TLS',
        { listen: '0.0.0.0:0' },
        /Listening on 0\.0\.0\.0:0 without TLS and a client CA/,
      ],
      [
        'for everyone with TLS that knows no caller',
        { listen: '[::]:0', tls },
        /Listening on \[::\]:0 without TLS and a/,
      ],
      [
        'on something that is no address',
        { listen: 'fifty' },
        /"fifty" is no address to listen on; write it as HOST:PORT/,
      ],
    ] as const) {
      it(why, () => assert.rejects(start(options), refusal('INVALID_REQUEST', message)));
    }

    it('on a port that is taken', async () => {
      await serving({}, async ({ server }) => {
        await assert.rejects(
          start({ listen: server.address }),
          refusal('UNAVAILABLE', /^Cannot listen on 127\.0\.0\.1:/),
        );
      });
    });
  });

  it('listens for everyone when told that it is insecure', async () => {
    const server = await startServer({
      services: [rateBinding({})],
      listen: '0.0.0.0:0',
      permissions,
      log: createLog('silent'),
      insecure: true,
    });
    assert.match(server.address, /^0\.0\.0\.0:\d+$/);
    await server.drain(10);
  });

  it('a method whose row is empty is called by nobody', async () => {
    const table = { ...permissions, 'ratebook.v1.RateService/ComputeQuote': [] };
    const nobody = refusal(
      'PERMISSION_DENIED',
      /^"local" may not call ratebook\.v1\.RateService\/ComputeQuote/,
    );
    const refused = async ({ client, logged }: Serving) => {
      await assert.rejects(client.computeQuote({}), nobody);
      assert.deepEqual(
        logged.map(({ level, method }) => [level, method]),
        [[40, QUOTE.slice(1)]],
      );
    };
    await serving(QUOTE_OK, refused, { permissions: table });
  });

  it('takes the name that a local caller gives itself, when it is one', async () => {
    const names: string[] = [];
    const computeQuote = (_: unknown, { caller }: CallContext) => {
      names.push(caller.name);
      return Promise.resolve({});
    };
    await serving({ computeQuote }, async ({ server }) => {
      const call = async (caller: string) => {
        const channel = connectTo(server.address, { caller });
        await createClient(RateService, channel).computeQuote({}).finally(channel.close);
      };
      await call('invoice');
      assert.deepEqual(names, ['invoice']);
      await assert.rejects(
        call('x'.repeat(200)),
        refusal('UNAUTHENTICATED', /name "x+" is not valid; use 1 to 128/),
      );
    });
  });

  it('leaves nothing behind: a thousand cancelled streams, no open stream and nothing in the log', async () => {
    const { log, logged } = capturingLog();
    const streamQuotes = async function* (requests: AsyncIterable<unknown>) {
      for await (const request of requests) {
        assert.ok(request);
        yield {};
      }
    };
    const services = [rateBinding({ streamQuotes })];
    const server = await startServer({ services, listen: '127.0.0.1:0', permissions, log });
    const channel = connectTo(server.address);
    const client = createClient(RateService, channel);
    for (let i = 0; i < 1_000; i++) {
      for await (const answer of client.streamQuotes(items({}, {}, {}))) {
        assert.ok(answer);
        break;
      }
    }
    channel.close();
    const started = Date.now();
    await server.drain(10_000);
    // An idle server drains after its pause of a second; one with a stream left would take the whole grace.
    assert.ok(Date.now() - started < 5_000);
    assert.deepEqual(logged, []);
  });
});

const same = (bytes: Buffer) => bytes;

/** A call as any other gRPC client would make it, without a deadline. */
function rawCall(address: string, path: string, bytes: Buffer): Promise<Buffer> {
  const client = new Client(address, credentials.createInsecure());
  return new Promise<Buffer>((resolve, reject) => {
    client.makeUnaryRequest(path, same, same, bytes, (error, answer) => {
      if (error !== null) reject(error);
      else resolve(answer ?? Buffer.alloc(0));
    });
  }).finally(() => {
    client.close();
  });
}

/** A TCP relay to a server that can be cut. */
async function cableTo(address: string) {
  const sockets: Socket[] = [];
  const relay = createServer((near) => {
    const far = connect(Number(address.split(':')[1]), '127.0.0.1');
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    sockets.push(near, far);
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const cut = () => {
    relay.close();
    for (const socket of sockets) socket.destroy();
  };
  return { address: `127.0.0.1:${(relay.address() as AddressInfo).port}`, cut };
}
