import assert from 'node:assert/strict';
import { parseResourceName, resourceName } from '../../src/strategy/revision-name.js';

describe('strategy/revision-name', () => {
  for (const [text, name] of [
    ['strategies/llm-api', { strategy: 'llm-api' }],
    ['strategies/llm-api/revisions/3', { strategy: 'llm-api', number: 3 }],
    ['strategies/a1/revisions/999999999', { strategy: 'a1', number: 999_999_999 }],
  ] as const) {
    it(`${text}, both ways`, () => {
      assert.deepEqual(parseResourceName(text), { ok: true, value: name });
      assert.equal(resourceName(name), text);
    });
  }

  for (const text of [
    '',
    'llm-api',
    'strategies/',
    'strategies/A',
    'strategies/a',
    `strategies/a${'b'.repeat(63)}`,
    'strategies/llm-api/',
    'strategies/llm-api/revisions/',
    'strategies/llm-api/revisions/0',
    'strategies/llm-api/revisions/03',
    'strategies/llm-api/revisions/1000000000',
    'strategies/llm-api/revisions/3/x',
    ' strategies/llm-api',
    'strategies/llm-api\n',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.equal(parseResourceName(text).ok, false);
    });
  }
});
