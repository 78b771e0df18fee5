import { randomUUID } from 'node:crypto';
import {
  type Context,
  SpanKind,
  SpanStatusCode,
  context,
  isSpanContextValid,
  metrics,
  propagation,
  trace,
} from '@opentelemetry/api';
import type { Status } from '../errors/catalogue.js';

/** Reads a header of a call. */
export type Headers = (name: string) => string | undefined;

/** One call under observation. */
export type ObservedCall = {
  readonly traceId: string;
  /** Runs something with the call's span as the active one. */
  readonly within: <R>(run: () => R) => R;
  /** Ends the span and records the duration. */
  readonly end: (outcome: Status | 'OK') => void;
};

/**
 * Starts the span of a call, under the caller's if the headers name one. Without a running SDK (see telemetry-sdk.ts)
 * all of this does next to nothing. No request field is ever recorded, and no metric is labelled by caller.
 */
export function observeCall(method: string, headers: Headers): ObservedCall {
  const [service = '', name = ''] = method.split('/');
  const labels = { 'rpc.system.name': 'grpc', 'rpc.service': service, 'rpc.method': name };
  const started = performance.now();
  const parent = propagation.extract(context.active(), headers, {
    get: (from, key) => from(key),
    keys: () => [],
  });
  const span = trace
    .getTracer('ratebook')
    .startSpan(method, { kind: SpanKind.SERVER, attributes: labels }, parent);
  const inside: Context = trace.setSpan(parent, span);
  const spanContext = span.spanContext();
  return {
    traceId: isSpanContextValid(spanContext) ? spanContext.traceId : randomUUID().replaceAll('-', ''),
    within: (run) => context.with(inside, run),
    end: (outcome) => {
      const status = { 'rpc.response.status_code': outcome };
      span.setAttributes(status);
      if (outcome === 'INTERNAL') span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
      callDuration().record((performance.now() - started) / 1000, { ...labels, ...status });
    },
  };
}

/** Headers that make the next service's span a child of the active one; none without a running SDK. */
export function traceHeaders(): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers;
}

/** A counter for what a service does, such as quotes by outcome. Label it by a few fixed words, never by an id. */
export function counter(
  name: string,
  description: string,
): (labels: Readonly<Record<string, string>>) => void {
  const instrument = whenFirstUsed(() => metrics.getMeter('ratebook').createCounter(name, { description }));
  return (labels) => {
    instrument().add(1, labels);
  };
}

const callDuration = whenFirstUsed(() =>
  metrics.getMeter('ratebook').createHistogram('rpc.server.call.duration', {
    description: 'Time from a call to the end of its answer.',
    unit: 's',
    advice: {
      explicitBucketBoundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    },
  }),
);

/** An instrument made before the SDK runs would never record, so it is made when it is first used. */
function whenFirstUsed<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
