import { homedir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { type Parsed, parsed, refused } from '../errors/parsed.js';
import type { Running, ServiceName } from '../main.js';
import { type Config, readConfig } from '../platform/config.js';
import { createLog } from '../platform/log.js';
import { startTelemetry } from '../platform/telemetry-sdk.js';
import { EXIT, type ExitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';
import { type Cli, optionOf } from './verb.js';

type ServeOptions = {
  readonly listen?: string;
  readonly data?: string;
  readonly mongodb?: string;
  readonly services: readonly ServiceName[];
  readonly catalog?: string;
};

export function serveCommand({ terminal, run }: Cli): Command {
  return new Command('serve')
    .description('Run the services until they are told to stop.')
    .option(
      '--listen <host:port>',
      'where to take calls; port 0 takes any free one (RATEBOOK_LISTEN, 127.0.0.1:50051)',
    )
    .option(
      '--data <dir>',
      'where a MongoDB server started here keeps its files (RATEBOOK_DATA_DIR, ~/.local/share/ratebook)',
    )
    .option('--mongodb <uri>', 'use this replica set instead of starting a server (MONGODB_URI)')
    .option('--services <names>', `which of ${NAMES.join(',')} to host`, optionOf(parseServices), NAMES)
    .option('--catalog <host:port>', 'where the catalog is, when this process does not host it')
    .action((options: ServeOptions) => run(serve(options, terminal)));
}

/** Not asked of main, which is loaded after telemetry has started. */
const NAMES: readonly ServiceName[] = ['catalog', 'rating'];

function parseServices(text: string): Parsed<readonly ServiceName[]> {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !NAMES.some((known) => known === name));
  if (unknown !== undefined) return refused(`"${unknown}" is no service; choose from ${NAMES.join(', ')}`);
  return parsed(NAMES.filter((known) => names.includes(known)));
}

async function serve(options: ServeOptions, terminal: Terminal): Promise<ExitCode> {
  const config = readConfig(process.env);
  const telemetry = await startTelemetry(config.otlpEndpoint);
  const running = await start(config, options, terminal);
  terminal.print(greeting(running, options, dataDirOf(config, options)));
  await toldToStop();
  terminal.complain('Stopping: calls under way may finish.\n');
  await running.stop(config.server.drainMs);
  await telemetry.stop();
  return EXIT.done;
}

async function start(config: Config, options: ServeOptions, terminal: Terminal): Promise<Running> {
  // Loaded only now: the MongoDB driver is instrumented while it loads, so telemetry has to run first.
  const { startRatebook } = await import('../main.js');
  return startRatebook({
    services: options.services,
    mongoUri: options.mongodb ?? config.mongodb.uri,
    dataDir: dataDirOf(config, options),
    database: config.mongodb.database,
    catalog: options.catalog,
    server: { ...config.server, listen: options.listen ?? config.server.listen },
    client: config.client,
    engine: config.engine,
    dueEveryMs: config.dueEveryMs,
    log: createLog(config.logLevel),
    onProgress: (text) => {
      terminal.complain(`${text}\n`);
    },
  });
}

function dataDirOf(config: Config, { data }: ServeOptions): string {
  return (
    data ??
    config.mongodb.dataDir ??
    join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'ratebook')
  );
}

function greeting({ address, mongo }: Running, { services }: ServeOptions, dataDir: string): string {
  const lines = [`Ratebook serves ${services.join(' and ')} on ${address}.`];
  if (mongo.kind === 'embedded') {
    lines.push(`Its data is in ${dataDir}, in a MongoDB server of its own (${mongo.uri}).`);
    lines.push('To use a replica set of yours: --mongodb URI, or set MONGODB_URI.');
  }
  if (services.includes('catalog'))
    lines.push(`Try: ratebook publish rules/llm-api.yaml --server ${address}`);
  lines.push('Stop with Ctrl-C.');
  return `${lines.join('\n')}\n`;
}

function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.once(signal, () => {
        resolve();
      });
  });
}
