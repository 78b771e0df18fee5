import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { FACTS, REBATES, STRATEGY, folder, ratebook } from './run.js';

/** The compiled program, as an analyst starts it. */
const PROGRAM = 'dist/src/cli/ratebook.js';

describe('cli/program', () => {
  const { at, write } = folder();
  before(async () => {
    await write('hosting.yaml', STRATEGY);
    await write('rebates.csv', REBATES);
    await write('facts.json', FACTS);
  });

  it('teaches when it is started alone', async () => {
    const { code, out } = await ratebook([]);
    assert.equal(code, 0);
    for (const verb of [
      'validate',
      'fmt',
      'test',
      'quote',
      'explain',
      'simulate',
      'publish',
      'history',
      'show',
      'rollback',
      'account',
      'subscribe',
      'usage',
      'ratings',
      'serve',
      'demo',
    ])
      assert.match(out, new RegExp(`^  ${verb} +[A-Z].*\\.$`, 'm'));
  });

  it('shows the options of a verb', async () => {
    const { code, out, err } = await ratebook(['quote', '--help']);
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /--facts <file>/);
  });

  it('prints JSON and nothing else, and ends with the code of its verb', () => {
    const facts = FACTS.replace('120.0', '0');
    const args = [PROGRAM, 'quote', at('hosting.yaml'), '--facts', '-', '--json'];
    const { status, stdout, stderr } = spawnSync('node', args, { input: facts, encoding: 'utf8' });
    assert.deepEqual([status, stderr], [3, '']);
    assert.match(stdout, /"reason": "NO_PRICE"/);
  });

  it('ends quietly when its reader has seen enough', () => {
    const shell = `node ${PROGRAM} quote ${at('hosting.yaml')} --facts ${at('facts.json')} | true`;
    const { status, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', shell], { encoding: 'utf8' });
    assert.deepEqual([status, stderr], [0, '']);
  });
});
