import assert from 'node:assert/strict';
import { decimal, formatDecimal } from '../../src/money/decimal.js';
import type { Measured } from '../../src/pricing/price.js';
import { addSample, readMeter, startMeter } from '../../src/quote/measure.js';
import { instant } from './priced.js';

const at = (text: string) => instant(text.length > 10 ? text : `${text}T00:00:00Z`) ?? 0n;

/** Uses as `DATE QUANTITY`; each is called by its place, from 1. */
const measured = (
  how: Measured,
  uses: readonly string[],
  zone = 'UTC',
  span = ['2026-04-01', '2026-05-01'],
) => {
  const samples = uses.map((text, i) => {
    const [when = '', quantity = ''] = text.split(' ');
    return { at: at(when), quantity: decimal(quantity), value: quantity, usageId: `${i + 1}` };
  });
  const [start = '', end = ''] = span;
  const meter = startMeter({ measured: how, period: { start: at(start), end: at(end) }, zone });
  for (const sample of samples) addSample(meter, sample);
  return readMeter(meter)
    .map((one) => `${formatDecimal(one.quantity)}${one.decidedBy ? ` by ${one.decidedBy}` : ''}`)
    .join();
};

describe('quote: measured quantities', () => {
  const USES = ['2026-04-02 5', '2026-04-10 9', '2026-04-12 9', '2026-04-20 5'];
  for (const [how, uses, expected] of [
    [{ aggregate: 'max' }, [], ''],
    [{ aggregate: 'max' }, USES, '9 by 2'],
    [{ aggregate: 'max' }, ['2026-04-02 -5', '2026-04-03 -9'], '-5 by 1'],
    [{ aggregate: 'last' }, USES, '5 by 4'],
    [{ aggregate: 'unique' }, USES, '2'],
    [{ aggregate: 'sum', bucket: 'day', over: 'sum' }, USES, '28'],
    [{ aggregate: 'count', bucket: 'day', over: 'sum' }, USES, '4'],
    // 8 from the start, 2 from the 16th: (8 × 15 + 2 × 15) ÷ 30.
    [{ aggregate: 'average' }, ['2026-04-01 8', '2026-04-16 2'], '5'],
    // Of 30 days: rank 15 is empty, rank 27 is the first that is not, rank 30 the last.
    [{ aggregate: 'sum', bucket: 'day', over: 'p50' }, USES, '0'],
    [{ aggregate: 'max', bucket: 'day', over: 'p90' }, USES, '5 by 1'],
    [{ aggregate: 'max', bucket: 'day', over: 'p100' }, USES, '9 by 3'],
    [{ aggregate: 'max', bucket: 'day', over: 'max' }, USES, '9 by 3'],
    // What is below zero stands before what is empty.
    [{ aggregate: 'last', bucket: 'day', over: 'p1' }, ['2026-04-02 -3', '2026-04-03 -4'], '-4 by 2'],
    [{ aggregate: 'last', bucket: 'day', over: 'p7' }, ['2026-04-02 -3', '2026-04-03 -4'], '0'],
    [{ aggregate: 'last', bucket: 'day', over: 'max' }, ['2026-04-02 -3', '2026-04-03 -4'], '0'],
    [
      { aggregate: 'max', bucket: '15m' },
      ['2026-04-02T00:14:59Z 1', '2026-04-02T00:15:00Z 2', '2026-04-02T00:16:00Z 3'],
      '1 by 1,3 by 3',
    ],
    // 720 hours, two of them with anything: (2 + 4) ÷ 720.
    [
      { aggregate: 'sum', bucket: 'hour', over: 'average' },
      ['2026-04-02T10:59:59Z 2', '2026-04-02T11:00:00Z 4'],
      '0.008333333333333333',
    ],
  ] as const) {
    it(`${JSON.stringify(how)} of ${uses.join(', ') || 'nothing'} is ${expected || 'nothing'}`, () => {
      assert.equal(measured(how, uses), expected);
    });
  }

  it('days are those of the zone, also when clocks change', () => {
    const march = ['2026-02-28T23:00:00Z', '2026-03-31T22:00:00Z'];
    const uses = ['2026-03-28T23:30:00Z 31', '2026-03-29T21:30:00Z 31'];
    const over = (kind: 'average' | 'max') =>
      measured({ aggregate: 'sum', bucket: 'day', over: kind }, uses, 'Europe/Berlin', march);
    assert.equal(over('max'), '62');
    assert.equal(over('average'), '2');
  });
});
