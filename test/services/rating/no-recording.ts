import { RatebookError } from '../../../src/errors/error.js';
import type { RateService } from '../../../src/gen/ratebook/v1/rate_pb.js';
import type { Handlers } from '../../../src/platform/grpc/handlers.js';

const unexpected = () => Promise.reject(new RatebookError('CONFLICT', 'This test does not call it.'));

/** The methods that store, for a service that is asked for quotes only. */
export const noRecording = {
  rateUsage: unexpected,
  batchRateUsage: unexpected,
  streamRateUsage: async function* () {
    await unexpected();
  },
  getRating: unexpected,
  listRatings: unexpected,
  listUnpriced: unexpected,
  retryUnpriced: unexpected,
  cancelUsage: unexpected,
  replayRating: unexpected,
  amendUsage: unexpected,
  explainRating: unexpected,
  rerate: unexpected,
  purchase: unexpected,
  confirmPurchase: unexpected,
  cancelPurchase: unexpected,
  reserve: unexpected,
  commit: unexpected,
  release: unexpected,
  getHold: unexpected,
  closeStatement: unexpected,
  previewStatement: unexpected,
  getStatement: unexpected,
  listStatements: unexpected,
  summarizePeriod: unexpected,
  watchEvents: async function* () {
    yield await unexpected();
  },
} satisfies Partial<Handlers<typeof RateService>>;
