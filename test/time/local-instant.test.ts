import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatInstant } from '../../src/time/instant.js';
import { isLocal, parseLocalInstant } from '../../src/time/local-instant.js';
import { Temporal } from '../../src/time/temporal.js';

describe('time/local-instant', () => {
  for (const [text, zone, canonical] of [
    ['2023-11-16 18:17:03.9799600', 'UTC', '2023-11-16T18:17:03.97996Z'],
    ['2026-01-05T12:00:00', 'Asia/Shanghai', '2026-01-05T04:00:00Z'],
    ['2026-07-01 12:00:00', 'Europe/Berlin', '2026-07-01T10:00:00Z'],
    ['2026-03-29 01:59:59.999999999', 'Europe/Berlin', '2026-03-29T00:59:59.999999999Z'],
    ['2026-03-29 03:00:00', 'Europe/Berlin', '2026-03-29T01:00:00Z'],
    ['2026-10-25 01:59:59', 'Europe/Berlin', '2026-10-24T23:59:59Z'],
    ['2026-10-25 03:00:00', 'Europe/Berlin', '2026-10-25T02:00:00Z'],
  ] as const) {
    it(`${text} in ${zone} is ${canonical}`, () => {
      const instant = parseLocalInstant(text, zone);
      assert.equal(instant.ok && formatInstant(instant.value), canonical);
    });
  }

  for (const [text, why] of [
    ['2026-03-29 02:00:00', /clocks in Europe\/Berlin skipped/],
    ['2026-03-29 02:59:59', /skipped/],
    ['2026-10-25 02:00:00', /twice; write its offset/],
    ['2026-10-25 02:59:59', /twice/],
    ['2026-02-30 12:00:00', /not a date of the calendar/],
    ['2026-01-05 12:00:00Z', /not a time such as/],
    ['0001-01-01 00:00:00', /years 0001 to 9999/],
    ['noon', /not a time such as/],
  ] as const) {
    it(`${text} in Europe/Berlin is refused: ${why.source}`, () => {
      const instant = parseLocalInstant(text, 'Europe/Berlin');
      assert.ok(!instant.ok);
      assert.match(instant.why, why);
    });
  }

  for (const [fold, text, canonical] of [
    ['earlier', '2026-10-25 02:30:00', '2026-10-25T00:30:00Z'],
    ['later', '2026-10-25 02:30:00', '2026-10-25T01:30:00Z'],
    ['earlier', '2026-10-25 03:00:00', '2026-10-25T02:00:00Z'],
    ['later', '2026-10-25 01:59:59', '2026-10-24T23:59:59Z'],
  ] as const) {
    it(`${text} in Europe/Berlin is ${canonical} where the ${fold} is meant`, () => {
      const instant = parseLocalInstant(text, 'Europe/Berlin', fold);
      assert.equal(instant.ok && formatInstant(instant.value), canonical);
    });
  }

  it('tells a local time from one with an offset', () => {
    assert.deepEqual(['2026-01-05 12:00:00', '2026-01-05 12:00:00Z', '2026-01-05'].map(isLocal), [
      true,
      false,
      false,
    ]);
  });

  it('answers as Temporal does', () => {
    const minutes = fc.integer({ min: Date.UTC(1950, 0) / 60_000, max: Date.UTC(2040, 0) / 60_000 });
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata');
    fc.assert(
      fc.property(minutes, zones, (minute, zone) => {
        const text = new Date(minute * 60_000).toISOString().slice(0, 19);
        const instant = parseLocalInstant(text, zone);
        assert.deepEqual(instant.ok ? instant.value : undefined, byTemporal(text, zone));
      }),
    );
  });
});

function byTemporal(text: string, zone: string): bigint | undefined {
  try {
    const local = Temporal.PlainDateTime.from(text).toZonedDateTime(zone, { disambiguation: 'reject' });
    return local.epochNanoseconds;
  } catch {
    return undefined;
  }
}
