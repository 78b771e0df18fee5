import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DAY } from '../../src/time/instant.js';
import { overlap, periodAround, periodsWithin } from '../../src/time/periods.js';
import { WINDOWS, windowOf, type Window } from '../../src/time/window.js';
import { at, show, span } from './at.js';

describe('time/periods', () => {
  const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe'];
  const cases: readonly (readonly [Window, string, string, string, string, string])[] = [
    [
      'month',
      '2026-01-31T00:00:00Z',
      'UTC',
      '2026-02-27T23:59:59Z',
      '2026-01-31T00:00:00Z',
      '2026-02-28T00:00:00Z',
    ],
    [
      'month',
      '2026-01-31T00:00:00Z',
      'UTC',
      '2026-02-28T00:00:00Z',
      '2026-02-28T00:00:00Z',
      '2026-03-31T00:00:00Z',
    ],
    [
      'month',
      '2026-01-31T00:00:00Z',
      'UTC',
      '2026-04-30T00:00:00Z',
      '2026-04-30T00:00:00Z',
      '2026-05-31T00:00:00Z',
    ],
    [
      'month',
      '2026-01-30T00:00:00Z',
      'UTC',
      '2028-02-29T00:00:00Z',
      '2028-02-29T00:00:00Z',
      '2028-03-30T00:00:00Z',
    ],
    [
      'month',
      '2026-01-15T10:30:00Z',
      'UTC',
      '2026-03-15T10:29:59Z',
      '2026-02-15T10:30:00Z',
      '2026-03-15T10:30:00Z',
    ],
    // Clocks show half past two twice, and it begins the second time.
    [
      'month',
      '2026-10-25T01:30:00Z',
      'Europe/Berlin',
      '2026-10-25T01:30:00Z',
      '2026-10-25T01:30:00Z',
      '2026-11-25T01:30:00Z',
    ],
    // Before the anchor too.
    [
      'month',
      '2026-05-15T00:00:00Z',
      'UTC',
      '2026-01-01T00:00:00Z',
      '2025-12-15T00:00:00Z',
      '2026-01-15T00:00:00Z',
    ],
    [
      'quarter',
      '2026-01-31T00:00:00Z',
      'UTC',
      '2026-05-01T00:00:00Z',
      '2026-04-30T00:00:00Z',
      '2026-07-31T00:00:00Z',
    ],
    [
      'year',
      '2024-02-29T00:00:00Z',
      'UTC',
      '2025-02-28T00:00:00Z',
      '2025-02-28T00:00:00Z',
      '2026-02-28T00:00:00Z',
    ],
    [
      'year',
      '2024-02-29T00:00:00Z',
      'UTC',
      '2028-03-01T00:00:00Z',
      '2028-02-29T00:00:00Z',
      '2029-02-28T00:00:00Z',
    ],
    [
      'week',
      '2026-01-07T08:00:00Z',
      'UTC',
      '2026-01-21T07:00:00Z',
      '2026-01-14T08:00:00Z',
      '2026-01-21T08:00:00Z',
    ],
    [
      'day',
      '2026-01-07T08:00:00Z',
      'UTC',
      '2026-01-21T07:00:00Z',
      '2026-01-20T08:00:00Z',
      '2026-01-21T08:00:00Z',
    ],
    [
      'hour',
      '2026-01-07T08:20:00Z',
      'UTC',
      '2026-01-21T07:10:00Z',
      '2026-01-21T06:20:00Z',
      '2026-01-21T07:20:00Z',
    ],
    // At ten o'clock in Berlin, whatever that is in UTC; and a skipped half past two is half past three.
    [
      'month',
      '2026-03-15T09:00:00Z',
      'Europe/Berlin',
      '2026-04-20T00:00:00Z',
      '2026-04-15T08:00:00Z',
      '2026-05-15T08:00:00Z',
    ],
    [
      'month',
      '2026-02-28T23:00:00Z',
      'Europe/Berlin',
      '2026-04-20T00:00:00Z',
      '2026-03-31T22:00:00Z',
      '2026-04-30T22:00:00Z',
    ],
    [
      'day',
      '2026-03-28T01:30:00Z',
      'Europe/Berlin',
      '2026-03-29T01:30:00Z',
      '2026-03-29T01:30:00Z',
      '2026-03-30T00:30:00Z',
    ],
  ];
  for (const [kind, anchor, zone, instant, start, end] of cases) {
    it(`the ${kind} of ${instant} from ${anchor} in ${zone} is ${start} – ${end}`, () => {
      assert.equal(
        show(periodAround(at(instant), kind, { zone, anchor: at(anchor) })),
        show(span(start, end)),
      );
    });
  }

  const instant = fc.bigInt({ min: at('2020-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') });

  it('periods follow each other without gap or overlap, and hold the instant', () => {
    fc.assert(
      fc.property(
        instant,
        instant,
        fc.constantFrom(...WINDOWS),
        fc.constantFrom(...ZONES),
        (anchor, when, kind, zone) => {
          const period = periodAround(when, kind, { zone, anchor });
          assert.ok(period.start <= when && when < period.end);
          assert.equal(periodAround(period.end, kind, { zone, anchor }).start, period.end);
          assert.equal(periodAround(period.start - 1n, kind, { zone, anchor }).end, period.start);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('without an anchor they are those of the calendar', () => {
    const zone = 'Europe/Berlin';
    const when = at('2026-05-17T00:00:00Z');
    for (const kind of WINDOWS)
      assert.deepEqual(periodAround(when, kind, { zone }), windowOf(when, kind, zone));
  });

  it('those of a span are all that overlap it', () => {
    const starts = (from: string, to: string) =>
      periodsWithin(span(from, to), 'month', { zone: 'UTC' }).map(show);
    assert.equal(starts('2026-01-15T00:00:00Z', '2026-03-01T00:00:00Z').length, 2);
    assert.equal(starts('2026-01-15T00:00:00Z', '2026-03-01T00:00:01Z').length, 3);
    assert.deepEqual(starts('2026-03-01T00:00:00Z', '2026-03-01T00:00:00Z'), []);
  });

  it('spans that only touch have nothing in common', () => {
    const day = (n: bigint, m: bigint) => ({ start: n * DAY, end: m * DAY });
    assert.deepEqual(overlap(day(1n, 5n), day(3n, 9n)), day(3n, 5n));
    assert.equal(overlap(day(1n, 3n), day(3n, 9n)), undefined);
  });
});
