import assert from 'node:assert/strict';
import { type Decimal, ZERO, decimal, formatDecimal } from '../../src/money/decimal.js';
import type { Price } from '../../src/pricing/price.js';
import { rate } from '../../src/pricing/rate.js';
import { total } from '../../src/pricing/total.js';
import { UNUSED, percentTiersOf, priceOf, running, tiersOf } from './build.js';

const d = decimal;
const LAGO =
  'https://github.com/getlago/lago-api/blob/1b1c24a6a6c321d7900b05906bf1b20f706c97c2/spec/services/charge_models';
const OPENMETER =
  'https://github.com/openmeterio/openmeter/blob/7e57a394a0283fb210a644685ad1d257f6d5c85c/openmeter/billing/rating/service/rate';
const KILLBILL =
  'https://github.com/killbill/killbill/blob/cb60779c171391be558cd7aebb1eafea60ad2b82/invoice/src/test/java/org/killbill/billing/invoice/usage/TestContiguousIntervalConsumableInArrear.java';

/** Figures that others publish for their own engines: where they are from, the price, quantity → amount. */
const published: readonly (readonly [string, Price<Decimal>, Readonly<Record<string, string>>])[] = [
  [
    'https://docs.stripe.com/subscriptions/pricing-models/tiered-pricing',
    priceOf({
      kind: 'volume',
      tiers: tiersOf({ up_to: 5, unit_price: 7 }, { up_to: 10, unit_price: '6.5' }, { unit_price: 6 }),
    }),
    { '1': '7', '5': '35', '25': '150' },
  ],
  [
    `${LAGO}/graduated_service_spec.rb`,
    priceOf({
      kind: 'graduated',
      tiers: tiersOf(
        { up_to: 10, unit_price: 10, flat: 2 },
        { up_to: 20, unit_price: 5, flat: 3 },
        { unit_price: 5, flat: 3 },
      ),
    }),
    { '1': '12', '11': '110' },
  ],
  [
    `${LAGO}/graduated_service_spec.rb (fractional)`,
    priceOf({
      kind: 'graduated',
      tiers: tiersOf({ up_to: '0.1', unit_price: 10 }, { up_to: 1, unit_price: 5 }, { unit_price: 2 }),
    }),
    { '0.5': '3' },
  ],
  [
    `${LAGO}/volume_service_spec.rb`,
    priceOf({
      kind: 'volume',
      tiers: tiersOf(
        { up_to: 100, unit_price: 2, flat: 10 },
        { up_to: 200, unit_price: 1 },
        { unit_price: '0.5', flat: 50 },
      ),
    }),
    { '0': '10', '100.5': '100.5', '101': '101', '200': '200', '210': '155', '300': '200' },
  ],
  [
    `${LAGO}/graduated_percentage_service_spec.rb`,
    priceOf({
      kind: 'graduated_percentage',
      tiers: percentTiersOf(
        { up_to: 10, percent: 1, flat: 200 },
        { up_to: 20, percent: 2, flat: 300 },
        { percent: 3, flat: 400 },
      ),
    }),
    { '10': '200.1', '11': '500.12', '12': '500.14', '21': '900.33' },
  ],
  [
    'https://docs.solvimon.com/docs/top-tiered-or-volume-pricing',
    priceOf({
      kind: 'volume_percentage',
      tiers: percentTiersOf({ up_to: 100, percent: 10 }, { up_to: 1000, percent: 8 }, { percent: 5 }),
    }),
    { '200': '16' },
  ],
  [
    'https://github.com/getlago/lago-docs/blob/502a9e7850b73445bdddfa96b27ed6726ef0362b/docs/guide/05_plans/charges/price-models/package.md',
    priceOf({ kind: 'package', size: d(100), price: d(5), partial: 'up' }, { free: { quantity: d(100) } }),
    { '201': '10' },
  ],
  [
    'https://github.com/flexprice/flexprice/blob/e4b5303fde24581003faf0b05c08feb605c2ef93/internal/ee/service/price_test.go',
    priceOf({ kind: 'package', size: d(100), price: d(1), partial: 'down' }),
    { '250': '2' },
  ],
  [
    'https://github.com/meteroid-oss/meteroid/blob/6a27ef61aabf94a86821b6a56982731ce56ba16f/modules/meteroid/crates/meteroid-store/src/services/invoice_lines/fees.rs',
    priceOf({ kind: 'graduated', tiers: tiersOf({ unit_price: 1, maximum: 3 }) }),
    { '5': '3' },
  ],
  [
    `${OPENMETER}/tieredgraduated_test.go`,
    priceOf({
      kind: 'graduated',
      tiers: tiersOf(
        { up_to: 5, flat: 100 },
        { up_to: 10, flat: 50 },
        { up_to: 15, unit_price: 10 },
        { unit_price: 5 },
      ),
    }),
    { '0': '100', '5': '100', '5.001': '150', '22': '235' },
  ],
  [
    `${OPENMETER}/tieredvolume_test.go`,
    priceOf(
      {
        kind: 'volume',
        tiers: tiersOf(
          { up_to: 5, flat: 100 },
          { up_to: 10, flat: 150 },
          { up_to: 15, unit_price: 10 },
          { unit_price: 5 },
        ),
      },
      { maximum: { amount: d(125) } },
    ),
    { '3': '100', '7': '125', '16': '80' },
  ],
  [
    KILLBILL,
    priceOf({
      kind: 'volume',
      tiers: tiersOf(
        { up_to: 1000, unit_price: 1, per: 100, block: 100 },
        { up_to: 101000, unit_price: 1, per: 1000, block: 1000 },
        { unit_price: '0.5', per: 1000, block: 1000 },
      ),
    }),
    { '101001': '51', '300000': '150' },
  ],
  [
    'https://github.com/cgrates/cgrates/issues/118',
    priceOf({
      kind: 'graduated',
      tiers: tiersOf(
        { up_to: 30, unit_price: '0.006', per: 60, block: 30 },
        { unit_price: '0.006', per: 60, block: 6 },
      ),
    }),
    { '32': '0.0036', '57': '0.006' },
  ],
];

