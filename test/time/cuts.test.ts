import assert from 'node:assert/strict';
import { clockCuts, windowStarts } from '../../src/time/cuts.js';
import { formatInstant } from '../../src/time/instant.js';
import { span } from './at.js';

const shown = (instants: readonly bigint[]) => instants.map(formatInstant).join(' ');

describe('time: cuts', () => {
  const clocks: readonly (readonly [string, string, string, string, readonly number[], string])[] = [
    ['inside', 'UTC', '2026-01-05T08:00:00Z', '2026-01-05T10:00:00Z', [540], '2026-01-05T09:00:00Z'],
    ['none at the ends', 'UTC', '2026-01-05T09:00:00Z', '2026-01-06T09:00:00Z', [540], ''],
    [
      'on every day',
      'UTC',
      '2026-01-05T08:00:00Z',
      '2026-01-07T08:00:00Z',
      [540],
      '2026-01-05T09:00:00Z 2026-01-06T09:00:00Z',
    ],
    [
      'after whole days from the start',
      'UTC',
      '2026-01-05T09:00:00Z',
      '2026-01-07T10:00:00Z',
      [540],
      '2026-01-06T09:00:00Z 2026-01-07T09:00:00Z',
    ],
    [
      'where clocks skip an hour, there',
      'Europe/Berlin',
      '2026-03-29T00:30:00Z',
      '2026-03-29T02:30:00Z',
      [120, 180],
      '2026-03-29T01:00:00Z',
    ],
    [
      'where clocks show an hour twice, both times and at the change',
      'Europe/Berlin',
      '2026-10-24T23:30:00Z',
      '2026-10-25T03:00:00Z',
      [150],
      '2026-10-25T00:30:00Z 2026-10-25T01:00:00Z 2026-10-25T01:30:00Z',
    ],
    [
      'in a zone of half an hour',
      'Asia/Kolkata',
      '2026-01-05T00:00:00Z',
      '2026-01-05T05:00:00Z',
      [540],
      '2026-01-05T03:30:00Z',
    ],
  ];
  for (const [what, zone, start, end, minutes, expected] of clocks) {
    it(`of the clock, ${what}`, () => {
      assert.equal(shown(clockCuts(span(start, end), zone, minutes, 100)), expected);
    });
  }

  it('of the clock are no more than asked for', () => {
    const year = span('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z');
    assert.equal(clockCuts(year, 'UTC', [0, 60], 5).length, 5);
    assert.equal(clockCuts(year, 'UTC', [0], 1000).length, 364);
  });

  const windows: readonly (readonly [Parameters<typeof windowStarts>[1], string, string, string])[] = [
    ['day', '2026-01-05T08:00:00Z', '2026-01-07T08:00:00Z', '2026-01-06T00:00:00Z 2026-01-07T00:00:00Z'],
    ['month', '2026-01-05T08:00:00Z', '2026-02-01T00:00:00Z', ''],
    ['month', '2026-01-05T08:00:00Z', '2026-02-01T00:00:01Z', '2026-02-01T00:00:00Z'],
    ['year', '2026-01-05T08:00:00Z', '2026-02-01T00:00:01Z', ''],
  ];
  for (const [window, start, end, expected] of windows) {
    it(`of a ${window}, from ${start} to ${end}`, () => {
      assert.equal(shown(windowStarts(span(start, end), window, 'UTC', 100)), expected);
    });
  }
});
