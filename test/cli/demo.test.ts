import { toNumber } from '../../src/money/decimal.js';
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSales } from '../../src/cli/demo/generated-sales.js';
import { generateUsage } from '../../src/cli/demo/generated-usage.js';
import { addValues, goodsValue, knownValue } from '../../src/cli/demo/goods-value.js';
import { integerSum } from '../../src/cli/demo/integer-sum.js';
import { publishExamples } from '../../src/cli/demo/publish-examples.js';
import { recordSales } from '../../src/cli/demo/record-sales.js';
import { PENCE, scaledText } from '../../src/cli/demo/scaled-text.js';
import { runProgram } from '../../src/cli/program.js';
import { callServer } from '../../src/cli/server.js';
import type { Terminal } from '../../src/cli/terminal.js';
import { readTokenUsage } from '../../src/intake/token-usage.js';
import { rulesFile } from '../rules/example.js';
import { folder, ratebook } from './run.js';
import { service } from './service.js';

describe('cli/demo', function () {
  this.timeout(60_000);

  it('prices a file of usage and agrees with the sum in integers', async () => {
    const own = await mkdtemp(join(tmpdir(), 'ratebook-demo-test-'));
    const file = join(own, 'usage.csv');
    await writeFile(
      file,
      'occurred_at,model,input_tokens,output_tokens\n2026-01-05T18:59:59Z,code,1000,200\n2026-01-05T19:00:00Z,conv,1000,200\n',
    );
    const printed = await demo(file);
    await rm(own, { recursive: true });
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

  it('generated sales have all that recorded ones have', () => {
    const files = generateSales(20101201);
    const lines = files.flatMap(({ text }) => text.trimEnd().split('\n').slice(1));
    assert.deepEqual([files.length, lines.length, files[4]?.name], [13, 2_015, '2011-04-01.csv']);
    const share = (of: RegExp) => lines.filter((line) => of.test(line)).length / lines.length;
    for (const [what, of, least, most] of [
      ['cancelled', /^C.*,-\d+,2/, 0.01, 0.1],
      ['of nobody', /,,United Kingdom$/, 0.1, 0.3],
      ['given away', /:00,0,/, 0.001, 0.01],
      ['carriage', /,POST,/, 0.0005, 0.01],
    ] as const)
      assert.ok(share(of) >= least && share(of) <= most, `${what}: ${share(of)}`);
    assert.deepEqual(generateSales(20101201), files);
  });

  it('generated sales come to what README.md shows', async () => {
    const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
    const value = addValues(generateSales(20101201).map(({ name, text }) => goodsValue(name, text)));
    for (const told of [
      `${value.lines.toLocaleString('en')} lines of ${value.customers.size} customers, generated (seed 20101201)`,
      `\n${value.repeated} lines are the same as another`,
      `pennies: ${scaledText(knownValue(value), PENCE)} GBP, the same on every day; ${scaledText(value.total, PENCE)} with`,
    ])
      assert.ok(readme.includes(told), told);
  });

  it('sales are summed up in pennies, line by line', () => {
    const text = `${SALES_TITLES}A1,1,"a, b",6,2010-12-01 08:26:00,2.55,1.0,UK\r
A1,1,"a, b",6,2010-12-01 08:26:00,2.55,1.0,UK\r
CA2,1,x,-1,2010-12-01 08:26:00,3,1.0,UK\r
A3,1,x,2,2010-12-01 08:26:00,0.5,,UK\r
`;
    // 2 × 6 × 2.55, less 3; and 2 × 0.50 of nobody
    assert.deepEqual(goodsValue('day.csv', text), {
      ...{ lines: 4, repeated: 1, total: 2860n },
      customers: new Map([['1.0', { bought: 3060n, cancelled: 300n }]]),
    });
    assert.throws(() => goodsValue('day.csv', `${text}A4,1,x,two`), /day\.csv has a line .*: A4,1,x,two/);
    assert.deepEqual(
      [250n, -5n, 100n, 0n].map((pennies) => scaledText(pennies, PENCE)),
      ['2.5', '-0.05', '1', '0'],
    );
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

const SALES_TITLES = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n';

describe('cli/demo, examples', function () {
  this.timeout(60_000);
  const { at, write } = folder();
  const { address } = service();

  it('are published once, and again when they have changed', async () => {
    const { text } = rulesFile('online-shop.yaml');
    const publish = async () => {
      const out: string[] = [];
      const published = await callServer(address(), (services) =>
        publishExamples(services, at('.'), quiet(out)),
      );
      return [published.map(({ strategy, number }) => [strategy, number]), out.join('')] as const;
    };
    await write('online-shop.yaml', text);
    const [first, told] = await publish();
    assert.deepEqual(first, [['online-shop', 1n]]);
    assert.match(told, /^Published 1 strategies: online-shop [0-9a-f]{8}\.\n$/);
    assert.deepEqual(await publish(), [[], 'All 1 strategies are published already.\n']);
    await write(
      'online-shop.yaml',
      text.replace('of: value, negative', 'of: value, multiplier: 2, negative'),
    );
    assert.deepEqual((await publish())[0], [['online-shop', 2n]]);
  });
});

function quiet(out: string[]): Terminal {
  return { print: (text) => out.push(text), complain: () => undefined, input: process.stdin, color: false };
}

/** Sells goods by a text of the strategy, in a Ratebook of its own. */
function shop(strategy: string) {
  const { at, write } = folder();
  const { address } = service();
  before(async () => {
    const file = await write('online-shop.yaml', strategy);
    const options = ['--effective-from', '2010-01-01T00:00:00Z', '--server', address()];
    assert.equal((await ratebook(['publish', file, ...options])).code, 0);
  });
  return async (lines: readonly string[]) => {
    const out: string[] = [];
    const files = [await write('2010-12-01.csv', SALES_TITLES + lines.map((line) => `${line}\n`).join(''))];
    const sales = { address: address(), files, folder: at('.'), origin: 'of a test.' };
    return { addsUp: await recordSales(sales, quiet(out)), out: out.join('') };
  };
}

describe('cli/demo, sales', function () {
  this.timeout(60_000);
  const { text } = rulesFile('online-shop.yaml');
  const line = (rest: string) => `536365,21730,"HEART, WHITE",${rest},United Kingdom`;

  describe('by the prices of the example', () => {
    const sell = shop(text);
    it('are usage of their customers, and add up to the pennies', async () => {
      const lines = [
        line('6,2010-12-01 08:26:00,2.55,1.0'),
        line('6,2010-12-01 08:26:00,2.55,1.0'),
        line('-10,2010-12-01 08:26:00,2.5,2.0'),
        line('1,2010-12-01 09:00:00,9.99,'),
        line('1,2010-12-01 09:00:00,0,2.0'),
      ];
      const { addsUp, out } = await sell(lines);
      assert.equal(addsUp, true, out);
      for (const told of [
        /^2010-12-01 +5 +4 +0 +1 +5.6$/m,
        /rejected: 1 since the account is not there\.\n1 line is the same/,
        /whole pennies: 5\.6 GBP, the same on every day; 15\.59 with the lines that name no customer\./,
        /The statement of 1\.0, who has bought most, [^]*?goods +sold +online-shop@1 +1 +30.6 +30.6 +GBP\n/,
        /The statement of 2\.0, who has cancelled most, [^]*?goods +cancelled +online-shop@1 +1 +-25 +-25 +GBP\n/,
        /all 2 customers add up to 5\.6 GBP, as the pennies do\.\n.* once more: 4 duplicates, and nothing has changed\./,
      ])
        assert.match(out, told);
      assert.equal((await sell(lines)).addsUp, true);
    });
  });

  describe('by other prices', () => {
    const sell = shop(text.replace('of: value, negative', 'of: value, multiplier: 2, negative'));
    it('do not add up', async () => {
      const { addsUp, out } = await sell([line('1,2010-12-01 08:26:00,2.55,3.0')]);
      assert.equal(addsUp, false);
      assert.match(
        out,
        /2\.55 GBP, NOT the same on 2010-12-01; [^]* add up to 5\.1 GBP, NOT as the pennies do\./,
      );
    });
  });
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
