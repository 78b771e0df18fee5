import type { RateService } from '../../../gen/ratebook/v1/rate_pb.js';
import type { Handlers } from '../../../platform/grpc/handlers.js';
import { toProtoExplanation } from '../convert-quote.js';
import { toProtoRating } from '../recording/convert-rating.js';
import { fromProtoKey, fromProtoSentKey } from '../recording/convert-request.js';
import { fromProtoAmendedUsage } from '../recording/convert-usage.js';
import type { RecordingPorts } from '../recording/ports.js';
import { amendUsage } from './amend-usage.js';
import { cancelUsage } from './cancel-usage.js';
import { fromProtoRerate, toProtoRerated } from './convert-rerate.js';
import { explainRating } from './explain-rating.js';
import { rerate } from './rerate.js';

type CorrectionMethods = 'cancelUsage' | 'amendUsage' | 'explainRating' | 'rerate';

/** The methods of RateService that put right what was rated, and say why it was. */
export function correctionHandlers(
  ports: RecordingPorts,
): Pick<Handlers<typeof RateService>, CorrectionMethods> {
  return {
    cancelUsage: async (request) => {
      const reversal = await cancelUsage(fromProtoSentKey(request), ports);
      return { reversal: reversal && toProtoRating(reversal) };
    },

    amendUsage: async ({ usage }, { signal }) => {
      const { reversal, rating } = await amendUsage(fromProtoAmendedUsage(usage), ports, signal);
      return { reversal: reversal && toProtoRating(reversal), rating: toProtoRating(rating) };
    },

    explainRating: async (request) => {
      const number = Number(request.number) || 1;
      const { rating, explanation, nearest } = await explainRating(fromProtoKey(request), number, ports);
      return { rating: toProtoRating(rating), explanation: toProtoExplanation(explanation, nearest) };
    },

    rerate: async (request, { signal }) =>
      toProtoRerated(await rerate(fromProtoRerate(request), ports, signal)),
  };
}
