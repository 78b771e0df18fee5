import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import type { TokenUsage } from '../../intake/token-usage.js';
import type { GivenFact } from '../../quote/input.js';
import { type Decimal, formatDecimal } from '../../money/decimal.js';
import { createLog } from '../../platform/log.js';
import type { Running } from '../../main.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { explanationText } from '../explanation-text.js';
import { explainOnline } from '../online-quote.js';
import { callServer } from '../server.js';
import { type Terminal, paint } from '../terminal.js';
import { type Cli } from '../verb.js';
import { integerSum } from './integer-sum.js';
import { priceUsage } from './price-usage.js';
import { startProgress } from './progress.js';
import { publishExamples } from './publish-examples.js';
import { recordSales } from './record-sales.js';
import { recordUsage } from './record-usage.js';
import { findUsage } from './recorded-usage.js';
import { type Revenue, addRevenue, noRevenue, revenueTable } from './revenue.js';
import { findSales } from './sales-files.js';

const RULES = new URL('../../../../rules/', import.meta.url);

export function demoCommand({ terminal, run }: Cli): Command {
  return new Command('demo')
    .description('Start everything, publish the examples, and price and record real usage.')
    .option(
      '--usage <file>',
      'price and record this CSV alone: occurred_at, input_tokens, output_tokens and perhaps model, cached_tokens',
    )
    .action(({ usage }: { usage?: string }) => run(demo(usage, terminal)));
}

/** Everything that is started here is stopped and removed again, however it ends. */
async function demo(usageFile: string | undefined, terminal: Terminal): Promise<ExitCode> {
  const { usages, origin } = await findUsage(usageFile, terminal);
  const dataDir = await mkdtemp(join(tmpdir(), 'ratebook-demo-'));
  let running: Running | undefined;
  try {
    running = await startServices(dataDir, terminal);
    await callServer(running.address, (services) =>
      publishExamples(services, fileURLToPath(RULES), terminal),
    );
    terminal.print(
      `\n${paint(terminal, 'bold', 'Usage')}: ${usages.length.toLocaleString('en')} calls of a language model, ${origin}\n`,
    );
    const { matches, total } = await priceAll(running.address, usages, terminal);
    await explainOne(running.address, usages, terminal);
    const addsUp = await recordUsage(running.address, { usages, total }, terminal);
    const sold = usageFile !== undefined || (await sellGoods(running.address, dataDir, terminal));
    terminal.print(whatNext());
    return matches && addsUp && sold ? EXIT.done : EXIT.failed;
  } finally {
    await running?.stop(1_000);
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Whatever it writes is in the folder, since what is recorded may lie where nobody may write. */
async function sellGoods(address: string, dataDir: string, terminal: Terminal): Promise<boolean> {
  const folder = join(dataDir, 'sales');
  await mkdir(folder, { recursive: true });
  return recordSales({ address, folder, ...(await findSales(folder)) }, terminal);
}

async function startServices(dataDir: string, terminal: Terminal): Promise<Running> {
  const { startRatebook } = await import('../../main.js');
  const running = await startRatebook({
    services: ['catalog', 'rating'],
    mongoUri: process.env['MONGODB_URI'],
    dataDir,
    database: 'ratebook_demo',
    server: { listen: '127.0.0.1:0' },
    client: {},
    engine: 'compiled',
    log: createLog('warn'),
    onProgress: (text) => {
      terminal.complain(`${text}\n`);
    },
  });
  const database = running.mongo.kind === 'embedded' ? 'a MongoDB server of its own' : 'your MongoDB';
  terminal.print(`Catalog and rating services run on ${running.address}, with ${database}.\n`);
  return running;
}

async function priceAll(
  address: string,
  usages: readonly TokenUsage[],
  terminal: Terminal,
): Promise<{ readonly matches: boolean; readonly total: Decimal }> {
  const revenue = noRevenue();
  const progress = startProgress(usages.length, terminal);
  const seconds = await callServer(address, async ({ rating }) => {
    const started = performance.now();
    for await (const priced of priceUsage(rating, usages)) {
      addRevenue(revenue, priced);
      progress.advance();
    }
    return (performance.now() - started) / 1000;
  });
  progress.finish();
  terminal.print(`\n${revenueTable(revenue)}\n`);
  terminal.print(
    `Total: ${formatDecimal(revenue.total)} USD for ${revenue.calls.toLocaleString('en')} calls, `,
  );
  terminal.print(
    `${Math.round(revenue.calls / seconds).toLocaleString('en')} quotes a second over one gRPC stream.\n`,
  );
  return { matches: checkSum(revenue, usages, terminal), total: revenue.total };
}

function checkSum({ total }: Revenue, usages: readonly TokenUsage[], terminal: Terminal): boolean {
  const expected = integerSum(usages);
  if (expected === undefined) {
    terminal.print('No independent sum: a model is not in the price list of rules/llm-api.yaml.\n');
    return true;
  }
  const same = expected === formatDecimal(total);
  const verdict = same
    ? paint(terminal, 'green', 'the same, to the last digit')
    : paint(terminal, 'red', 'NOT the same; has rules/llm-api.yaml been changed?');
  terminal.print(`An independent sum in integers: ${expected} USD, ${verdict}.\n`);
  return same;
}

async function explainOne(address: string, usages: readonly TokenUsage[], terminal: Terminal): Promise<void> {
  const [usage] = usages;
  if (usage === undefined) return;
  const text = (value: string): GivenFact => ({ kind: 'text', text: value });
  const facts = new Map<string, GivenFact>([
    ['model', text(usage.model)],
    ['input_tokens', text(formatDecimal(usage.input))],
    ['cached_tokens', text(formatDecimal(usage.cached))],
    ['output_tokens', text(formatDecimal(usage.output))],
    ['occurred_at', { kind: 'instant', at: usage.at }],
  ]);
  const input = {
    moment: 'usage' as const,
    usages: [facts],
    used: new Map(),
    totals: new Map(),
    lines: [],
    service: {},
  };
  const view = await explainOnline(address, 'strategies/llm-api', input);
  terminal.print(
    `\n${paint(terminal, 'bold', 'The first call, explained')}\n\n${explanationText(view, terminal)}`,
  );
}

function whatNext(): string {
  return `
Next:
  npx ratebook test rules                    run the cases of every example
  npx ratebook serve --data ./data           keep the services running
  npx ratebook publish rules/llm-api.yaml --server 127.0.0.1:50051
  rules/README.md                            write a strategy of your own
`;
}
