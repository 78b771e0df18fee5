import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readlink, rm, stat, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TallyView } from '../../src/cli/import/tally.js';
import type { RatingView } from '../../src/cli/rating-view.js';
import { sum } from '../../src/money/arithmetic.js';
import { decimal, formatDecimal } from '../../src/money/decimal.js';
import { folder, ratebook } from './run.js';
import { service } from './service.js';

/** Minutes at 0.10 to the hundredth of a month and at 0.05 beyond; nothing charges for messages. */
const CALLS = `strategy: calls
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
    conditions: { all: [ { fact: minutes, operator: greaterThan, value: 0 } ] }
    event: { type: charge, params: { price: minutes } }
`;

const TITLES = 'customer,usage_id,occurred_at,minutes,messages,note\n';

describe('cli/usage', function () {
  this.timeout(60_000);
  const { at, write } = folder();
  const { address } = service();
  before(async () => {
    const file = await write('calls.yaml', CALLS);
    const from = ['--effective-from', '2026-01-01T00:00:00Z', '--base', '0'];
    const { code } = await ratebook(['publish', file, ...from, '--server', address()]);
    assert.equal(code, 0);
  });

  const run = (...args: readonly string[]) => ratebook([...args, '--server', address()]);
  const importing = (file: string, ...options: readonly string[]) =>
    run('usage', 'import', file, '--map', 'account=customer', ...options);
  const told = async (file: string, ...options: readonly string[]) => {
    const { code, out } = await importing(file, '--json', ...options);
    return { code, ...(JSON.parse(out) as TallyView) };
  };
  const rejectedOf = (file: string) => readFile(`${file}.rejected.csv`, 'utf8');
  const nothing = (file: string) => assert.rejects(stat(`${file}.rejected.csv`), { code: 'ENOENT' });

  it('rates each use once, however often the file is imported', async () => {
    //  ann: 80 × 0.10, then 20 × 0.10 + 30 × 0.05; bob: 10 × 0.10; the third row is the second again
    const rows = `ann,u1,2026-01-05T12:00:00Z,80,,x
ann,u2,2026-01-06T12:00:00Z,50,,
ann,u2,2026-01-06T12:00:00Z,50,,
bob,u1,2026-01-05T12:00:00Z,10.0,,
`;
    const file = await write('once.csv', TITLES + rows);
    const first = await importing(file, '--create-accounts');
    assert.deepEqual(
      [first.code, first.out, first.err],
      [
        0,
        'Outcome    Uses  Amount\nrated         3    12.5  EUR\nduplicate     1\nunpriced      0\nrejected      0\n',
        'Not read, since usage of calls has no such fact: note.\n',
      ],
    );
    const again = { code: 0, rated: 0, duplicate: 4, unpriced: 0, rejected: 0, amount: {} };
    assert.deepEqual(await told(file), again);
    await nothing(file);
  });

  it('gives ids to rows that have none, the same ones when the file comes again', async () => {
    // Two rows of the same content are two uses.
    const rows = 'eve,,2026-01-05 12:00:00,1,,\neve,,2026-01-05 12:00:00,1,,\n';
    const file = await write('no-ids.csv', TITLES + rows);
    const options = ['--zone', 'UTC', '--create-accounts', '--strategy', 'calls'];
    const { rated, amount } = await told(file, ...options);
    assert.deepEqual([rated, amount], [2, { EUR: '0.2' }]);
    assert.equal((await told(file, ...options)).duplicate, 2);
    const renamed = await write('renamed.csv', TITLES + rows);
    assert.equal((await told(renamed, ...options)).duplicate, 2);
    const longer = await write('longer.csv', `${TITLES}${rows}eve,,2026-01-05 12:00:00,1,,\n`);
    assert.equal((await told(longer, ...options)).rated, 3);
  });

  it('goes on where a killed run has stopped', async () => {
    const rows = Array.from({ length: 4_000 }, (_, i) => `kim,,2026-02-01T00:00:00Z,${(i % 3) + 1},,\n`);
    const file = await write('long.csv', TITLES + rows.join(''));
    const options = ['--map', 'account=customer', '--create-accounts', '--server', address()];
    const first = spawn('node', ['dist/src/cli/ratebook.js', 'usage', 'import', file, ...options]);
    const ended = once(first, 'exit');
    while ((await run('ratings', 'kim', '--json')).out === '' && first.exitCode === null);
    first.kill('SIGKILL');
    assert.deepEqual(await ended, [null, 'SIGKILL']);

    const { code, rated, duplicate } = await told(file);
    assert.deepEqual([code, rated + duplicate], [0, 4_000]);
    assert.ok(rated > 0 && duplicate >= 500, `${rated} rated, ${duplicate} duplicate`);
    const { out } = await run('ratings', 'kim', '--json');
    const ratings = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RatingView);
    assert.equal(new Set(ratings.map(({ usage_id }) => usage_id)).size, 4_000);
    //  1333 × (1 + 2 + 3) + 1 = 7999 minutes: 100 × 0.10 + 7899 × 0.05
    assert.equal(formatDecimal(sum(ratings.map(({ amount }) => decimal(amount)))), '404.95');
    // Of one account, so rated in the order of the file.
    const lines = ratings.map(({ usage_id }) => Number(usage_id.split('-')[1]));
    assert.deepEqual(
      lines,
      rows.map((_, i) => i + 2),
    );
  });

  it('lists what it could not import beside the file', async () => {
    const rows = `ann,r1,2026-01-07T12:00:00Z,1,,
ann,r2,2026-01-07 12:00:00,1,,
zoe,r1,2026-01-07T12:00:00Z,1,,
not an id,r1,2026-01-07T12:00:00Z,1,,
ann,r3,2026-01-07T12:00:00Z,-1,x,
ann,r4,2026-01-07T12:00:00Z,0,3,
ann,r5,,1,,
ann,u1,2026-01-05T12:00:00Z,81,,
ann,r6,2026-01-07T12`;
    const file = await write('faults.csv', TITLES + rows);
    const expected = { code: 3, rated: 1, duplicate: 0, unpriced: 1, rejected: 7 };
    const { amount, ...counts } = await told(file);
    assert.deepEqual([counts, amount], [expected, { EUR: '0.05' }]);
    const lines = (await rejectedOf(file)).split('\n');
    assert.deepEqual(
      lines.map((line) => line.slice(0, 80)),
      [
        'line,reason,message',
        '3,UNREADABLE,"occurred_at: ""2026-01-07 12:00:00"" has no offset from UTC; say w',
        '4,ACCOUNT_NOT_FOUND,"There is no account accounts/zoe; create it first."',
        '5,INVALID_REQUEST,"account: ""accounts/not an id"" is not accounts/ID with an id',
        '6,INVALID_FACTS,"facts.messages: ""x"" is not a number; facts.minutes: -1 is bel',
        '8,INVALID_REQUEST,"occurred_at: is missing; it chooses the revision and the wind',
        '9,USAGE_ID_REUSED,"The usage id ""u1"" of ann was recorded before with another i',
        '10,UNREADABLE,"the row has 3 cells, the first one has 6"',
        '',
      ],
    );
    const { code, err } = await importing(file);
    assert.equal(code, 3);
    assert.match(
      err,
      /^1 use stored without a price, .* No charge rule of calls matches .*\n7 rows rejected; .*faults\.csv\.rejected\.csv\n$/m,
    );
    // What was mended is gone from the list.
    await write('faults.csv', `${TITLES}${rows.split('\n')[0] ?? ''}\n`);
    assert.equal((await told(file)).duplicate, 1);
    await nothing(file);
  });

  it('lists thousands of rows that are none, in their order', async () => {
    const rows = Array.from({ length: 2_500 }, (_, i) =>
      i % 1_250 === 0 ? 'zoe,u,2026-01-07T12:00:00Z,1,,\n' : 'cut\n',
    );
    const file = await write('unreadable.csv', TITLES + rows.join(''));
    assert.deepEqual(await told(file), {
      ...{ code: 3, rated: 0, duplicate: 0, unpriced: 0, rejected: 2_500 },
      amount: {},
    });
    const listed = (await rejectedOf(file)).trimEnd().split('\n').slice(1);
    assert.deepEqual(
      listed.map((line) => line.split(',')[0]),
      rows.map((_, i) => String(i + 2)),
    );
  });

  it('opens what is not there and leaves alone what is', async () => {
    await run('account', 'create', 'dan', '--currency', 'EUR');
    await run('account', 'create', 'usa', '--currency', 'USD');
    await run('account', 'create', 'own', '--currency', 'EUR');
    await run('subscribe', 'own', 'calls', '--id', 'mine');
    const rows = ['dan', 'usa', 'own', 'new', 'not an id']
      .map((account) => `${account},c1,2026-01-07T12:00:00Z,1,,\n`)
      .join('');
    const file = await write('accounts.csv', TITLES + rows);
    const { rated, rejected } = await told(file, '--create-accounts');
    assert.deepEqual([rated, rejected], [3, 2]);
    assert.match(await rejectedOf(file), /^3,OTHER_CURRENCY,.*\n6,INVALID_REQUEST,/m);
    const subscriptionsOf = async (account: string) => {
      const { out } = await run('account', 'show', account, '--json');
      const { subscriptions, currency } = JSON.parse(out) as {
        readonly subscriptions: readonly { readonly id: string }[];
        readonly currency: string;
      };
      return [currency, ...subscriptions.map(({ id }) => id)];
    };
    assert.deepEqual(await subscriptionsOf('dan'), ['EUR', 'calls']);
    assert.deepEqual(await subscriptionsOf('own'), ['EUR', 'mine']);
    assert.deepEqual(await subscriptionsOf('new'), ['EUR', 'calls']);
  });

  it('refuses a file that is cut in its last line, where its rows get their ids from its content', async () => {
    const line = 'cut,,2026-01-07T12:00:00Z,10,,\n';
    for (const [name, text, why] of [
      [
        'cut.csv',
        `${TITLES}${line}${line.slice(0, 20)}`,
        /line, 3, .*: the row has 3 cells, the first one has 6/,
      ],
      [
        'quote.csv',
        `${TITLES}${line}${line.slice(0, -1)}"n`,
        /line, 3, .*: a quoted cell is opened here and never closed/,
      ],
      [
        'zone.csv',
        'minutes,customer,occurred_at\n1,cut,2026-01-07T12:00:00',
        /line, 2, .*: occurred_at: "2026-01-07T12:00:00" has no offset/,
      ],
      [
        'cut.ndjson',
        '{"customer":"cut","minutes":1}\n{"customer":"cut","min',
        /line, 2, .*: "min stands where a key/,
      ],
    ] as const) {
      const file = await write(name, text);
      const { code, err } = await importing(file, '--create-accounts');
      assert.deepEqual([code, why.test(err)], [1, true], err);
      await nothing(file);
    }
    assert.match((await run('account', 'show', 'cut')).err, /There is no account/);
  });

  it('says when the last cell may be cut, and stores the row', async () => {
    const rows = 'end,e1,2026-01-07T12:00:00Z,1,,x\nend,e2,2026-01-07T12:00:00Z,1,,y';
    const file = await write('open.csv', TITLES + rows);
    const { code, err } = await importing(file, '--create-accounts', '--json');
    assert.deepEqual(
      [code, err],
      [
        0,
        `${file} ends without a line break: if it was cut, so was the last cell of line 3. Compare it with its source.\n`,
      ],
    );
    // An object that is cut does not read well.
    const events = '{"customer":"end","usage_id":"e3","occurred_at":"2026-01-07T12:00:00Z","minutes":1}';
    assert.equal((await importing(await write('open.ndjson', events), '--json')).err, '');
  });

  it('lists rejected rows where it is told, but not in the file that it reads', async () => {
    const file = await write('elsewhere.csv', `${TITLES}nobody,n1,2026-01-07T12:00:00Z,1,,\n`);
    const list = `${file}.list`;
    assert.equal((await importing(file, '--rejected', list)).code, 3);
    assert.match(await readFile(list, 'utf8'), /^2,ACCOUNT_NOT_FOUND,/m);
    await nothing(file);
    const { code, err } = await importing(file, '--rejected', file);
    assert.deepEqual([code, /list its rejected rows in another file/.test(err)], [1, true], err);
    assert.equal((await stat(file)).isFile(), true);
  });

  it('knows the file that it reads by another path, and removes no link', async () => {
    const file = await write('linked.csv', `${TITLES}nobody,n1,2026-01-07T12:00:00Z,1,,\n`);
    await symlink(dirname(file), at('same'));
    const { code, err } = await importing(file, '--rejected', at('same/linked.csv'));
    assert.deepEqual([code, /list its rejected rows in another file/.test(err)], [1, true], err);
    assert.equal((await stat(file)).isFile(), true);
    // As /dev/stdout is one.
    const list = await write('list.csv', '');
    await symlink(list, at('link.csv'));
    assert.equal((await importing(file, '--rejected', at('link.csv'))).code, 3);
    assert.equal(await readlink(at('link.csv')), list);
    assert.match(await readFile(list, 'utf8'), /^2,ACCOUNT_NOT_FOUND,/m);
  });

  it('refuses a quoted cell that is never closed where ids come from the content', async () => {
    const cut =
      'customer,occurred_at,minutes,note\nquo,2026-01-07T12:00:00Z,1,"in\nlines"\nquo,2026-01-08T12:00:00Z,1,"cut\n';
    const file = await write('quote.csv', cut);
    const { code, err } = await importing(file, '--create-accounts');
    const expected = /opened in line 4 and never closed.*Nothing was imported/;
    assert.deepEqual([code, expected.test(err)], [1, true], err);
    const withIds = cut
      .replace('customer,', 'customer,usage_id,')
      .replaceAll(/^quo,(.*-0(.)T)/gm, 'quo,q$2,$1');
    const { rated, rejected } = await told(await write('quote-ids.csv', withIds), '--create-accounts');
    assert.deepEqual([rated, rejected], [1, 1]);
  });

  it('reads NDJSON, from stdin too, as the use of one account', async () => {
    const lines = `{"occurred_at":"2026-03-05T12:00:00Z","minutes":1,"Messages":2}
{"occurred_at":"2026-03-05T12:00:00Z","minutes":0.0
`;
    const args = ['usage', 'import', '-', '--account', 'solo', '--create-accounts', '--server', address()];
    const { code, out, err } = await ratebook(args, lines);
    assert.deepEqual([code, out.includes('rated         1     0.1  EUR')], [3, true]);
    assert.match(err, /no such fact: Messages \(did you mean messages\?\)\./);
    const list = await rejectedOf('stdin');
    await rm('stdin.rejected.csv');
    assert.match(list, /^2,UNREADABLE,"the line ends where/m);
  });

  it('reads CloudEvents, each once', async () => {
    const event = (id: string, subject: string, minutes: string) =>
      JSON.stringify({
        ...{ specversion: '1.0', type: 'call', source: '/switch', id, subject },
        ...{ time: '2026-03-05T12:00:00Z', data: { minutes } },
      });
    const lines = [event('1', 'ce', '2'), event('2', 'accounts/ce', '3'), event('1', 'ce', '2')];
    const file = await write('events.ndjson', lines.join('\n'));
    const { out } = await run('usage', 'import', file, '--create-accounts', '--json');
    const { rated, duplicate, amount } = JSON.parse(out) as TallyView;
    assert.deepEqual([rated, duplicate, amount], [2, 1, { EUR: '0.5' }]);
  });

  it('takes a fact of every row from --set', async () => {
    const file = await write('set.csv', 'customer,occurred_at\nset,2026-01-07T12:00:00Z\n');
    const { amount } = await told(file, '--set', 'minutes=7', '--create-accounts');
    assert.deepEqual(amount, { EUR: '0.7' });
  });

  const REFUSED: readonly (readonly [what: string, args: readonly string[], message: RegExp])[] = [
    ['nobody to bill', [], /titles\.csv has no account column; name it with --map account=COLUMN, or say/],
    [
      'two to bill',
      ['--map', 'account=name', '--account', 'a'],
      /titles\.csv has an account column, name; leave out --account, or the column/,
    ],
    ['an unknown fact', ['--map', 'minute=name'], /minute is no fact of calls; did you mean minutes\?/],
    ['an unknown strategy', ['--strategy', 'callz'], /There is no strategy "callz"/],
    ['a revision', ['--strategy', 'calls@1'], /Name the strategy alone: calls/],
    ['no currency', ['--currency', 'eur'], /"eur" is no currency; write a code such as USD/],
  ];
  for (const [what, args, message] of REFUSED) {
    it(`refuses ${what}`, async () => {
      const file = await write('titles.csv', 'name,occurred_at,minutes\n');
      const { code, out, err } = await run('usage', 'import', file, ...args);
      assert.deepEqual([code, out], [1, '']);
      assert.match(err, message);
    });
  }

  it('shows its options', async () => {
    const { code, out, err } = await ratebook(['usage', 'import', '--help']);
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /--create-accounts .*\n(.*\n)*Examples:\n {2}ratebook usage import/);
    const alone = await ratebook(['usage']);
    assert.deepEqual([alone.code, alone.err], [0, '']);
    assert.match(alone.out, /^ {2}import +Record the usage/m);
  });
});
