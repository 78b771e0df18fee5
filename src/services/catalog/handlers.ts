import type { StrategyService } from '../../gen/ratebook/v1/strategy_pb.js';
import type { Handlers } from '../../platform/grpc/handlers.js';
import { mapped } from '../../platform/grpc/streams.js';
import type { Page } from '../../platform/page.js';
import {
  fromProtoCursor,
  fromProtoListRevisions,
  fromProtoListStrategies,
  fromProtoName,
  fromProtoPublish,
  fromProtoRollBack,
  fromProtoSource,
  fromProtoWithdraw,
  toProtoChecked,
  toProtoFault,
  toProtoRevision,
  toProtoWatched,
} from './convert.js';
import { getRevision } from './get-revision.js';
import { listRevisions } from './list-revisions.js';
import { listStrategies } from './list-strategies.js';
import type { CatalogPorts } from './ports.js';
import { publishRevision } from './publish-revision.js';
import type { Revision } from './revision.js';
import { rollBackStrategy } from './roll-back-strategy.js';
import { validateStrategy } from './validate-strategy.js';
import { watchRevisions } from './watch-revisions.js';
import { withdrawRevision } from './withdraw-revision.js';

/** StrategyService on these ports. */
export function catalogHandlers(ports: CatalogPorts): Handlers<typeof StrategyService> {
  return {
    validateStrategy: async (request) =>
      toProtoChecked(await validateStrategy(fromProtoSource(request.source), ports)),

    publishRevision: async (request, { caller }) => {
      const { revision, warnings } = await publishRevision(fromProtoPublish(request, caller.name), ports);
      return { revision: toProtoRevision(revision), warnings: warnings.map(toProtoFault) };
    },

    withdrawRevision: async (request, { caller }) => {
      const { revision } = await withdrawRevision(fromProtoWithdraw(request, caller.name), ports);
      return { revision: toProtoRevision(revision) };
    },

    rollBackStrategy: async (request, { caller }) => {
      const { revision } = await rollBackStrategy(fromProtoRollBack(request, caller.name), ports);
      return { revision: toProtoRevision(revision) };
    },

    getRevision: async (request) => ({
      revision: toProtoRevision(await getRevision(fromProtoName(request.name), ports)),
    }),

    listRevisions: async (request) => {
      const { strategy, page } = fromProtoListRevisions(request);
      return toProtoPage(await listRevisions(strategy, page, ports));
    },

    listStrategies: async (request) =>
      toProtoPage(await listStrategies(fromProtoListStrategies(request), ports)),

    watchRevisions: (request, { signal }) =>
      mapped(watchRevisions({ after: fromProtoCursor(request), signal }, ports), toProtoWatched),
  };
}

function toProtoPage({ items, nextToken }: Page<Revision>) {
  return { revisions: items.map(toProtoRevision), nextPageToken: nextToken };
}
