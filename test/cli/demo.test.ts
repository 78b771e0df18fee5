import { toNumber } from '../../src/money/decimal.js';
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateUsage } from '../../src/cli/demo/generated-usage.js';
import { integerSum } from '../../src/cli/demo/integer-sum.js';
import { runProgram } from '../../src/cli/program.js';
import type { Terminal } from '../../src/cli/terminal.js';
import { readTokenUsage } from '../../src/intake/token-usage.js';

describe('cli/demo', function () {
  this.timeout(60_000);

  it('prices a file of usage and agrees with the sum in integers', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ratebook-demo-test-'));
    const file = join(folder, 'usage.csv');
    await writeFile(
      file,
      'occurred_at,model,input_tokens,output_tokens\n2026-01-05T18:59:59Z,code,1000,200\n2026-01-05T19:00:00Z,conv,1000,200\n',
    );
    const printed = await demo(file);
    await rm(folder, { recursive: true });
    assert.match(printed, /Total: 0\.00408 USD for 2 calls/);
    assert.match(printed, /An independent sum in integers: 0\.00408 USD, the same, to the last digit\./);
    assert.match(printed, /input at busy hours \(priority 10\), won/);
  });

  it('generated usage has the counts of the published trace, and its means to within 6 %', () => {
    const usages = generateUsage(20231116);
    assert.equal(usages.length, 28_185);
    for (const [model, calls, input, output] of [
      ['code', 8_819, 2_047.85, 27.88],
      ['conv', 19_366, 1_154.7, 211.13],
    ] as const) {
      const own = usages.filter((usage) => usage.model === model);
      const mean = (of: 'input' | 'output') =>
        own.reduce((sum, usage) => sum + toNumber(usage[of]), 0) / own.length;
      assert.equal(own.length, calls);
      assert.ok(Math.abs(mean('input') / input - 1) < 0.06, `${model} input ${mean('input')}`);
      assert.ok(Math.abs(mean('output') / output - 1) < 0.06, `${model} output ${mean('output')}`);
    }
    assert.deepEqual(generateUsage(20231116).slice(0, 50), usages.slice(0, 50));
  });

  it('the sum in integers goes over the million where output gets cheaper', () => {
    const usages = readTokenUsage(
      {
        name: 'u.csv',
        text: 'occurred_at,input_tokens,output_tokens\n2026-01-05T03:00:00Z,0,900000\n2026-01-05T03:00:00Z,0,200000\n',
      },
      'conv',
    );
    assert.equal(integerSum(usages), '2.6');
  });

  for (const [text, fault] of [
    ['a,b\n1,2\n', /has no column occurred_at, input_tokens, output_tokens; its titles are a, b/],
    [
      'occurred_at,input_tokens,output_tokens\n2026-01-05T03:00:00Z,x,1\nyesterday,1,1\n',
      /u\.csv:2: "x" is not a number \(and 1 more\)/,
    ],
  ] as const) {
    it(`refuses ${JSON.stringify(text).slice(0, 60)}`, () => {
      assert.throws(() => readTokenUsage({ name: 'u.csv', text }, 'conv'), fault);
    });
  }
});

/** With a MongoDB server of its own, as for a newcomer: what it publishes must not meet other tests. */
async function demo(file: string): Promise<string> {
  const given = process.env['MONGODB_URI'];
  delete process.env['MONGODB_URI'];
  let printed = '';
  const print = (text: string) => {
    printed += text;
  };
  const terminal: Terminal = { print, complain: () => undefined, input: process.stdin, color: false };
  try {
    assert.equal(await runProgram(['demo', '--usage', file], terminal), 0, printed);
    return printed;
  } finally {
    if (given !== undefined) process.env['MONGODB_URI'] = given;
  }
}
