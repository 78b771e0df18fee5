import assert from 'node:assert/strict';
import fc from 'fast-check';
import { randomFrom } from '../../../bench/match-rules.js';
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

  it('keeps sets apart that have one hash', () => {
    // A walk that turns one of 64 boxes on or off at each segment comes by so many sets that some have one hash.
    const segments = 200_000;
    const random = randomFrom(1);
    const ends = Array.from({ length: 64 }, (): number[] => []);
    const turned = Array.from({ length: segments }, () => Math.floor(random() * 64));
    turned.forEach((box, segment) => ends[box]!.push(segment));
    const constrained = ends.map((own, box) => ({
      box,
      region: own.length % 2 === 0 ? own : [...own, segments],
    }));
    const plan = atOnce(planRows({ segments, boxes: 64, constrained }, segments));
    const sets = roomFor(plan.sets, widthOf(64));
    const { offsets } = atOnce(writeRows(plan, sets));
    const different = new Set<string>();
    const now = new Int32Array(2);
    let wrong = 0;
    turned.forEach((box, segment) => {
      now[box >>> 5]! ^= 1 << (box & 31);
      different.add(now.join());
      const at = offsets[segment]!;
      if (sets.words[at] !== now[0] || sets.words[at + 1] !== now[1]) wrong += 1;
    });
    assert.equal(wrong, 0);
    assert.ok(plan.sets < different.size);
  });

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
