import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DescFile, DescService } from '@bufbuild/protobuf';
import { RatebookError } from '../../../src/errors/error.js';
import { type Peer, type Role, identify } from '../../../src/platform/auth/caller.js';
import { missingRows, permissions, permit } from '../../../src/platform/auth/permissions.js';
import { fullName } from '../../../src/platform/grpc/handlers.js';

const generated = new URL('../../../src/gen/ratebook/v1/', import.meta.url);

describe('platform/auth/permissions', () => {
  it('has a row for every method of every service, and no other row', async () => {
    const services = await allServices();
    const methods = services.flatMap((service) => service.methods.map(fullName));
    assert.ok(methods.length >= 12);
    assert.deepEqual(missingRows(permissions, methods), []);
    assert.deepEqual(
      Object.keys(permissions).filter((row) => !methods.includes(row)),
      [],
    );
    assert.deepEqual(
      Object.entries(permissions).filter(([, roles]) => roles.length === 0),
      [],
    );
  });

  for (const [method, role, allowed] of [
    ['StrategyService/PublishRevision', 'publisher', true],
    ['StrategyService/PublishRevision', 'analyst', false],
    ['StrategyService/PublishRevision', 'service', false],
    ['StrategyService/WithdrawRevision', 'analyst', false],
    ['StrategyService/RollBackStrategy', 'service', false],
    ['StrategyService/WatchRevisions', 'service', true],
    ['RateService/ComputeQuote', 'service', true],
    ['RateService/ComputeQuote', 'analyst', true],
    ['RateService/RateUsage', 'service', true],
    ['RateService/StreamRateUsage', 'publisher', false],
    ['RateService/CancelUsage', 'analyst', false],
    ['RateService/ReplayRating', 'analyst', true],
    ['RateService/Nothing', 'publisher', false],
    ['AccountService/CreateAccount', 'service', true],
    ['AccountService/EndSubscription', 'publisher', true],
    ['AccountService/SetAccountAttributes', 'analyst', false],
    ['AccountService/ListSubscriptions', 'analyst', true],
  ] as const) {
    it(`${role} ${allowed ? 'may' : 'may not'} call ${method}`, () => {
      const call = () => {
        permit(permissions, `ratebook.v1.${method}`, { name: 'someone', roles: [role] });
      };
      if (allowed) call();
      else
        assert.throws(call, (e: unknown) => e instanceof RatebookError && e.reason === 'PERMISSION_DENIED');
    });
  }

  it('names of Object.prototype are no rows', () => {
    assert.deepEqual(missingRows(permissions, ['constructor', 'toString', '__proto__']).length, 3);
  });
});

describe('platform/auth/caller', () => {
  for (const [peer, name, roles] of [
    [{ kind: 'trusted', name: undefined }, 'local', ['analyst', 'publisher', 'service']],
    [{ kind: 'trusted', name: 'invoice' }, 'invoice', ['analyst', 'publisher', 'service']],
    [{ kind: 'certificate', name: 'ada', units: ['publisher', 'finance'] }, 'ada', ['publisher']],
    [{ kind: 'certificate', name: 'ada', units: [] }, 'ada', []],
  ] as readonly (readonly [Peer, string, readonly Role[]])[]) {
    it(`${JSON.stringify(peer)} → ${name} as ${roles.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(identify(peer), { name, roles });
    });
  }

  for (const peer of [
    { kind: 'stranger' },
    { kind: 'trusted', name: '' },
    { kind: 'trusted', name: 'a\nb' },
    { kind: 'certificate', name: 'x'.repeat(129), units: ['publisher'] },
  ] as readonly Peer[]) {
    it(`${JSON.stringify(peer).slice(0, 60)} is refused`, () => {
      assert.throws(
        () => identify(peer),
        (e: unknown) => e instanceof RatebookError && e.reason === 'UNAUTHENTICATED',
      );
    });
  }
});

/** From the generated files themselves, so that a service that is added later is not forgotten here. */
async function allServices(): Promise<DescService[]> {
  const names = readdirSync(fileURLToPath(generated)).filter((name) => name.endsWith('_pb.js'));
  const modules = await Promise.all(
    names.map(
      (name) => import(new URL(name, generated).href) as Promise<Record<string, DescFile | DescService>>,
    ),
  );
  return modules
    .flatMap((module) => Object.values(module))
    .filter((exported): exported is DescService => exported.kind === 'service');
}
