import { times } from '../../src/money/arithmetic.js';
import { greaterThan } from '../../src/money/compare.js';
import { ZERO, decimal, formatDecimal } from '../../src/money/decimal.js';
import assert from 'node:assert/strict';
import { daysOf, shareOf } from '../../src/time/proration.js';
import { span } from './at.js';

const MARCH = span('2026-02-28T23:00:00Z', '2026-03-31T22:00:00Z');

describe('time/proration', () => {
  it('days are half open and local: March has 31 of them in Berlin, though an hour is missing', () => {
    assert.equal(daysOf(MARCH, 'Europe/Berlin'), 31);
    assert.equal(daysOf(span('2026-03-10T08:00:00Z', '2026-03-11T07:00:00Z'), 'UTC'), 1);
    assert.equal(daysOf(span('2026-03-10T08:00:00Z', '2026-03-10T09:00:00Z'), 'UTC'), 0);
  });

  const year = span('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z');
  const hour = span('2026-01-01T00:00:00Z', '2026-01-01T01:00:00Z');
  for (const [part, whole, by, expected] of [
    [span('2026-03-10T12:00:00Z', '2026-03-31T22:00:00Z'), MARCH, 'days', '22/31'],
    [span('2026-02-28T23:00:00Z', '2026-03-10T12:00:00Z'), MARCH, 'days', '9/31'],
    [MARCH, MARCH, 'days', '1/1'],
    [span('2026-02-28T23:00:00Z', '2026-03-01T23:00:00Z'), MARCH, 'seconds', '24/743'],
    [span('2026-01-01T00:00:00Z', '2026-03-15T00:00:00Z'), year, 'days', '73/365'],
    [span('2026-01-01T00:00:00Z', '2026-01-01T00:15:00Z'), hour, 'days', '1/4'],
  ] as const) {
    it(`${expected} of the whole by ${by}`, () => {
      const [a, b] = expected.split('/').map(BigInt) as [bigint, bigint];
      const share = shareOf(part, whole, by, 'Europe/Berlin');
      assert.ok(greaterThan(share.denominator, ZERO));
      assert.equal(
        formatDecimal(times(share.numerator, decimal(b))),
        formatDecimal(times(share.denominator, decimal(a))),
      );
    });
  }
});