describe('pricing, as published by others', () => {
  for (const [source, price, totals] of published) {
    for (const [quantity, expected] of Object.entries(totals)) {
      it(`${price.model.kind}: ${quantity} → ${expected} (${source})`, () => {
        assert.equal(formatDecimal(total(price, d(quantity))), expected);
        assert.equal(formatDecimal(rate(price, UNUSED, d(quantity)).amount), expected);
      });
    }
  }

  it(`graduated after 12 units: 10 more → 22 (${OPENMETER}/tieredgraduated_test.go)`, () => {
    const tiers = tiersOf(
      { up_to: 5, flat: 100 },
      { up_to: 10, flat: 50 },
      { up_to: 15, unit_price: 5 },
      { unit_price: 1 },
    );
    const price = priceOf({ kind: 'graduated', tiers });
    assert.equal(formatDecimal(rate(price, running(12, 1), d(10)).amount), '22');
  });

  it(`package with a maximum after 60 units: 50 more → 10 (${OPENMETER}/package_test.go)`, () => {
    const price = priceOf(
      { kind: 'package', size: d(10), price: d(15), partial: 'up' },
      { maximum: { amount: d(100) } },
    );
    assert.equal(formatDecimal(rate(price, running(60, 1), d(50)).amount), '10');
  });

  const percentages: readonly (readonly [string, Price<Decimal>, readonly string[], readonly string[]])[] = [
    [
      'https://github.com/getlago/lago-docs/blob/502a9e7850b73445bdddfa96b27ed6726ef0362b/docs/guide/05_plans/charges/price-models/percentage.md',
      priceOf({
        kind: 'percentage',
        percent: d('1.2'),
        fixed: d('0.1'),
        freeEvents: d(3),
        freeAmount: d(500),
      }),
      ['200', '100', '100', '50'],
      ['0', '0', '0', '0.7'],
    ],
    [
      `${LAGO}/percentage_service_spec.rb`,
      priceOf({ kind: 'percentage', percent: d('2.99'), fixed: d(2), minimum: d('1.75'), maximum: d(12) }),
      ['10', '80', '10000'],
      ['2.299', '4.392', '12'],
    ],
    [
      `${LAGO}/percentage_service_spec.rb (free amount)`,
      priceOf({
        kind: 'percentage',
        percent: d('2.99'),
        fixed: ZERO,
        minimum: d('1.75'),
        maximum: d(12),
        freeAmount: d(30),
      }),
      ['10', '80', '10000'],
      ['0', '1.794', '12'],
    ],
  ];
  for (const [source, price, events, expected] of percentages) {
    it(`percentage: events of ${events.join(', ')} → ${expected.join(', ')} (${source})`, () => {
      let before = UNUSED;
      const amounts = events.map((event) => {
        const rated = rate(price, before, d(event));
        before = rated.after;
        return formatDecimal(rated.amount);
      });
      assert.deepEqual(amounts, expected);
    });
  }
});
