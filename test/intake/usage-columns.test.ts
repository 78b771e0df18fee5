import assert from 'node:assert/strict';
import { RatebookError } from '../../src/errors/error.js';
import { findColumns, wantedTitles } from '../../src/intake/usage-columns.js';

const facts = new Map([
  ['model', { isList: false }],
  ['tags', { isList: true }],
  ['input_tokens', { isList: false }],
]);
const mapped = (pairs: Readonly<Record<string, string>> = {}) => ({
  facts,
  of: 'either document',
  titles: new Map(Object.entries(pairs)),
});

describe('intake/usage-columns', () => {
  it('finds columns by their titles', () => {
    assert.deepEqual(
      findColumns(['model', 'occurred_at', ' account ', 'note', 'tags', 'usage_id'], mapped()),
      {
        account: 2,
        usageId: 5,
        occurredAt: 1,
        facts: [
          { fact: 'model', column: 0, isList: false },
          { fact: 'tags', column: 4, isList: true },
        ],
        ignored: ['note'],
      },
    );
  });

  it('tells titles that it ignores once, and none that is empty', () => {
    assert.deepEqual(findColumns(['', 'note', 'model', ' ', 'note', 'Note'], mapped()).ignored, [
      'note',
      'Note',
    ]);
  });

  it('lets a mapped title stand in for the own one', () => {
    const wanted = mapped({ account: 'customer', input_tokens: 'Context', model: 'customer' });
    const {
      account,
      facts: found,
      ignored,
    } = findColumns(['customer', 'Context', 'account', 'model'], wanted);
    assert.deepEqual(
      [account, found.map(({ fact, column }) => [fact, column]), ignored],
      [
        0,
        [
          ['model', 0],
          ['input_tokens', 1],
        ],
        ['account', 'model'],
      ],
    );
    assert.deepEqual(wantedTitles(wanted), ['customer', 'usage_id', 'occurred_at', 'tags', 'Context']);
  });

  it('tells all that does not fit at once', () => {
    const wanted = mapped({ acount: 'a', model: 'Modell' });
    assert.throws(
      () => findColumns(['a', 'tags', 'tags', 'note', 'note'], wanted),
      (error: unknown) => {
        assert.ok(error instanceof RatebookError);
        assert.deepEqual(
          error.violations.map(({ field, description }) => `${field}: ${description}`),
          [
            '--map: acount is no fact of either document; did you mean account?',
            '--map: model: there is no column Modell; the titles are a, tags, tags, note, note',
            'tags: two columns have this title; rename one of them',
          ],
        );
        return true;
      },
    );
  });
});
