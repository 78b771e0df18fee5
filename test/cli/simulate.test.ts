import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { BackTestView } from '../../src/cli/simulate/back-test-view.js';
import { progressLine } from '../../src/cli/simulate/progress.js';
import { readShare } from '../../src/cli/simulate/read-share.js';
import type { GivenFact } from '../../src/quote/input.js';
import { type Ran, folder, ratebook } from './run.js';

/** Minutes at 0.10 to the hundredth of a month and at 0.05 beyond; nothing charges for messages. */
const BEFORE = `strategy: calls
currency: EUR
time_zone: UTC
period: month
facts:
  minutes: { type: decimal, min: 0, billable: true }
  messages: { type: decimal, min: 0, default: 0, billable: true }
prices:
  minutes: { model: graduated, quantity: minutes, tiers: [ { up_to: 100, unit_price: 0.10 }, { unit_price: 0.05 } ] }
rules:
  - name: minutes
    event: { type: charge, params: { price: minutes } }
`;
/** Minutes at 0.09, then 0.06; messages at 0.02; a line of regions on which nothing depends. */
const AFTER = `strategy: calls
currency: EUR
time_zone: UTC
period: month
facts:
  minutes: { type: decimal, min: 0, billable: true }
  messages: { type: decimal, min: 0, default: 0, billable: true }
  region: { type: string, one_of: [ eu, us ], default: eu }
prices:
  minutes: { model: graduated, quantity: minutes, tiers: [ { up_to: 100, unit_price: 0.09 }, { unit_price: 0.06 } ] }
  messages: { model: per_unit, quantity: messages, unit_price: 0.02 }
rules:
  - name: minutes
    event: { type: charge, params: { price: minutes } }
  - name: messages
    conditions: { all: [ { fact: messages, operator: greaterThan, value: 0 }, { fact: region, operator: in, value: [ eu, us ] } ] }
    event: { type: charge, params: { price: messages } }
`;

const TITLES = 'customer,usage_id,occurred_at,minutes,messages,region,note\n';
/**
 *                                                 before                          after
 *  2 ann, 80 minutes                              80 × 0.10 = 8.00                80 × 0.09 = 7.20
 *  3 bob, 10 minutes                              10 × 0.10 = 1.00                10 × 0.09 = 0.90
 *  4 ann, 50: 100 are passed                      20 × 0.10 + 30 × 0.05 = 3.50    20 × 0.09 + 30 × 0.06 = 3.60
 *  5 the same again                               –                               –
 *  6 bob, 5 messages                              no price                        0 × 0.09 + 5 × 0.02 = 0.10
 *  7 ann in February: 100 begin anew              10 × 0.10 = 1.00                10 × 0.09 = 0.90
 *  8 bob, in a region that only one side knows    1 × 0.10 = 0.10                 refused
 *  9 a row that was cut                           not read                        not read
 * 10 a time without an offset                     not read                        not read
 *                                                 12.50 + 1.10 = 13.60            11.70 + 1.00 = 12.70
 */
const ROWS = `ann,u1,2026-01-05T12:00:00Z,80,,,
bob,u1,2026-01-05T12:00:00Z,10,,eu,"a note, quoted"
ann,u2,2026-01-31T23:59:59Z,50.0,,us,
ann,u2,2026-01-31T23:59:59Z,50.0,,us,
bob,u2,2026-01-06T12:00:00Z,0,5,,
ann,u3,2026-02-01T00:00:00Z,10,,,
bob,u3,2026-01-07T12:00:00Z,1,,mars,
ann,u4,2026-02-0
bob,u5,2026-01-08 12:00:00,1,,,
`;

