import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RateService } from '../../../src/gen/ratebook/v1/rate_pb.js';
import type { Caller } from '../../../src/platform/auth/caller.js';
import { permissions } from '../../../src/platform/auth/permissions.js';
import { connectTo, createClient } from '../../../src/platform/grpc/client.js';
import type { CallContext } from '../../../src/platform/grpc/handlers.js';
import { type RunningServer, startServer } from '../../../src/platform/grpc/server.js';
import { createLog } from '../../../src/platform/log.js';
import { rateBinding, refusal } from './serving.js';

/** Certificates are made here, with openssl, so that none is committed and none runs out. */
describe('platform/grpc over TLS', () => {
  const dir = mkdtempSync(join(tmpdir(), 'ratebook-tls-'));
  const callers: Caller[] = [];
  let server: RunningServer;
  let ca: string;

  before(async () => {
    selfSigned('ca', '/CN=Test authority');
    selfSigned('other', '/CN=Another authority');
    signed('server', '/CN=localhost', 'ca');
    signed('rating', '/CN=rating/OU=service/OU=analyst', 'ca');
    signed('nobody', '/CN=nobody', 'ca');
    signed('forged', '/CN=rating/OU=service', 'other');
    ca = pem('ca.crt');
    const computeQuote = (_: unknown, { caller }: CallContext) => {
      callers.push(caller);
      return Promise.resolve({ quote: { amount: '1' } });
    };
    server = await startServer({
      services: [rateBinding({ computeQuote })],
      listen: 'localhost:0',
      permissions,
      log: createLog('silent'),
      tls: { certificate: pem('server.crt'), key: pem('server.key'), clientCa: ca },
    });
  });
  after(async () => {
    await server.drain(20);
    rmSync(dir, { recursive: true });
  });

  it('the caller is the subject of its certificate, its roles the organizational units; its own word counts for nothing', async () => {
    await call({ ca, ...pair('rating') });
    assert.deepEqual(callers, [{ name: 'rating', roles: ['analyst', 'service'] }]);
  });

  it('a certificate without a role may call nothing', async () => {
    await assert.rejects(
      call({ ca, ...pair('nobody') }),
      refusal('PERMISSION_DENIED', /"nobody" may not call/),
    );
  });

  for (const [what, tls] of [
    ['no certificate', () => ({ ca })],
    ['a certificate of another authority', () => ({ ca, ...pair('forged') })],
    ['trust in another authority only', () => ({ ca: pem('other.crt'), ...pair('rating') })],
    ['no TLS', () => undefined],
  ] as const) {
    it(`${what}: no connection`, async () => {
      await assert.rejects(call(tls()), refusal('UNAVAILABLE', /cannot be reached/));
      assert.equal(callers.length, 1);
    });
  }

  async function call(tls: { ca: string; certificate?: string; key?: string } | undefined) {
    const channel = connectTo(server.address, { tls, caller: 'publisher' });
    await createClient(RateService, channel).computeQuote({}).finally(channel.close);
  }

  function pair(name: string) {
    return { certificate: pem(`${name}.crt`), key: pem(`${name}.key`) };
  }

  function pem(file: string): string {
    return readFileSync(join(dir, file), 'utf8');
  }

  function openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
  }

  function selfSigned(name: string, subject: string): void {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-subj',
      subject,
      '-days',
      '2',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.crt`,
    );
  }

  function signed(name: string, subject: string, authority: string): void {
    openssl(
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-subj',
      subject,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
    );
    writeFileSync(join(dir, 'san'), 'subjectAltName=DNS:localhost');
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      `${authority}.crt`,
      '-CAkey',
      `${authority}.key`,
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      'san',
      '-out',
      `${name}.crt`,
    );
  }
});
