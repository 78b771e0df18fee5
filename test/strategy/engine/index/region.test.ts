import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Region,
  complement,
  intersection,
  isIn,
  union,
} from '../../../../src/strategy/engine/index/region.js';

const COUNT = 12;
const ALL = Array.from({ length: COUNT }, (_, segment) => segment);
const segments = fc.uniqueArray(fc.nat({ max: COUNT - 1 }), { maxLength: COUNT });

const regionOf = (members: readonly number[]): Region =>
  union(members.map((segment) => [segment, segment + 1]));
const membersOf = (region: Region) => ALL.filter((segment) => isIn(region, segment));
const inOrder = (members: readonly number[]) => members.toSorted((a, b) => a - b);

describe('strategy/region', () => {
  it('is the same as a set of segments', () => {
    fc.assert(
      fc.property(segments, segments, (a, b) => {
        const [one, other] = [regionOf(a), regionOf(b)];
        assert.deepEqual(membersOf(one), inOrder(a));
        assert.deepEqual(membersOf(union([one, other])), inOrder([...new Set([...a, ...b])]));
        assert.deepEqual(
          membersOf(intersection(one, other)),
          inOrder(a.filter((segment) => b.includes(segment))),
        );
        assert.deepEqual(
          membersOf(complement(one, 0, COUNT)),
          ALL.filter((segment) => !a.includes(segment)),
        );
      }),
    );
  });

  it('joins intervals that touch, so that equal regions are equal data', () => {
    fc.assert(
      fc.property(segments, (members) => {
        const region = regionOf(members);
        assert.deepEqual(complement(complement(region, 0, COUNT), 0, COUNT), region);
        assert.deepEqual(intersection(region, [0, COUNT]), region);
      }),
    );
  });
});
