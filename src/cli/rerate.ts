import { Command } from 'commander';
import type { RerateDifference, RerateResponse } from '../gen/ratebook/v1/rate_pb.js';
import { fromRpcStatus } from '../platform/grpc/status.js';
import { toTimestamp } from '../platform/grpc/timestamp.js';
import { subscriptionName } from '../services/rating/client.js';
import { type Instant, parseInstant } from '../time/instant.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { type ServerOptions, addServerOptions } from './revision-options.js';
import { parseRevisionNumber } from './revision-name.js';
import { instantText } from './revision-view.js';
import { callServer } from './server.js';
import { type SubscriptionName, parseSubscription } from './subscription-name.js';
import { count, left, right, table } from './table.js';
import { type Terminal, printJson } from './terminal.js';
import { type Cli, optionOf } from './verb.js';

const HELP = `
Uses are rated again in the order in which they were recorded. Without --apply nothing is stored: the answer names
a plan, and --apply with it stores just that, once. A plan is refused when anything has changed since.

Examples:
  ratebook rerate acme/main --from 2026-01-01T00:00:00Z --to 2026-02-01T00:00:00Z --server 127.0.0.1:50051
  ratebook rerate acme/main --from 2026-01-01T00:00:00Z --revision 3 --json --server 127.0.0.1:50051`;

type RerateOptions = ServerOptions & {
  readonly from?: Instant;
  readonly to?: Instant;
  readonly revision?: number;
  readonly apply?: string;
};

export function rerateCommand({ terminal, run }: Cli): Command {
  const command = new Command('rerate')
    .description('Rate the usage of whole periods again, and see every difference before it is stored.')
    .argument('<account/subscription>', 'such as acme/main', optionOf(parseSubscription))
    .option(
      '--from <instant>',
      'from the period that this lies in; the first unless given',
      optionOf(parseInstant),
    )
    .option(
      '--to <instant>',
      'to the period that begins here, left out; all unless given',
      optionOf(parseInstant),
    )
    .option(
      '--revision <n>',
      'the revision to rate by; those that would be chosen now unless given',
      optionOf(parseRevisionNumber),
    )
    .option('--apply <plan>', 'store the plan of an earlier answer');
  return addServerOptions(command)
    .addHelpText('after', HELP)
    .action((name: SubscriptionName, options: RerateOptions) => run(rerate(name, options, terminal)));
}

async function rerate(name: SubscriptionName, options: RerateOptions, terminal: Terminal): Promise<ExitCode> {
  const { from, to, revision = 0, apply = '', server, json } = options;
  const answer = await callServer(server, ({ rating }) =>
    rating.rerate({
      parent: subscriptionName(name),
      from: from === undefined ? undefined : toTimestamp(from),
      to: to === undefined ? undefined : toTimestamp(to),
      revision: BigInt(revision),
      plan: apply,
    }),
  );
  const view = viewRerated(answer);
  if (json) printJson(terminal, view);
  else terminal.print(`${differenceTable(view)}${summaryOf(view)}`);
  return EXIT.done;
}

/** As `--json` prints it. Amounts are exact decimals in `currency`. */
type RerateView = {
  readonly plan: string;
  readonly applied: boolean;
  readonly uses: number;
  readonly currency: string;
  readonly before: string;
  readonly after: string;
  readonly differences: readonly DifferenceView[];
};

type DifferenceView = {
  readonly usage_id: string;
  readonly occurred_at: string | null;
  readonly revision_before: number;
  readonly revision_after: number;
  readonly before: string;
  /** Null: it has no price any more, and stays as it is. */
  readonly after: string | null;
  readonly error: { readonly reason: string; readonly message: string } | null;
};

function viewRerated({ plan, applied, usageCount, ...answer }: RerateResponse): RerateView {
  const { currency, before, after, differences } = answer;
  return {
    ...{ plan, applied },
    uses: Number(usageCount),
    ...{ currency, before, after },
    differences: differences.map(viewDifference),
  };
}

function viewDifference(difference: RerateDifference): DifferenceView {
  const { usageId, before, after } = difference;
  const error = difference.error && fromRpcStatus(difference.error);
  return {
    usage_id: usageId,
    occurred_at: instantText(difference.occurredAt),
    revision_before: Number(difference.revisionBefore),
    revision_after: Number(difference.revisionAfter),
    before,
    after: after === '' ? null : after,
    error: error === undefined ? null : { reason: error.reason, message: error.message },
  };
}

const COLUMNS = [
  ...[left('Usage'), left('Occurred at'), right('Revision'), right('Before'), right('Revision')],
  ...[right('After'), left('')],
];

function differenceTable({ differences, currency }: RerateView): string {
  if (differences.length === 0) return '';
  return table(
    COLUMNS,
    differences.map(({ usage_id, occurred_at, revision_before, before, revision_after, after, error }) => [
      ...[usage_id, occurred_at ?? '', String(revision_before), before, String(revision_after)],
      ...[after ?? '', error === null ? currency : `${error.reason}: it stays`],
    ]),
  );
}

function summaryOf({ plan, applied, uses, currency, before, after, differences }: RerateView): string {
  const all = `${count(uses, 'use')} rated again: ${before} ${currency} before, ${after} ${currency} after.\n`;
  if (applied) return `${all}Stored.\n`;
  return differences.length === 0
    ? `${all}Nothing differs.\n`
    : `${all}Nothing is stored yet; to store it, run the same with --apply ${plan}\n`;
}
