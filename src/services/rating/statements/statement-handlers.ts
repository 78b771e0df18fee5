import type { RateService } from '../../../gen/ratebook/v1/rate_pb.js';
import type { Handlers } from '../../../platform/grpc/handlers.js';
import type { RecordingPorts } from '../recording/ports.js';
import { closeStatement } from './close-statement.js';
import {
  fromProtoCloseStatement,
  fromProtoListStatements,
  fromProtoPreviewStatement,
  fromProtoStatementName,
  fromProtoSummarizePeriod,
  toProtoPreview,
  toProtoStatement,
  toProtoSummary,
} from './convert-statement.js';
import { getStatement } from './get-statement.js';
import { listStatements } from './list-statements.js';
import { previewStatement } from './preview-statement.js';
import { summarizePeriod } from './summarize-period.js';

type StatementMethods =
  'closeStatement' | 'previewStatement' | 'getStatement' | 'listStatements' | 'summarizePeriod';

/** The methods of RateService that cut through what was rated. */
export function statementHandlers(
  ports: RecordingPorts,
): Pick<Handlers<typeof RateService>, StatementMethods> {
  return {
    closeStatement: async (request, { caller, signal }) => {
      const input = fromProtoCloseStatement(request, caller.name);
      const statement = await closeStatement(input, ports, signal);
      return { statement: statement && toProtoStatement(statement) };
    },

    previewStatement: async (request, { signal }) => {
      const content = await previewStatement(fromProtoPreviewStatement(request), ports, signal);
      return { statement: content && toProtoPreview(content) };
    },

    getStatement: async ({ name }) => ({
      statement: toProtoStatement(await getStatement(fromProtoStatementName(name), ports)),
    }),

    listStatements: async (request) => {
      const { name, page } = fromProtoListStatements(request);
      const { items, nextToken } = await listStatements(name, page, ports);
      return { statements: items.map(toProtoStatement), nextPageToken: nextToken };
    },

    summarizePeriod: async (request) => ({
      summary: toProtoSummary(await summarizePeriod(fromProtoSummarizePeriod(request), ports)),
    }),
  };
}
