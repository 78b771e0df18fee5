import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Running, startRatebook } from '../../src/main.js';
import { createLog } from '../../src/platform/log.js';
import { freshDatabase, testMongoUri } from '../mongo.js';
import { withFragment } from './fragment.js';

const RATEBOOK = fileURLToPath(new URL('../../src/cli/ratebook.js', import.meta.url));

/** Does to a folder what a block says in its first line: `# use.yaml`, or `# translate.yaml, added`. */
export async function saveBlock(folder: string, text: string): Promise<void> {
  const [, name = '', change, rest = ''] = /^# (\S+\.(?:yaml|csv))(, \w+)?\n(.*)$/s.exec(text) ?? [];
  const path = join(folder, name);
  await writeFile(path, change === undefined ? rest : withFragment(await readFile(path, 'utf8'), rest));
}

/** Types a command into a shell in the folder; what it prints on both its outputs, as a terminal shows it. */
export function typeCommand(folder: string, command: string): Promise<string> {
  const typed = command.replace(/\bnpx ratebook /, `"${process.execPath}" "${RATEBOOK}" `);
  const env = { ...process.env, USER: 'ann', NO_COLOR: '1', RATEBOOK_CALLER: undefined };
  return new Promise((resolve) => {
    execFile('sh', ['-c', `${typed} 2>&1`], { cwd: folder, env }, (_failed, printed) => {
      resolve(printed.trimEnd());
    });
  });
}

/** What a reader starts with `ratebook serve`. */
export async function serveReadme(dataDir: string): Promise<Running> {
  return startRatebook({
    services: ['catalog', 'rating'],
    mongoUri: await testMongoUri(),
    dataDir,
    server: { listen: '127.0.0.1:0', insecure: false },
    client: {},
    engine: 'compiled',
    database: freshDatabase(),
    log: createLog('silent'),
    onProgress: console.warn,
  });
}

const README_ADDRESS = '127.0.0.1:50051';

/** The README names the port that `serve` listens on unless told; a test listens on any. */
export function atAddress(command: string, address: string): string {
  return command.replaceAll(README_ADDRESS, address);
}

/** What differs from run to run: the port, the instants, and the columns that are as wide as they are. */
export function withoutInstants(printed: string, address: string): string {
  return printed
    .replaceAll(address, README_ADDRESS)
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'an instant')
    .replaceAll(/ {2,}/g, '  ')
    .replaceAll(/ +$/gm, '');
}
