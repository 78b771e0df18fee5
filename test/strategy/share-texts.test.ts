import assert from 'node:assert/strict';
import { shareTexts } from '../../src/strategy/source/share-texts.js';
import type { SourceNode } from '../../src/strategy/source/source.js';

const span = { start: 0, end: 1 };
const scalar = (text: string): SourceNode => ({ kind: 'scalar', text, empty: text === '', span });

describe('strategy/share-texts', () => {
  it('leaves every key, text and place as it was', () => {
    const tree: SourceNode = {
      kind: 'map',
      entries: [
        {
          key: 'a',
          keySpan: span,
          value: { kind: 'list', items: [scalar('a'), scalar(''), scalar('b')], span },
        },
        { key: '__proto__', keySpan: { start: 5, end: 6 }, value: scalar('__proto__') },
      ],
      span,
    };
    assert.deepEqual(shareTexts(tree), tree);
  });
});
