import assert from 'node:assert/strict';
import { RateService } from '../../../src/gen/ratebook/v1/rate_pb.js';
import { StrategyService } from '../../../src/gen/ratebook/v1/strategy_pb.js';
import { permissions } from '../../../src/platform/auth/permissions.js';
import { createClient } from '../../../src/platform/grpc/client.js';
import { localChannel } from '../../../src/platform/grpc/local.js';
import { createLog } from '../../../src/platform/log.js';
import { rateBinding, refusal } from './serving.js';

/** What a call meets on its way is tested in chain.test.ts, over a port and in one process alike. */
describe('platform/grpc/local', () => {
  const options = { permissions, log: createLog('silent'), caller: 'rating' };

  it('refuses a service whose methods have no row', () => {
    const open = () => localChannel([rateBinding({})], { ...options, permissions: {} });
    assert.throws(open, refusal('INVALID_REQUEST', /no row for ratebook\.v1\.RateService\/ComputeQuote/));
  });

  it('an empty row lets nobody in, here too', async () => {
    const table = { ...permissions, 'ratebook.v1.RateService/ComputeQuote': [] };
    const channel = localChannel([rateBinding({})], { ...options, permissions: table });
    const call = createClient(RateService, channel).computeQuote({});
    await assert.rejects(call, refusal('PERMISSION_DENIED', /^"rating" may not call/));
  });

  it('says which method this process does not host', async () => {
    const channel = localChannel([rateBinding({})], options);
    const call = createClient(StrategyService, channel).listStrategies({});
    await assert.rejects(
      call,
      refusal('INTERNAL', /does not host ratebook\.v1\.StrategyService\/ListStrategies/),
    );
  });
});