describe('cli/simulate', function () {
  this.timeout(30_000);
  const { at, write } = folder();
  before(async () => {
    await write('before.yaml', BEFORE);
    await write('after.yaml', AFTER);
    await write('usage.csv', TITLES + ROWS);
  });
  const sides = () => ['simulate', '--from', at('before.yaml'), '--to', at('after.yaml')];
  const simulate = (usage: string, ...options: readonly string[]) =>
    ratebook([...sides(), '--usage', usage, ...options]);
  const json = ({ out }: Ran) => JSON.parse(out) as BackTestView;
  const MAPPED = ['--map', 'account=customer'];

  it('prints what both sides earn as JSON', async () => {
    const { code, out, err } = await simulate(at('usage.csv'), ...MAPPED, '--json');
    assert.deepEqual([code, err], [0, '']);
    const { unpriced, from, to, data, ...view } = JSON.parse(out) as BackTestView;
    assert.deepEqual(view, {
      ...{ usages: 8, duplicates: 1 },
      before: { EUR: '13.6' },
      after: { EUR: '12.7' },
      delta: { EUR: '-0.9' },
      // 0.9 ÷ 13.6 = 6.617… %
      delta_percent: { EUR: '-6.62' },
      // Without lines 6 and 8.
      priced_by_both: {
        usages: 4,
        before: { EUR: '13.5' },
        after: { EUR: '12.6' },
        delta: { EUR: '-0.9' },
      },
      accounts: { up: 0, down: 2, same: 0, mixed: 0, unpriced: 0 },
      measured: { before: 0, after: 0 },
      lines: [
        { line: 'messages', currency: 'EUR', before: '0', after: '0.1', delta: '0.1', delta_percent: null },
        {
          ...{ line: 'minutes', currency: 'EUR', before: '13.6', after: '12.6', delta: '-1' },
          delta_percent: '-7.35',
        },
      ],
      movers: [
        { account: 'ann', currency: 'EUR', before: '12.5', after: '11.7', delta: '-0.8' },
        { account: 'bob', currency: 'EUR', before: '1.1', after: '1', delta: '-0.1' },
      ],
    });
    const kinds = ({ usages, kinds: all, others }: BackTestView['unpriced']['before']) => [
      usages,
      others,
      all.map(({ reason, about, usages: n, line, message }) => [
        reason,
        about,
        n,
        line,
        message.slice(0, 40),
      ]),
    ];
    const unreadable = [
      ['UNREADABLE', 'width', 1, 9, 'the row has 3 cells, the first one has 7'],
      ['UNREADABLE', 'occurred_at', 1, 10, 'occurred_at: "2026-01-08 12:00:00" has n'],
    ];
    assert.deepEqual(kinds(unpriced.before), [
      3,
      0,
      [['NO_PRICE', 'messages', 1, 6, 'Nothing charges for messages; add a rule'], ...unreadable],
    ]);
    assert.deepEqual(kinds(unpriced.after), [
      3,
      0,
      [['INVALID_FACTS', 'region', 1, 8, 'facts.region: "mars" is not one of eu, u'], ...unreadable],
    ]);
    assert.deepEqual([from.strategy, from.name, to.name], ['calls', at('before.yaml'), at('after.yaml')]);
    assert.match(from.content_hash + to.content_hash, /^[0-9a-f]{128}$/);
    assert.notEqual(from.content_hash, to.content_hash);
    assert.deepEqual(data, {
      file: at('usage.csv'),
      sha256: createHash('sha256')
        .update(TITLES + ROWS)
        .digest('hex'),
      rows: 9,
      account_column: 'customer',
      ignored_columns: ['note'],
    });
  });

  it('shows it to people', async () => {
    const { code, out, err } = await simulate(at('usage.csv'), ...MAPPED);
    assert.deepEqual([code, err], [0, 'Not read, since neither document has such a fact: note.\n']);
    // How far apart columns are depends on the names of files.
    const shown = out
      .replaceAll(`${at('')}/`, '')
      .replace(/[0-9a-f]{64}/g, 'HASH')
      .replace(/^ +Con/m, 'Con');
    assert.equal(
      shown,
      `before.yaml → after.yaml · 8 usages · 2 accounts · 1 repeated row left out

Line                 Before  After  Delta      %
messages                  0    0.1   +0.1
minutes                13.6   12.6     -1  -7.35
Total           EUR    13.6   12.7   -0.9  -6.62
Priced by both  EUR    13.5   12.6   -0.9

Accounts: 0 pay more, 2 pay less, 0 the same.

Account       Before  After  Delta
ann      EUR    12.5   11.7   -0.8
bob      EUR     1.1      1   -0.1

Without a price before: 3 usages
  1 × NO_PRICE messages, first on line 6:
    Nothing charges for messages; add a rule for it to calls.
  1 × UNREADABLE width, first on line 9:
    the row has 3 cells, the first one has 7
  1 × UNREADABLE occurred_at, first on line 10:
    occurred_at: "2026-01-08 12:00:00" has no offset from UTC; say which zone it is of, such as --zone UTC
Without a price after: 3 usages
  1 × INVALID_FACTS region, first on line 8:
    facts.region: "mars" is not one of eu, us
  1 × UNREADABLE width, first on line 9:
    the row has 3 cells, the first one has 7
  1 × UNREADABLE occurred_at, first on line 10:
    occurred_at: "2026-01-08 12:00:00" has no offset from UTC; say which zone it is of, such as --zone UTC

Content, SHA-256
before  before.yaml  HASH
after   after.yaml   HASH
data    usage.csv    HASH
`,
    );
  });

  it('counts each account once when the currency changes', async () => {
    await write('dollars.yaml', BEFORE.replace('currency: EUR', 'currency: USD'));
    await write('two.csv', 'account,minutes\nann,10\nbob,20\n');
    const change = ['simulate', '--from', at('before.yaml'), '--to', at('dollars.yaml')];
    const { out } = await ratebook([...change, '--usage', at('two.csv')]);
    assert.match(out, /2 usages · 2 accounts\n/);
    assert.match(out, /Accounts: 0 pay more, 0 pay less, 0 the same, 2 in both directions\.\n/);
  });

  it('comes to the same for every number of threads, byte for byte', async () => {
    const many = Array.from(
      { length: 400 },
      (_, i) => `c${i % 37},v${i},2026-01-09T00:00:00Z,${i % 13},${i % 3},,\n`,
    );
    await write('many.csv', TITLES + ROWS + many.join(''));
    const outs = new Set<string>();
    for (const workers of ['1', '2', '3']) {
      const { code, out } = await simulate(at('many.csv'), ...MAPPED, '--json', '--workers', workers);
      assert.equal(code, 0);
      outs.add(out);
    }
    assert.equal(outs.size, 1);
    assert.equal(json({ out: [...outs][0] ?? '', code: 0, err: '' }).usages, 408);
  });

  it('reads NDJSON as it reads CSV', async () => {
    const lines = ROWS.split('\n').map((row) => {
      const [customer, usage_id, occurred_at, minutes, messages, region] = row.split(',');
      if (minutes === undefined) return row && `{"customer":"${customer}","usage_id":"u4","occ`;
      const facts = [`"minutes":${minutes}`, ...(messages ? [`"messages":${messages}`] : [])];
      const rest = JSON.stringify({ customer, usage_id, occurred_at, region: region || null, note: {} });
      return `{${facts.join()},${rest.slice(1)}`;
    });
    await write('usage.ndjson', lines.join('\n'));
    const [ndjson, csv] = [
      json(await simulate(at('usage.ndjson'), ...MAPPED, '--json')),
      json(await simulate(at('usage.csv'), ...MAPPED, '--json')),
    ];
    // The title is a line of its own, and a line that was cut is no row of too few cells.
    const comparable = ({ unpriced, data, ...view }: BackTestView) => ({
      ...view,
      data: { ...data, file: '', sha256: '' },
      unpriced: [unpriced.before, unpriced.after].map(({ kinds }) =>
        kinds.map(({ reason, usages }) => [reason, usages]),
      ),
    });
    assert.deepEqual(comparable(ndjson), comparable(csv));
  });

  it('keeps every digit of a number', async () => {
    await write(
      'wide.ndjson',
      '{"account":"a","occurred_at":"2026-01-05T12:00:00Z","minutes":12345678901234567e-3}\n',
    );
    await write(
      'narrow.ndjson',
      '{"account":"a","occurred_at":"2026-01-05T12:00:00Z","minutes":0.1000000000000000055}\n',
    );
    // 10 + 0.05 × (12345678901234.567 − 100)
    assert.equal(json(await simulate(at('wide.ndjson'), '--json')).before['EUR'], '617283945066.72835');
    // Of a 19th digit behind the point nothing is taken.
    assert.equal(json(await simulate(at('narrow.ndjson'), '--json')).unpriced.before.usages, 1);
  });

  it('takes stdin, what every use has in common, and the zone of times', async () => {
    const usage = 'when,n\n2026-01-05 12:00:00.9799600,7\n2026-01-05 12:00:01,3\n';
    const map = ['--map', 'minutes=n', '--map', 'occurred_at=when', '--set', 'messages=1', '--zone', 'UTC'];
    const view = json(await ratebook([...sides(), '--usage', '-', ...map, '--json'], usage));
    // After: 10 × 0.09 + 2 × 0.02
    assert.deepEqual([view.after, view.unpriced.after.usages], [{ EUR: '0.94' }, 0]);
    assert.deepEqual([view.data.file, view.data.account_column], ['-', null]);
    assert.equal(view.data.sha256, createHash('sha256').update(usage).digest('hex'));
    const { out, err } = await ratebook([...sides(), '--usage', '-', ...map], usage);
    assert.match(err, /no account column; all usage is taken as one account's.*--map account=COLUMN/);
    assert.match(out, /taken as one account/);
  });

  for (const [what, titles, told] of [
    ['differs in case', 'account,Minutes,note,note,', 'Minutes (did you mean minutes?), note'],
    ['holds semicolons', 'account;minutes', 'account;minutes (cells are parted by commas)'],
    ['holds tabs', 'account\tminutes', 'account\tminutes (cells are parted by commas)'],
  ] as const) {
    it(`says what may be wrong with a title that ${what}`, async () => {
      const { err } = await ratebook([...sides(), '--usage', '-'], `${titles}\n`);
      assert.equal(err.split('\n')[0], `Not read, since neither document has such a fact: ${told}.`);
    });
  }

  it('shortens long names of accounts for people', async () => {
    const usage = `account,minutes\n${'x'.repeat(500)},1\n`;
    const { out } = await ratebook([...sides(), '--usage', '-'], usage);
    assert.match(out, /^x{57}\.\.\. +EUR +0\.1 +0\.09 +-0\.01$/m);
  });

  it('does not take a part of a file for all of it', async () => {
    const handle = await open(at('usage.csv'));
    const usage = { descriptor: handle.fd, size: 10_000, kind: 'csv' as const, keys: [] };
    const format = { columns: { facts: [], ignored: [] }, constants: new Map<string, GivenFact>() };
    const batches = readShare({ usage, format, share: 0, shares: 1 });
    assert.throws(() => [...batches], /has become shorter than its 10000 bytes while it was read; run again/);
    await handle.close();
  });

  it('tells how far it is', () => {
    assert.equal(
      progressLine({ read: 0.25, usages: 100_000 }, 20),
      `[${'█'.repeat(10)}${'░'.repeat(30)}]  25 %  5,000 usages/s  1:00 left`,
    );
  });

  it('explains itself', async () => {
    const { code, out } = await ratebook(['simulate', '--help']);
    assert.equal(code, 0);
    assert.match(out, /--map <name=column,\.\.\.>/);
    assert.match(out, /Nothing is dropped/);
  });

  for (const [what, options, why] of [
    ['no such file', ['--usage', 'none.csv'], /There is no file none\.csv/],
    [
      'an unknown column',
      ['--map', 'account=Customer'],
      /there is no column Customer; the titles are customer, /,
    ],
    [
      'an unknown fact',
      ['--map', 'minute=customer'],
      /minute is no fact of either document; did you mean minutes\?/,
    ],
    ['an unknown fact in common', ['--set', 'minute=1'], /minute is no fact of either document/],
    ['a bad pair', ['--map', 'account'], /"account" is not NAME=COLUMN/],
    ['a bad zone', ['--zone', 'Mars'], /"Mars" is no zone/],
    ['no threads', ['--workers', '0'], /Write a number from 1 to 256/],
    [
      'a revision without a server',
      ['--to', 'calls@3'],
      /calls@3 is a revision of a server; say which with --server/,
    ],
    ['stdin twice', ['--to', '-', '--usage', '-'], /Only one of --from, --to and --usage/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { code, err } = await simulate(at('usage.csv'), ...options);
      assert.equal(code, 1);
      assert.match(err, why);
    });
  }

  it('refuses an empty file, and one whose titles cannot be read', async () => {
    await write('empty.csv', '');
    await write('broken.csv', 'a"b,c\n1,2\n');
    assert.match((await simulate(at('empty.csv'))).err, /is empty; usage is CSV with titles, or NDJSON/);
    assert.match(
      (await simulate(at('broken.csv'))).err,
      /begins with a row of titles, but a quote stands inside/,
    );
  });

  it('tells the faults of both documents, those of one file once', async () => {
    await write('bad.yaml', BEFORE.replace('currency: EUR', 'currency: EURO'));
    const { code, err } = await ratebook([
      'simulate',
      '--from',
      at('bad.yaml'),
      '--to',
      at('bad.yaml'),
      '--usage',
      at('usage.csv'),
    ]);
    assert.equal(code, 2);
    assert.equal(err.match(/error.*EURO/g)?.length, 1, err);
  });
});
