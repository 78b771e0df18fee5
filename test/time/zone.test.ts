import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatInstant } from '../../src/time/instant.js';
import { Temporal } from '../../src/time/temporal.js';
import { isTimeZone, localTime, offsetAt, startOfDate } from '../../src/time/zone.js';
import { at } from './at.js';

describe('time/zone', () => {
  for (const name of [
    'Asia/Shanghai',
    'UTC',
    'America/Argentina/Buenos_Aires',
    'Asia/Kolkata',
    'Etc/GMT+8',
    'US/Eastern',
  ]) {
    it(`${name} is a time zone`, () => {
      assert.equal(isTimeZone(name), true);
    });
  }
  for (const name of ['+08:00', '-05', 'UTC+8', 'Z', 'Mars/Olympus', 'Asia/', ' UTC', '']) {
    it(`${JSON.stringify(name)} is none`, () => {
      assert.equal(isTimeZone(name), false);
    });
  }

  for (const [text, zone, expected] of [
    ['2026-01-05T12:00:00+08:00', 'Asia/Shanghai', ['2026-01-05', '12:00', 12, 1, 5, 1, 2026]],
    ['2026-01-04T20:00:00Z', 'Asia/Shanghai', ['2026-01-05', '04:00', 4, 1, 5, 1, 2026]],
    ['2026-01-04T20:00:00Z', 'UTC', ['2026-01-04', '20:00', 20, 7, 4, 1, 2026]],
    ['2026-01-05T00:00:00Z', 'Asia/Kolkata', ['2026-01-05', '05:30', 5, 1, 5, 1, 2026]],
    ['2026-03-29T00:59:59.999999999Z', 'Europe/Berlin', ['2026-03-29', '01:59', 1, 7, 29, 3, 2026]],
    ['2026-03-29T01:00:00Z', 'Europe/Berlin', ['2026-03-29', '03:00', 3, 7, 29, 3, 2026]],
    ['2025-12-31T23:59:59Z', 'Pacific/Kiritimati', ['2026-01-01', '13:59', 13, 4, 1, 1, 2026]],
    ['1969-12-31T23:59:59.5Z', 'UTC', ['1969-12-31', '23:59', 23, 3, 31, 12, 1969]],
    ['0001-01-02T00:00:00Z', 'UTC', ['0001-01-02', '00:00', 0, 2, 2, 1, 1]],
  ] as const) {
    it(`${text} in ${zone} is ${expected[0]} ${expected[1]}`, () => {
      const { date, time, hour, weekday, day, month, year } = localTime(at(text), zone);
      assert.deepEqual([date, time, hour, weekday, day, month, year], expected);
    });
  }

  it('clock and calendar are those of Temporal, before 1970 too', () => {
    const zones = fc.constantFrom('Asia/Kolkata', 'America/New_York', 'Africa/Monrovia', 'UTC');
    const nanoseconds = fc.bigInt({ min: -60_000_000_000_000_000_000n, max: 250_000_000_000_000_000_000n });
    fc.assert(
      fc.property(nanoseconds, zones, (instant, zone) => {
        const zoned = new Temporal.ZonedDateTime(instant, zone);
        const { hour, dayOfWeek: weekday, day, month, year } = zoned;
        const [date, time] = [zoned.toPlainDate().toString(), zoned.toPlainTime().toString().slice(0, 5)];
        assert.deepEqual(localTime(instant, zone), { date, time, hour, weekday, day, month, year });
      }),
    );
  });

  it('remembered offsets are those of the zone database, also around old changes within a quarter', () => {
    const zones = [
      'Asia/Shanghai',
      'America/St_Johns',
      'Australia/Lord_Howe',
      'Africa/Monrovia',
      'Europe/Dublin',
      'UTC',
    ];
    const seconds = fc.integer({ min: -2_600_000_000, max: 4_000_000_000 });
    fc.assert(
      fc.property(seconds, fc.constantFrom(...zones), (second, zone) => {
        const change = new Temporal.ZonedDateTime(
          BigInt(second) * 1_000_000_000n,
          zone,
        ).getTimeZoneTransition('next');
        const middle = change?.epochNanoseconds ?? 0n;
        for (const near of [-900n, -300n, -1n, 0n, 1n, 300n, 900n]) {
          const instant = middle + near * 1_000_000_000n;
          const expected = new Temporal.ZonedDateTime(instant, zone).offsetNanoseconds;
          assert.equal(offsetAt(instant, zone), BigInt(expected), `${formatInstant(instant)} ${zone}`);
        }
      }),
      { numRuns: 60 },
    );
  });

  for (const [date, zone, expected] of [
    ['2026-01-05', 'Asia/Shanghai', '2026-01-04T16:00:00Z'],
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00Z'],
    ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00Z'],
    ['2026-10-26', 'Europe/Berlin', '2026-10-25T23:00:00Z'],
    ['2026-03-29', 'Atlantic/Azores', '2026-03-29T01:00:00Z'],
    ['2026-10-25', 'Atlantic/Azores', '2026-10-25T00:00:00Z'],
    ['2011-12-31', 'Pacific/Apia', '2011-12-30T10:00:00Z'],
    ['1900-12-31', 'Asia/Shanghai', '1900-12-30T15:54:17Z'],
    ['1901-01-01', 'Asia/Shanghai', '1900-12-31T16:00:00Z'],
  ] as const) {
    it(`${date} in ${zone} starts at ${expected}`, () => {
      assert.equal(formatInstant(startOfDate(date, zone)), expected);
    });
  }
});
