import assert from 'node:assert/strict';
import { type UsageFormat, readUsage } from '../../src/intake/recorded-usage.js';
import type { Cell } from '../../src/intake/row.js';
import { at } from '../time/at.js';

const FORMAT: UsageFormat = {
  columns: {
    account: 0,
    usageId: 1,
    occurredAt: 2,
    facts: [
      { fact: 'tokens', column: 3, isList: false },
      { fact: 'tags', column: 4, isList: true },
    ],
    ignored: [],
  },
  constants: new Map([['model', { kind: 'text', text: 'code' }]]),
};
const read = (cells: readonly Cell[], format = FORMAT) => readUsage({ line: 7, cells }, format);
const model = ['model', { kind: 'text', text: 'code' }] as const;

describe('intake/recorded-usage', () => {
  it('reads a row', () => {
    assert.deepEqual(read(['a', 'u1', '2026-01-05T12:00:00+08:00', '1.50', '["x","y"]']), {
      account: 'a',
      id: 'u1',
      line: 7,
      facts: new Map<string, unknown>([
        model,
        ['occurred_at', { kind: 'instant', at: at('2026-01-05T04:00:00Z') }],
        ['tokens', { kind: 'text', text: '1.50' }],
        ['tags', { kind: 'list', texts: ['x', 'y'] }],
      ]),
    });
  });

  it('takes an empty cell, or none, for a fact that was not sent', () => {
    for (const none of ['', undefined])
      assert.deepEqual(read(['a', none, none, none, none]), {
        account: 'a',
        line: 7,
        facts: new Map([model]),
      });
  });

  it('lets a cell go before what every use has', () => {
    const columns = { ...FORMAT.columns, facts: [{ fact: 'model', column: 3, isList: false }] };
    const usage = read(['a', '', '', 'conv'], { ...FORMAT, columns });
    assert.deepEqual('facts' in usage && [...usage.facts], [['model', { kind: 'text', text: 'conv' }]]);
  });

  it('leaves a text that is no list for the document to refuse', () => {
    const usage = read(['a', '', '', '', 'x;y']);
    assert.deepEqual('facts' in usage && usage.facts.get('tags'), { kind: 'text', text: 'x;y' });
  });

  it('reads a time without an offset in the zone that is given', () => {
    for (const text of [
      '2023-11-16 18:17:03.9799600',
      '2023-11-16T18:17:03.97996',
      '2023-11-16 18:17:03.97996+00:00',
    ]) {
      const usage = read(['a', '', text], { ...FORMAT, zone: 'UTC' });
      assert.deepEqual('facts' in usage && usage.facts.get('occurred_at'), {
        kind: 'instant',
        at: at('2023-11-16T18:17:03.97996Z'),
      });
    }
  });

  for (const [what, cells, about, why] of [
    ['no account', ['', 'u1'], 'account', /the account is not there/],
    ['a list as account', [['a'], 'u1'], 'account', /the account is not there/],
    ['a list as id', ['a', ['u1']], 'usage_id', /a list is no id/],
    [
      'a time without an offset',
      ['a', '', '2023-11-16 18:17:03'],
      'occurred_at',
      /no offset from UTC.*--zone UTC/,
    ],
    ['what is no time', ['a', '', 'noon'], 'occurred_at', /occurred_at: "noon" is not a time/],
    ['a list as time', ['a', '', ['x']], 'occurred_at', /a list is no instant/],
  ] as const) {
    it(`refuses ${what}`, () => {
      const usage = read(cells);
      assert.ok('why' in usage);
      assert.deepEqual([usage.line, usage.about], [7, about]);
      assert.match(usage.why, why);
    });
  }
});
