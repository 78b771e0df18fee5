import assert from 'node:assert/strict';
import { wholeDays, wholeMonths } from '../../src/time/age.js';
import { at } from './at.js';

describe('time/age', () => {
  for (const [from, to, zone, days] of [
    ['2026-01-05T00:00:00Z', '2026-01-05T23:59:59Z', 'UTC', 0],
    ['2026-01-05T23:59:59Z', '2026-01-06T00:00:00Z', 'UTC', 1],
    ['2026-01-05T15:59:59Z', '2026-01-05T16:00:00Z', 'Asia/Shanghai', 1],
    ['2026-03-28T12:00:00Z', '2026-03-30T11:00:00Z', 'Europe/Berlin', 2],
    ['2024-02-28T00:00:00Z', '2024-03-01T00:00:00Z', 'UTC', 2],
    ['2026-01-06T00:00:00Z', '2026-01-05T00:00:00Z', 'UTC', 0],
  ] as const) {
    it(`${from} to ${to} in ${zone}: ${days} days`, () => {
      assert.equal(wholeDays(at(from), at(to), zone), days);
    });
  }

  for (const [from, to, months] of [
    ['2026-01-05', '2026-02-04', 0],
    ['2026-01-05', '2026-02-05', 1],
    ['2026-01-31', '2026-02-27', 0],
    ['2026-01-31', '2026-02-28', 1],
    ['2026-01-31', '2026-03-30', 1],
    ['2026-01-31', '2026-03-31', 2],
    ['2024-01-31', '2024-02-28', 0],
    ['2024-01-31', '2024-02-29', 1],
    ['2024-02-29', '2025-02-28', 12],
    ['2026-01-31', '2026-04-30', 3],
    ['2025-11-15', '2027-01-14', 13],
    ['2026-03-01', '2026-01-01', 0],
  ] as const) {
    it(`${from} to ${to}: ${months} months`, () => {
      assert.equal(wholeMonths(at(`${from}T08:00:00Z`), at(`${to}T07:00:00Z`), 'UTC'), months);
    });
  }
});
