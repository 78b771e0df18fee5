import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RatebookError } from '../../src/errors/error.js';
import { readConfig } from '../../src/platform/config.js';

describe('platform/config', () => {
  const dir = mkdtempSync(join(tmpdir(), 'ratebook-config-'));
  const file = (name: string, content: string) => {
    writeFileSync(join(dir, name), content);
    return join(dir, name);
  };
  const certificate = file('certificate', '-----BEGIN CERTIFICATE-----\n');
  const key = file('key', '-----BEGIN PRIVATE KEY-----\n');
  after(() => {
    rmSync(dir, { recursive: true });
  });

  it('an empty environment is a laptop', () => {
    const { server, client, engine, logLevel, mongodb, otlpEndpoint } = readConfig({ PATH: '/bin' });
    assert.deepEqual(
      [server.listen, server.insecure, server.tls, server.drainMs, client.address, engine, logLevel],
      ['127.0.0.1:50051', false, undefined, 30_000, '127.0.0.1:50051', 'compiled', 'info'],
    );
    assert.deepEqual([mongodb.uri, client.tls, otlpEndpoint], [undefined, undefined, undefined]);
  });

  it('reads every setting', () => {
    const config = readConfig({
      MONGODB_URI: 'mongodb://db/?replicaSet=rs',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
      RATEBOOK_ADDRESS: 'ratebook:1',
      RATEBOOK_CALLER: 'invoice',
      RATEBOOK_DATABASE: 'prices',
      RATEBOOK_DATA_DIR: '/data',
      RATEBOOK_DRAIN_SECONDS: '0',
      RATEBOOK_DUE_SECONDS: '5',
      RATEBOOK_ENGINE: 'reference',
      RATEBOOK_INSECURE: 'true',
      RATEBOOK_LISTEN: '0.0.0.0:2',
      RATEBOOK_LOG_LEVEL: ' debug ',
      RATEBOOK_MONGOD: '/bin/mongod',
      RATEBOOK_TLS_CA: certificate,
      RATEBOOK_TLS_CERTIFICATE: certificate,
      RATEBOOK_TLS_CLIENT_CA: certificate,
      RATEBOOK_TLS_KEY: key,
    });
    const [C, K] = ['-----BEGIN CERTIFICATE-----\n', '-----BEGIN PRIVATE KEY-----\n'];
    assert.deepEqual(config, {
      mongodb: {
        uri: 'mongodb://db/?replicaSet=rs',
        mongod: '/bin/mongod',
        dataDir: '/data',
        database: 'prices',
      },
      server: {
        listen: '0.0.0.0:2',
        insecure: true,
        tls: { certificate: C, key: K, clientCa: C },
        drainMs: 0,
      },
      client: { address: 'ratebook:1', caller: 'invoice', tls: { certificate: C, key: K, ca: C } },
      dueEveryMs: 5_000,
      engine: 'reference',
      logLevel: 'debug',
      otlpEndpoint: 'http://collector:4318',
    });
  });

  it('a client may know only whom it believes', () => {
    assert.equal(readConfig({ RATEBOOK_TLS_CA: certificate }).client.tls?.certificate, undefined);
    assert.equal(readConfig({ RATEBOOK_TLS_CA: certificate }).server.tls, undefined);
  });

  for (const [env, ...faults] of [
    [{ RATEBOOK_ENGINE: 'fast' }, 'RATEBOOK_ENGINE: "fast" is not one of compiled, reference.'],
    [{ RATEBOOK_INSECURE: 'yes' }, 'RATEBOOK_INSECURE: "yes" is not one of true, false.'],
    [
      { RATEBOOK_DRAIN_SECONDS: '1.5' },
      'RATEBOOK_DRAIN_SECONDS: "1.5" is not a whole number of seconds from 0 to 3600.',
    ],
    [
      { RATEBOOK_DRAIN_SECONDS: '3601' },
      'RATEBOOK_DRAIN_SECONDS: "3601" is not a whole number of seconds from 0 to 3600.',
    ],
    [
      { RATEBOOK_LISEN: 'x' },
      'RATEBOOK_LISEN: This is no setting of Ratebook; did you mean RATEBOOK_LISTEN?',
    ],
    [
      { RATEBOOK_TLS_KEY: key },
      'RATEBOOK_TLS_CERTIFICATE: is not set; a certificate and its key are needed together.',
    ],
    [
      { RATEBOOK_TLS_CA: '/nowhere' },
      "RATEBOOK_TLS_CA: /nowhere cannot be read (ENOENT: no such file or directory, open '/nowhere').",
    ],
    [
      { RATEBOOK_LOG_LEVEL: 'loud', RATEBOOK_DRAIN_SECONDS: 'x' },
      'RATEBOOK_DRAIN_SECONDS: "x" is not a whole number of seconds from 0 to 3600.',
      'RATEBOOK_LOG_LEVEL: "loud" is not one of debug, info, warn, error, silent.',
    ],
  ] as const) {
    it(`refuses ${Object.keys(env).join(' and ')}: ${faults.join(' ')}`.slice(0, 100), () => {
      assert.throws(
        () => readConfig(env),
        (error: unknown) => {
          assert.ok(error instanceof RatebookError);
          assert.equal(error.reason, 'INVALID_REQUEST');
          assert.deepEqual(
            error.violations.map((v) => `${v.field}: ${v.description}`),
            faults,
          );
          return true;
        },
      );
    });
  }

  it('refuses a file that is no PEM', () => {
    const path = file('text', 'hello');
    assert.throws(() => readConfig({ RATEBOOK_TLS_CA: path }), /text is not a PEM file\.$/);
  });
});
