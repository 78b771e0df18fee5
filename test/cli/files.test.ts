import assert from 'node:assert/strict';
import { mkdir, readFile, truncate } from 'node:fs/promises';
import { REBATES, STRATEGY, folder, ratebook } from './run.js';

type Json = Readonly<Record<string, unknown>>;

describe('cli/validate, cli/fmt and cli/test', () => {
  const { at, write } = folder();
  before(async () => {
    await write('hosting.yaml', STRATEGY);
    await write('rebates.csv', REBATES);
  });

  it('finds nothing wrong with a valid file', async () => {
    assert.deepEqual(await ratebook(['validate', at('hosting.yaml')]), {
      code: 0,
      out: 'ok: 1 file can be published.\n',
      err: '',
    });
  });

  it('shows each fault with its line', async () => {
    const file = await write('typo.yaml', STRATEGY.replace('currency: EUR', 'currency: eur'));
    const { code, out, err } = await ratebook(['validate', file]);
    assert.deepEqual([code, out], [2, '']);
    assert.ok(
      err.includes(
        `--> ${file}:2:11\n  |\n2 | currency: eur\n  |           ^^^\n  = help: did you mean \`EUR\`?`,
      ),
      err,
    );
  });

  it('tells programs of the faults of all files, also in CSV files and cases', async () => {
    await write('rebates2.csv', 'plan,rebate\nfree,none\n');
    const csv = await write('csv.yaml', STRATEGY.replace('rebates.csv', 'rebates2.csv'));
    const own = await write('own.yaml', STRATEGY.replace('amount: 11', 'amont: 11'));
    await write('split.cases.yaml', '- { name: x, facts: {}, expct: {} }\n');
    const split = await write('split.yaml', STRATEGY);
    const { code, out, err } = await ratebook(['validate', csv, own, split, '--json']);
    const { valid, faults } = JSON.parse(out) as { valid: boolean; faults: Json[] };
    assert.deepEqual([code, valid, err], [2, false, '']);
    const files = new Set(faults.map(({ file }) => file));
    assert.deepEqual([...files], [at('rebates2.csv'), own, at('split.cases.yaml')]);
    assert.deepEqual(Object.keys(faults[0] ?? {}), [
      'file',
      'line',
      'column',
      'path',
      'message',
      'hint',
      'severity',
    ]);
  });

  it('refuses rules that tie, with facts that show it', async () => {
    const again = '  - name: again\n    event: { type: charge, params: { price: traffic } }\n';
    const file = await write('tie.yaml', STRATEGY.replace('\ncases:', `${again}\ncases:`));
    const { code, err } = await ratebook(['validate', file]);
    assert.equal(code, 2);
    assert.match(err, /"again" and "traffic" charge line traffic with priority 1, and both match traffic = /);
  });

  it('takes a CSV that is not there as a fault', async () => {
    const file = await write('lost.yaml', STRATEGY.replace('rebates.csv', 'lost.csv'));
    const { code, err } = await ratebook(['validate', file]);
    assert.equal(code, 2);
    assert.match(err, /lost\.csv/);
  });

  it('refuses a file of 50 MB before reading it, and bytes', async () => {
    await truncate(await write('big.yaml', ''), 50_000_000);
    await write('bytes.yaml', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 255));
    const { code, err } = await ratebook(['validate', at('big.yaml'), at('bytes.yaml')]);
    assert.equal(code, 2);
    assert.match(err, /has 50000000 bytes; at most 4 MiB are read/);
    assert.match(err, /plain text in UTF-8/);
  });

  for (const [args, message] of [
    [['validate', 'nothing.yaml'], /^error: There is no file nothing\.yaml;.*\n$/],
    [['validate', '.'], /^error: \. is a folder; name a file in it\.\n$/],
    [['validate'], /^error: missing required argument 'file'; see --help\.\n$/],
    [['validte', 'x'], /^error: unknown command 'validte'; did you mean validate\?\n$/],
    [['test', 'nothing'], /^error: There is no file nothing;/],
    [['fmt', 'nothing.yaml'], /^error: There is no file/],
    [['fmt', 'x', '--chek'], /^error: unknown option '--chek'; did you mean --check\?\n$/],
    [['quote', 'x', '--facts', 'y', 'z'], /^error: too many arguments for 'quote'/],
    [['quote', '-', '--facts', '-'], /^error: Strategy and facts cannot both come from stdin/],
  ] as const) {
    it(`cannot run: ratebook ${args.join(' ')}`, async () => {
      const { code, out, err } = await ratebook(args);
      assert.deepEqual([code, out], [1, '']);
      assert.match(err, message);
    });
  }

  it('tells programs what kept it from running', async () => {
    const { code, out } = await ratebook(['validate', 'nothing.yaml', '--json']);
    assert.equal(code, 1);
    const { error } = JSON.parse(out) as { error: Json };
    assert.equal(error['reason'], 'INVALID_REQUEST');
  });

  it('lays files out in place, and lists those that it would change', async () => {
    const file = await write(
      'loose.yaml',
      STRATEGY.replace('strategy: hosting', 'strategy:   hosting # ours'),
    );
    const check = await ratebook(['fmt', file, at('hosting.yaml'), '--check']);
    assert.deepEqual([check.code, check.out.includes(file)], [3, true]);
    assert.equal((await ratebook(['fmt', file])).code, 0);
    assert.match(await readFile(file, 'utf8'), /^strategy: hosting # ours\n/);
    assert.deepEqual(await ratebook(['fmt', file, '--check']), { code: 0, out: '', err: '' });
  });

  it('lays stdin out on stdout', async () => {
    assert.deepEqual(await ratebook(['fmt', '-'], 'strategy:   x\n'), {
      code: 0,
      out: 'strategy: x\n',
      err: '',
    });
    assert.equal((await ratebook(['fmt', '-'], '{"strategy":"x"}')).out, '{\n  "strategy": "x"\n}\n');
  });

  it('formats nothing when one of the files has faults', async () => {
    const loose = await write('loose2.yaml', 'strategy:   x\n');
    const broken = await write('broken.yaml', 'strategy: [ x\n');
    const { code, err } = await ratebook(['fmt', loose, broken]);
    assert.equal(code, 2);
    assert.match(err, /broken\.yaml:/);
    assert.equal(await readFile(loose, 'utf8'), 'strategy:   x\n');
  });

  describe('test', () => {
    before(async () => {
      await mkdir(at('rules/more'), { recursive: true });
      await write('rules/more/hosting.yaml', STRATEGY);
      await write('rules/more/rebates.csv', REBATES);
      await write('rules/rebates.csv', REBATES);
      await write(
        'rules/wrong.yaml',
        STRATEGY.replace('amount: 11', 'amount: 12, error: NO_PRICE').replace(', error: NO_PRICE', ''),
      );
      await write(
        'rules/wrong.cases.yaml',
        '- { name: apart, facts: { traffic: 0, plan: pro, occurred_at: 2026-01-05T12:00:00Z }, expect: { error: NO_PRICE } }\n',
      );
      await write('rules/other.json', '{"compose": 1}');
    });

    it('runs the cases of every strategy in a folder', async () => {
      const { code, out } = await ratebook(['test', at('rules'), '--json']);
      assert.equal(code, 3);
      const { passed, failed, cases } = JSON.parse(out) as { passed: number; failed: number; cases: Json[] };
      assert.deepEqual([passed, failed], [2, 1]);
      assert.deepEqual(cases[1], {
        file: at('rules/wrong.yaml'),
        name: 'into the second tier',
        passed: false,
        expected: { amount: '12' },
        actual: { amount: '11' },
      });
      assert.equal(cases[2]?.['file'], at('rules/wrong.cases.yaml'));
    });

    it('shows what differs', async () => {
      const { code, out, err } = await ratebook(['test', at('rules/wrong.yaml')]);
      assert.deepEqual([code, err], [3, '']);
      const difference = '    amount: expected 12, got 11';
      assert.equal(
        out,
        `✗ ${at('rules/wrong.yaml')}: into the second tier\n${difference}\n1 passed, 1 failed in 1 file.\n`,
      );
    });

    it('says of a file that it has no cases', async () => {
      const file = await write('none.yaml', STRATEGY.slice(0, STRATEGY.indexOf('\ncases:')));
      const { code, out } = await ratebook(['test', file]);
      assert.equal(code, 0);
      assert.match(out, /none\.yaml: it has no cases/);
    });

    it('runs the others when a document is invalid', async () => {
      const { code, out } = await ratebook(['test', at('typo.yaml'), at('hosting.yaml'), '--json']);
      const { passed, faults } = JSON.parse(out) as { passed: number; faults: Json[] };
      assert.deepEqual([code, passed, faults.length], [2, 1, 1]);
    });

    it('finds no strategy in a folder without one', async () => {
      await mkdir(at('empty'));
      const { code, err } = await ratebook(['test', at('empty')]);
      assert.equal(code, 1);
      assert.match(err, /There is no strategy file in/);
    });
  });
});
