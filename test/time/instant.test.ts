import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatInstant, parseDate, parseInstant, parseTimeOfDay } from '../../src/time/instant.js';
import { Temporal } from '../../src/time/temporal.js';

describe('time/instant', () => {
  for (const [text, canonical] of [
    ['2026-01-05T12:00:00+08:00', '2026-01-05T04:00:00Z'],
    ['2026-01-05T12:00:00Z', '2026-01-05T12:00:00Z'],
    ['2026-01-05t12:00:00z', '2026-01-05T12:00:00Z'],
    ['2026-01-05T12:00:00.500-00:00', '2026-01-05T12:00:00.5Z'],
    ['2026-01-05T12:00:00.000Z', '2026-01-05T12:00:00Z'],
    ['2026-01-05T12:00:00.123456789Z', '2026-01-05T12:00:00.123456789Z'],
    ['2024-02-29T23:59:59+00:00', '2024-02-29T23:59:59Z'],
    ['1969-12-31T23:59:59.9Z', '1969-12-31T23:59:59.9Z'],
    ['0001-01-02T00:00:00Z', '0001-01-02T00:00:00Z'],
    ['9999-12-30T23:59:59Z', '9999-12-30T23:59:59Z'],
  ] as const) {
    it(`${text} is ${canonical}`, () => {
      const instant = parseInstant(text);
      assert.ok(instant.ok);
      assert.equal(formatInstant(instant.value), canonical);
    });
  }

  for (const [text, why] of [
    ['2026-01-05T12:00:00', /no offset/],
    ['2026-01-05 12:00:00', /no offset/],
    ['2026-01-05', /no offset/],
    ['2026-02-29T00:00:00Z', /2026-02-29 is not a date of the calendar/],
    ['2026-13-01T00:00:00Z', /not a date of the calendar/],
    ['2026-01-05T24:00:00Z', /not a time/],
    ['2026-01-05T23:59:60Z', /not a time/],
    ['2026-01-05T12:00:00+24:00', /not a time/],
    ['2026-01-05T12:00:00+0800', /not a time/],
    ['2026-01-05T12:00:00.1234567890Z', /not a time/],
    ['2026-01-05T12:00Z', /not a time/],
    ['2026-01-05T12:00:00Z[Europe/Berlin]', /not a time/],
    ['0000-06-01T00:00:00Z', /years 0001 to 9999/],
    ['0001-01-01T00:00:00+14:00', /years 0001 to 9999/],
    ['9999-12-31T23:59:59-14:00', /years 0001 to 9999/],
    ['1767585600', /not a time/],
    ['', /not a time/],
  ] as const) {
    it(`${JSON.stringify(text)} is refused: ${why.source}`, () => {
      const instant = parseInstant(text);
      assert.ok(!instant.ok);
      assert.match(instant.why, why);
    });
  }

  it('formatting and reading come back to the same nanosecond', () => {
    const nanoseconds = fc.bigInt({ min: -62_000_000_000_000_000_000n, max: 253_000_000_000_000_000_000n });
    fc.assert(
      fc.property(nanoseconds, (instant) => {
        assert.deepEqual(parseInstant(formatInstant(instant)), { ok: true, value: instant });
      }),
    );
  });

  it('an instant is the one that Temporal reads, whatever its offset and fraction', () => {
    const instants = fc.record({
      at: fc.bigInt({ min: -62_000_000_000n, max: 253_000_000_000n }),
      fraction: fc.stringMatching(/^(\.[0-9]{1,9})?$/),
      offset: fc.stringMatching(/^(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$/),
    });
    fc.assert(
      fc.property(instants, ({ at, fraction, offset }) => {
        const text = formatInstant(at * 1_000_000_000n).replace('Z', `${fraction}${offset}`);
        assert.deepEqual(parseInstant(text), {
          ok: true,
          value: Temporal.Instant.from(text).epochNanoseconds,
        });
      }),
    );
  });

  for (const text of ['2026-01-05', '2024-02-29', '0001-01-01', '9999-12-31']) {
    it(`${text} is a date`, () => {
      assert.deepEqual(parseDate(text), { ok: true, value: text });
    });
  }
  for (const text of [
    '2026-02-30',
    '2026-00-10',
    '2026-01-00',
    '2026-1-5',
    '20260105',
    '0000-01-01',
    'today',
    '',
  ]) {
    it(`${JSON.stringify(text)} is no date`, () => {
      assert.equal(parseDate(text).ok, false);
    });
  }

  for (const text of ['00:00', '08:30', '23:59']) {
    it(`${text} is a time of day`, () => {
      assert.deepEqual(parseTimeOfDay(text), { ok: true, value: text });
    });
  }
  for (const text of ['24:00', '8:30', '08:60', '08:30:00', '0830', '']) {
    it(`${JSON.stringify(text)} is no time of day`, () => {
      assert.equal(parseTimeOfDay(text).ok, false);
    });
  }
});
