import assert from 'node:assert/strict';
import fc from 'fast-check';
import { atOnce, sortInSlices } from '../../../../src/strategy/engine/index/in-slices.js';
import { isIn, union } from '../../../../src/strategy/engine/index/region.js';
import {
  type Constraints,
  isKept,
  planRows,
  roomFor,
  widthOf,
  writeRows,
} from '../../../../src/strategy/engine/index/rows.js';

const SEGMENTS = 9;
/** Enough boxes for a set to have a summary. */
const BOXES = 100;

const region = fc
  .uniqueArray(fc.nat({ max: SEGMENTS - 1 }), { maxLength: SEGMENTS })
  .map((members) => union(members.map((segment) => [segment, segment + 1] as const)));
const constrained = fc
  .uniqueArray(fc.nat({ max: BOXES - 1 }), { maxLength: 40 })
  .chain((boxes) => fc.tuple(...boxes.map((box) => region.map((own) => ({ box, region: own })))));

function written(constraints: Constraints, most: number) {
  const plan = atOnce(planRows(constraints, most));
  const sets = roomFor(plan.sets, widthOf(constraints.boxes));
  return { sets, rows: atOnce(writeRows(plan, sets)) };
}

describe('strategy/rows', () => {
  for (const [what, most] of [
    ['a set for each segment', SEGMENTS],
    ['sets of neighbours when there are too many', 3],
    ['one set for all', 1],
  ] as const) {
    it(`${what}: lets through what can match, and nothing else where it says so`, () => {
      fc.assert(
        fc.property(constrained, (own) => {
          const { sets, rows } = written({ segments: SEGMENTS, boxes: BOXES, constrained: own }, most);
          const { words, summary } = sets.width;
          const regions = new Map(own.map(({ box, region }) => [box, region]));
          for (let segment = 0; segment < SEGMENTS; segment++) {
            const offset = rows.offsets[segment]!;
            const wordAt = (word: number) => sets.words[offset + summary + word]!;
            for (let box = 0; box < BOXES; box++) {
              const [known, through] = [regions.get(box), (wordAt(box >>> 5) >>> (box & 31)) & 1];
              if (known === undefined || isIn(known, segment)) assert.equal(through, 1);
              else if (isKept(known, rows)) assert.equal(through, 0);
            }
            for (let word = 0; word < words; word++) {
              assert.equal((sets.words[offset]! >>> word) & 1, wordAt(word) === 0 ? 0 : 1);
            }
          }
          assert.ok(rows.grain > 1 || sets.used <= most * (words + summary));
        }),
      );
    });
  }

  it('has no bit for a box that is not there', () => {
    const { sets } = written({ segments: 1, boxes: 70, constrained: [] }, 1);
    assert.deepEqual([...sets.words.slice(1, 4)], [-1, -1, 0b111111]);
  });
});

describe('strategy/in-slices', () => {
  it('sorts as sort does, also more than are sorted at once', () => {
    const items = Array.from({ length: 5003 }, (_, i) => ({ key: (i * 7919) % 503, i }));
    const compare = (a: { key: number }, b: { key: number }) => a.key - b.key;
    assert.deepEqual(atOnce(sortInSlices(items, compare)), items.toSorted(compare));
  });
});
