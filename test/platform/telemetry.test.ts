import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const traced = fileURLToPath(new URL('traced.js', import.meta.url));

type Saw = { readonly instrumented: boolean; readonly traceId: string; readonly sdkModules: number };
type Attribute = { readonly key: string; readonly value: { readonly stringValue?: string } };
type Span = {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly attributes: readonly Attribute[];
};
type Point = {
  readonly attributes: readonly Attribute[];
  readonly count?: number | string;
  readonly asDouble?: number;
};
type Metric = {
  readonly name: string;
  readonly unit: string;
  readonly histogram?: { readonly dataPoints: readonly Point[] };
  readonly sum?: { readonly dataPoints: readonly Point[] };
};
type Batch = {
  readonly resourceSpans?: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[];
  }[];
};

describe('platform/telemetry', () => {
  it('sends a span and a duration for each call, counts, and instruments the driver', async () => {
    const collector = await collecting();
    const { saw, stderr } = await run({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    });
    collector.close();
    assert.equal(stderr, '');
    assert.equal(saw.instrumented, true);

    const batches = collector.bodies.map((body) => JSON.parse(body) as Batch);
    const spans = batches
      .flatMap((b) => b.resourceSpans ?? [])
      .flatMap((r) => r.scopeSpans)
      .flatMap((s) => s.spans);
    const [quote, explain] = ['ComputeQuote', 'ExplainQuote'].map((method) =>
      spans.find((span) => span.name === `ratebook.v1.RateService/${method}`),
    );
    assert.equal(quote?.traceId, saw.traceId);
    assert.equal(quote.kind, 2);
    assert.equal(labels(quote)['rpc.response.status_code'], 'OK');
    assert.equal(labels(explain)['rpc.response.status_code'], 'FAILED_PRECONDITION');

    const metrics = batches
      .flatMap((b) => b.resourceMetrics ?? [])
      .flatMap((r) => r.scopeMetrics)
      .flatMap((s) => s.metrics);
    const durations = metrics.find(({ name }) => name === 'rpc.server.call.duration');
    assert.equal(durations?.unit, 's');
    assert.deepEqual(
      durations.histogram?.dataPoints.map((point) => [labels(point), Number(point.count)]),
      [
        [
          {
            'rpc.system.name': 'grpc',
            'rpc.service': 'ratebook.v1.RateService',
            'rpc.method': 'ComputeQuote',
            'rpc.response.status_code': 'OK',
          },
          1,
        ],
        [
          {
            'rpc.system.name': 'grpc',
            'rpc.service': 'ratebook.v1.RateService',
            'rpc.method': 'ExplainQuote',
            'rpc.response.status_code': 'FAILED_PRECONDITION',
          },
          1,
        ],
      ],
    );
    const quotes = metrics.find(({ name }) => name === 'ratebook.quotes');
    assert.deepEqual(
      quotes?.sum?.dataPoints.map((point) => [labels(point), point.asDouble]),
      [[{ outcome: 'priced' }, 1]],
    );
    assert.doesNotMatch(collector.bodies.join(), /hunter2/);
  });

  it('without an endpoint loads nothing, starts nothing and says nothing; calls still have a trace id', async () => {
    const { saw, stderr } = await run({});
    assert.equal(stderr, '');
    assert.equal(saw.instrumented, false);
    assert.equal(saw.sdkModules, 0);
    assert.match(saw.traceId, /^[\da-f]{32}$/);
  });
});

function labels(
  of: { readonly attributes: readonly Attribute[] } | undefined,
): Record<string, string | undefined> {
  return Object.fromEntries((of?.attributes ?? []).map(({ key, value }) => [key, value.stringValue]));
}

async function run(env: Record<string, string>): Promise<{ saw: Saw; stderr: string }> {
  const { PATH } = process.env;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [traced], { env: { PATH, ...env } });
  return { saw: JSON.parse(stdout) as Saw, stderr };
}

/** Takes what an OTLP exporter sends. */
async function collecting() {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString());
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, bodies, close: () => server.close() };
}
