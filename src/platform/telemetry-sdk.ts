/** A running OpenTelemetry SDK. */
export type Telemetry = {
  /** Sends what was recorded and not sent yet. */
  readonly stop: () => Promise<void>;
};

/**
 * Starts OpenTelemetry when there is somewhere to send to (OTEL_EXPORTER_OTLP_ENDPOINT; the SDK reads the other OTEL_
 * variables itself); otherwise not even its modules are loaded. Await this before anything imports `mongodb`: the
 * driver is instrumented while it loads. Spans of commands hang under the call that made them; values of queries and
 * arguments of the process stay out.
 */
export async function startTelemetry(endpoint: string | undefined): Promise<Telemetry> {
  if (endpoint === undefined) return { stop: () => Promise.resolve() };
  const [{ NodeSDK, resources }, { MongoDBInstrumentation }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/instrumentation-mongodb'),
  ]);
  const sdk = new NodeSDK({
    serviceName: process.env['OTEL_SERVICE_NAME'] ?? 'ratebook',
    resourceDetectors: [resources.envDetector],
    // Logs go to stderr as lines; whoever runs Ratebook collects them there.
    logRecordProcessors: [],
    instrumentations: [new MongoDBInstrumentation({ enhancedDatabaseReporting: false })],
  });
  sdk.start();
  return { stop: () => sdk.shutdown() };
}
