import assert from 'node:assert/strict';
import { RatebookError } from '../../../src/errors/error.js';
import { type CallContext } from '../../../src/platform/grpc/handlers.js';
import { carriers, collected, items, over, refusal } from './serving.js';

for (const [carrier, carry] of Object.entries(carriers)) {
  describe(`platform/grpc/chain ${carrier}`, () => {
    it('answers, and tells the handler who calls and how long it has', async () => {
      const contexts: CallContext[] = [];
      const computeQuote = (request: { input?: { strategy: string } }, context: CallContext) => {
        contexts.push(context);
        return Promise.resolve({ quote: { strategy: request.input?.strategy, amount: '1.5' } });
      };
      await carry({ computeQuote }, async (client) => {
        const deadline = Date.now() + 5_000;
        const answer = await client.computeQuote({ input: { strategy: 'llm-api' } }, { deadline });
        assert.equal(answer.quote?.strategy, 'llm-api');
        assert.equal(answer.quote.amount, '1.5');
        const [context] = contexts;
        assert.equal(context?.method, 'ratebook.v1.RateService/ComputeQuote');
        assert.equal(context.caller.name, 'local');
        assert.ok(Math.abs(context.deadline - deadline) < 1_000);
        assert.match(context.traceId, /^[\da-f]{32}$/);
        assert.equal(context.signal.aborted, false);
      });
    });

    it('a refusal keeps its reason, message, violations, metadata and delay', async () => {
      const violations = [
        { field: 'input.usages[0].facts.model', description: '"gpt" is not one of a, b' },
        { field: 'input.usages[0].facts.größe', description: 'missing' },
      ];
      const refused = new RatebookError('INVALID_FACTS', 'two facts: 100 % wrong — 你好', {
        violations,
        metadata: { fact: 'model' },
        retryAfterMs: 1_500,
      });
      await carry({ computeQuote: () => Promise.reject(refused) }, async (client, logged) => {
        const error = await client.computeQuote({}).catch((e: unknown) => e);
        assert.ok(error instanceof RatebookError);
        const { reason, message, metadata, retryAfterMs } = error;
        assert.deepEqual(
          { reason, message, violations: error.violations, metadata, retryAfterMs },
          {
            reason: 'INVALID_FACTS',
            message: refused.message,
            violations,
            metadata: { fact: 'model' },
            retryAfterMs: 1_500,
          },
        );
        assert.deepEqual(logged, []);
      });
    });

    for (const [kind, thrown] of [
      ['an error', new Error('password=hunter2')],
      ['a string', 'password=hunter2'],
      ['nothing at all', undefined],
      ['our own INTERNAL', new RatebookError('INTERNAL', 'password=hunter2')],
    ] as const) {
      it(`what nobody foresaw (${kind}) leaks nothing and is in the log under its trace id`, async () => {
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        await carry({ computeQuote: () => Promise.reject(thrown) }, async (client, logged) => {
          const error = await client.computeQuote({}).catch((e: unknown) => e);
          assert.ok(error instanceof RatebookError);
          assert.equal(error.reason, 'INTERNAL');
          const [, traceId] =
            /^Something went wrong on our side; quote trace id ([\da-f]{32}) when you report it\.$/.exec(
              error.message,
            ) ?? [];
          assert.doesNotMatch(JSON.stringify([error.message, error.metadata, error.violations]), /hunter2/);
          assert.equal(logged.length, 1);
          assert.equal(logged[0]?.['trace_id'], traceId);
          assert.equal(logged[0]?.['method'], 'ratebook.v1.RateService/ComputeQuote');
          if (thrown !== undefined) assert.match(JSON.stringify(logged[0]), /hunter2/);
        });
      });
    }

    it('a handler that throws at once, without a promise, is no different', async () => {
      const computeQuote = () => {
        throw new RatebookError('NO_PRICE', 'no rule charges for this');
      };
      await carry({ computeQuote }, async (client) => {
        await assert.rejects(client.computeQuote({}), refusal('NO_PRICE', /^no rule charges for this$/));
      });
    });

    it('the deadline ends a handler that never looks at the clock, and aborts its signal', async () => {
      const reasons: Promise<RatebookError>[] = [];
      const computeQuote = (_: unknown, context: CallContext) => {
        reasons.push(over(context));
        return new Promise<never>(() => undefined);
      };
      await carry({ computeQuote }, async (client) => {
        const call = client.computeQuote({}, { deadline: Date.now() + 60 });
        await assert.rejects(call, refusal('DEADLINE_EXCEEDED', /./));
        const reason = await reasons[0];
        assert.ok(['DEADLINE_EXCEEDED', 'CANCELLED'].includes(reason?.reason ?? ''));
      });
    });

    it('a caller that gives up aborts the handler, and is told CANCELLED', async () => {
      const given = new AbortController();
      const reasons: Promise<RatebookError>[] = [];
      const computeQuote = async (_: unknown, context: CallContext) => {
        reasons.push(over(context));
        given.abort();
        return await new Promise<never>(() => undefined);
      };
      await carry({ computeQuote }, async (client) => {
        await assert.rejects(client.computeQuote({}, { signal: given.signal }), refusal('CANCELLED', /./));
        assert.equal((await reasons[0])?.reason, 'CANCELLED');
        await assert.rejects(client.computeQuote({}, { signal: given.signal }), refusal('CANCELLED', /./));
      });
    });

    it('a stream answers item by item, in order, before its requests end', async () => {
      await carry({ streamQuotes: echo }, async (client) => {
        let answered = 0;
        const requests = async function* () {
          for (let i = 0; i < 500; i++) {
            // The next request is only sent when the one before was answered, now and then.
            if (i % 100 === 0) assert.ok(answered <= i);
            yield await Promise.resolve({ input: { strategy: String(i) } });
          }
        };
        for await (const { outcome } of client.streamQuotes(requests())) {
          assert.equal(outcome?.outcome.case, 'quote');
          assert.equal(strategyOf(outcome), String(answered++));
        }
        assert.equal(answered, 500);
      });
    });

    it('an error in the middle of a stream comes after the answers before it', async () => {
      const streamQuotes = async function* (requests: AsyncIterable<{ input?: { strategy: string } }>) {
        yield* echo(requests);
        throw new RatebookError('UNAVAILABLE', 'enough', { retryAfterMs: 7 });
      };
      await carry({ streamQuotes }, async (client) => {
        const seen: unknown[] = [];
        const read = async () => {
          for await (const answer of client.streamQuotes(items({}, {}, {}))) seen.push(answer);
        };
        await assert.rejects(read(), refusal('UNAVAILABLE', /^enough$/));
        assert.equal(seen.length, 3);
      });
    });

    it('a reader that stops early aborts the handler and lets the source of requests clean up', async () => {
      const reasons: Promise<RatebookError>[] = [];
      let cleaned = false;
      const requests = async function* () {
        try {
          for (;;) {
            await new Promise(setImmediate);
            yield {};
          }
        } finally {
          cleaned = true;
        }
      };
      const streamQuotes = async function* (incoming: AsyncIterable<object>, context: CallContext) {
        reasons.push(over(context));
        yield* echo(incoming);
      };
      await carry({ streamQuotes }, async (client) => {
        for await (const answer of client.streamQuotes(requests())) {
          assert.ok(answer);
          break;
        }
        if (carrier === 'over a port') assert.equal((await reasons[0])?.reason, 'CANCELLED');
        while (!cleaned) await new Promise(setImmediate);
      });
    });

    it('what the source of requests throws is what the reader of answers is told', async () => {
      const requests = async function* () {
        yield await Promise.resolve({});
        throw new RatebookError('TOO_LARGE', 'line 2 is too long');
      };
      await carry({ streamQuotes: echo }, async (client) => {
        await assert.rejects(collected(client.streamQuotes(requests())), refusal('TOO_LARGE', /^line 2/));
      });
    });
  });
}

async function* echo(requests: AsyncIterable<{ input?: { strategy: string } }>) {
  for await (const request of requests) {
    const value = { strategy: request.input?.strategy ?? '' };
    yield { outcome: { outcome: { case: 'quote' as const, value } } };
  }
}

function strategyOf(outcome: { outcome: { case?: string; value?: object } } | undefined): unknown {
  const value = outcome?.outcome.value;
  return value !== undefined && 'strategy' in value ? value.strategy : undefined;
}
