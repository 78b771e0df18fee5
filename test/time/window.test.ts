import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DAY, HOUR } from '../../src/time/instant.js';
import { Temporal } from '../../src/time/temporal.js';
import { type Window, WINDOWS, windowOf } from '../../src/time/window.js';
import { at, show, span } from './at.js';

describe('time/window', () => {
  const cases: readonly (readonly [string, Window, string, string, string])[] = [
    ['2026-01-05T12:34:56Z', 'hour', 'UTC', '2026-01-05T12:00:00Z', '2026-01-05T13:00:00Z'],
    ['2026-01-05T12:34:56Z', 'hour', 'Asia/Kolkata', '2026-01-05T12:30:00Z', '2026-01-05T13:30:00Z'],
    ['2026-01-05T12:00:00Z', 'hour', 'UTC', '2026-01-05T12:00:00Z', '2026-01-05T13:00:00Z'],
    ['2026-01-05T04:00:00Z', 'day', 'Asia/Shanghai', '2026-01-04T16:00:00Z', '2026-01-05T16:00:00Z'],
    ['2026-03-29T12:00:00Z', 'day', 'Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    ['2026-10-25T12:00:00Z', 'day', 'Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
    ['2026-01-04T12:00:00Z', 'week', 'UTC', '2025-12-29T00:00:00Z', '2026-01-05T00:00:00Z'],
    ['2026-01-05T00:00:00Z', 'week', 'UTC', '2026-01-05T00:00:00Z', '2026-01-12T00:00:00Z'],
    ['2024-02-29T12:00:00Z', 'month', 'UTC', '2024-02-01T00:00:00Z', '2024-03-01T00:00:00Z'],
    ['2026-12-31T23:30:00Z', 'month', 'Europe/Berlin', '2026-12-31T23:00:00Z', '2027-01-31T23:00:00Z'],
    ['2026-05-17T00:00:00Z', 'quarter', 'UTC', '2026-04-01T00:00:00Z', '2026-07-01T00:00:00Z'],
    ['2026-12-31T00:00:00Z', 'quarter', 'UTC', '2026-10-01T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['2026-05-17T00:00:00Z', 'year', 'America/New_York', '2026-01-01T05:00:00Z', '2027-01-01T05:00:00Z'],
    // An hour that comes twice is two windows.
    ['2026-10-25T00:30:00Z', 'hour', 'Europe/Berlin', '2026-10-25T00:00:00Z', '2026-10-25T01:00:00Z'],
    ['2026-10-25T01:30:00Z', 'hour', 'Europe/Berlin', '2026-10-25T01:00:00Z', '2026-10-25T02:00:00Z'],
    // Lord Howe goes back from 02:00 to 01:30, and forward from 02:00 to 02:30.
    ['2026-04-04T14:59:00Z', 'hour', 'Australia/Lord_Howe', '2026-04-04T14:00:00Z', '2026-04-04T15:00:00Z'],
    ['2026-04-04T15:00:00Z', 'hour', 'Australia/Lord_Howe', '2026-04-04T15:00:00Z', '2026-04-04T15:30:00Z'],
    ['2026-10-03T15:40:00Z', 'hour', 'Australia/Lord_Howe', '2026-10-03T15:30:00Z', '2026-10-03T16:00:00Z'],
    // Newfoundland went back at 00:01 to 23:01 of the day before.
    ['2010-11-07T02:30:30Z', 'hour', 'America/St_Johns', '2010-11-07T02:30:00Z', '2010-11-07T02:31:00Z'],
    ['2010-11-07T02:45:00Z', 'hour', 'America/St_Johns', '2010-11-07T02:31:00Z', '2010-11-07T03:30:00Z'],
    ['2010-11-07T02:45:00Z', 'day', 'America/St_Johns', '2010-11-07T02:30:00Z', '2010-11-08T03:30:00Z'],
  ];
  for (const [text, window, zone, start, end] of cases) {
    it(`the ${window} of ${text} in ${zone} is ${start} – ${end}`, () => {
      assert.equal(show(windowOf(at(text), window, zone)), show(span(start, end)));
    });
  }

  it('the last year has an end', () => {
    assert.equal(
      windowOf(at('9999-12-30T12:00:00Z'), 'year', 'UTC').end - at('9999-12-30T00:00:00Z'),
      2n * DAY,
    );
  });

  it('windows of dates are those that counting days one by one finds', () => {
    const isFirst: Readonly<Record<string, (date: Temporal.PlainDate) => boolean>> = {
      day: () => true,
      week: ({ dayOfWeek }) => dayOfWeek === 1,
      month: ({ day }) => day === 1,
      quarter: ({ day, month }) => day === 1 && [1, 4, 7, 10].includes(month),
      year: ({ dayOfYear }) => dayOfYear === 1,
    };
    fc.assert(
      fc.property(
        fc.integer({ min: -20_000, max: 40_000 }),
        fc.constantFrom(...Object.keys(isFirst)),
        (n, window) => {
          const date = new Temporal.PlainDate(1970, 1, 1).add({ days: n });
          let [first, next] = [date, date.add({ days: 1 })];
          while (!isFirst[window]!(first)) first = first.subtract({ days: 1 });
          while (!isFirst[window]!(next)) next = next.add({ days: 1 });
          const found = windowOf(BigInt(n) * DAY + HOUR, window as Window, 'UTC');
          assert.equal(show(found), `${first.toString()}T00:00:00Z – ${next.toString()}T00:00:00Z`);
        },
      ),
    );
  });

  it('windows follow each other: every instant of one has it, the end has the next', () => {
    const zones = [
      'UTC',
      'Asia/Kathmandu',
      'America/St_Johns',
      'Australia/Lord_Howe',
      'America/Santiago',
      'Africa/Casablanca',
    ];
    const second = fc.integer({ min: 900_000_000, max: 2_000_000_000 });
    fc.assert(
      fc.property(second, fc.constantFrom(...WINDOWS), fc.constantFrom(...zones), (s, window, zone) => {
        const instant = BigInt(s) * 1_000_000_000n;
        const found = windowOf(instant, window, zone);
        assert.ok(found.start <= instant && instant < found.end);
        assert.deepEqual(windowOf(found.start, window, zone), found);
        assert.deepEqual(windowOf(found.end - 1n, window, zone), found);
        assert.equal(windowOf(found.end, window, zone).start, found.end);
      }),
      { numRuns: 300 },
    );
  });

  it('the hours around every change of clocks of ten years follow each other', () => {
    for (const zone of ['Australia/Lord_Howe', 'America/St_Johns', 'America/Santiago', 'Asia/Tehran']) {
      let change = new Temporal.ZonedDateTime(at('2002-01-01T00:00:00Z'), zone).getTimeZoneTransition('next');
      assert.notEqual(change, null);
      while (change !== null && change.year < 2012) {
        let hour = windowOf(change.epochNanoseconds - 3n * HOUR, 'hour', zone);
        while (hour.start < change.epochNanoseconds + 3n * HOUR) {
          const next = windowOf(hour.end, 'hour', zone);
          assert.equal(next.start, hour.end, show(hour));
          assert.ok(next.end - next.start <= HOUR);
          hour = next;
        }
        change = change.getTimeZoneTransition('next');
      }
    }
  });
});
