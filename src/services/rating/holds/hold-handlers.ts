import type { RateService } from '../../../gen/ratebook/v1/rate_pb.js';
import type { Handlers } from '../../../platform/grpc/handlers.js';
import { toProtoOutcome } from '../recording/convert-rating.js';
import type { RecordingPorts } from '../recording/ports.js';
import { holdGroups } from './ask-hold.js';
import { fromProtoCommit, fromProtoHoldKey, fromProtoReserve, toProtoHold } from './convert-hold.js';
import { getHold } from './get-hold.js';

type HoldMethods = 'reserve' | 'commit' | 'release' | 'getHold';

/** The methods of RateService that charge while something is used. */
export function holdHandlers(ports: RecordingPorts): Pick<Handlers<typeof RateService>, HoldMethods> {
  const ask = holdGroups(ports);
  return {
    reserve: async (request) => ({ hold: toProtoHold((await ask(fromProtoReserve(request))).hold) }),

    commit: async (request) => {
      const { outcome, hold } = await ask(fromProtoCommit(request));
      return { outcome: outcome && toProtoOutcome(outcome), hold: toProtoHold(hold) };
    },

    release: async (request) => {
      const { hold } = await ask({ kind: 'release', key: fromProtoHoldKey(request) });
      return { hold: toProtoHold(hold) };
    },

    getHold: async (request) => ({ hold: toProtoHold(await getHold(fromProtoHoldKey(request), ports)) }),
  };
}
