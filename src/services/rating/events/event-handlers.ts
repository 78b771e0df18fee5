import type { RateService } from '../../../gen/ratebook/v1/rate_pb.js';
import type { Handlers } from '../../../platform/grpc/handlers.js';
import type { RecordingPorts } from '../recording/ports.js';
import { fromProtoWatchEvents, toProtoTold } from './convert-event.js';
import { watchEvents } from './watch-events.js';

/** The method of RateService that tells of what happens. */
export function eventHandlers(ports: RecordingPorts): Pick<Handlers<typeof RateService>, 'watchEvents'> {
  return {
    watchEvents: async function* (request, { signal }) {
      const input = { ...fromProtoWatchEvents(request), signal };
      for await (const told of watchEvents(input, ports)) yield toProtoTold(told);
    },
  };
}
