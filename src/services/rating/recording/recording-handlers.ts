import type { RateService } from '../../../gen/ratebook/v1/rate_pb.js';
import { gathered } from '../../../platform/grpc/gathered.js';
import type { Handlers } from '../../../platform/grpc/handlers.js';
import { counter } from '../../../platform/telemetry.js';
import { fromProtoKey, fromProtoListRatings, fromProtoPaged, fromProtoRetry } from './convert-request.js';
import { fromProtoUsages } from './convert-usage.js';
import { toProtoOutcome, toProtoRating, toProtoUnpriced } from './convert-rating.js';
import { getRating } from './get-rating.js';
import { listRatings } from './list-ratings.js';
import { listUnpriced } from './list-unpriced.js';
import type { RecordingPorts } from './ports.js';
import { recordMessages } from './record-messages.js';
import { replayRating } from './replay-rating.js';
import { retryUnpriced } from './retry-unpriced.js';
import type { UsageOutcome } from './usage.js';

const countUsage = counter(
  'ratebook.usages',
  'Uses that were sent, by outcome: rated, duplicate, unpriced or rejected.',
);

/** Items of a stream that are stored together when they come faster than they can be stored one by one. */
const MOST_TOGETHER = 500;

type RecordingMethods =
  | 'rateUsage'
  | 'batchRateUsage'
  | 'streamRateUsage'
  | 'getRating'
  | 'listRatings'
  | 'listUnpriced'
  | 'retryUnpriced'
  | 'replayRating';

/** The methods of RateService that store. */
export function recordingHandlers(
  ports: RecordingPorts,
): Pick<Handlers<typeof RateService>, RecordingMethods> {
  return {
    rateUsage: async ({ usage }, { signal }) => {
      const [outcome] = await recordMessages([usage], ports, signal);
      return { outcome: outcome && told(outcome) };
    },

    batchRateUsage: async ({ usages }, { signal }) => ({
      outcomes: (await recordMessages(fromProtoUsages(usages), ports, signal)).map(told),
    }),

    streamRateUsage: async function* (requests, { signal }) {
      for await (const group of gathered(requests, MOST_TOGETHER)) {
        const usages = group.map(({ usage }) => usage);
        for (const outcome of await recordMessages(usages, ports, signal)) yield { outcome: told(outcome) };
      }
    },

    getRating: async (request) => ({
      ratings: (await getRating(fromProtoKey(request), ports)).map(toProtoRating),
    }),

    listRatings: async (request) => {
      const { listed, page } = fromProtoListRatings(request);
      const { items, nextToken } = await listRatings(listed, page, ports);
      return { ratings: items.map(toProtoRating), nextPageToken: nextToken };
    },

    listUnpriced: async (request) => {
      const { account, page } = fromProtoPaged(request);
      const { items, nextToken } = await listUnpriced(account, page, ports);
      return { usages: items.map(toProtoUnpriced), nextPageToken: nextToken };
    },

    retryUnpriced: async (request, { signal }) => {
      const { account, page } = fromProtoRetry(request);
      const { items, nextToken } = await retryUnpriced(account, page, { ports, signal });
      return { outcomes: items.map(told), nextPageToken: nextToken };
    },

    replayRating: async (request) => {
      const number = Number(request.number) || 1;
      const { stored, computed, agrees } = await replayRating(fromProtoKey(request), number, ports);
      return { stored: toProtoRating(stored), computed: toProtoRating(computed), agrees };
    },
  };
}

function told(outcome: UsageOutcome) {
  countUsage({ outcome: outcome.kind });
  return toProtoOutcome(outcome);
}
