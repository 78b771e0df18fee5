import assert from 'node:assert/strict';
import { type Decimal, decimal, formatDecimal } from '../../src/money/decimal.js';
import type { Model } from '../../src/pricing/price.js';
import { total } from '../../src/pricing/total.js';
import { percentTiersOf, priceOf, tiersOf } from './build.js';

const d = decimal;

/** Each model with what some quantities cost in total: nothing, one, a bound, just past it, many. */
const models: Readonly<Record<string, readonly [Model<Decimal>, Readonly<Record<string, string>>]>> = {
  'flat: as often as it is charged': [
    { kind: 'flat', amount: d('9.99') },
    { '0': '0', '1': '9.99', '3': '29.97' },
  ],
  'per unit: for a million tokens': [
    { kind: 'per_unit', unitPrice: d('2.5'), per: d(1_000_000) },
    { '0': '0', '1': '0.0000025', '1000': '0.0025', '9999999999999999': '24999999999.9999975' },
  ],
  'per unit: a quotient that does not end': [
    { kind: 'per_unit', unitPrice: d(1), per: d(3) },
    { '1': '0.333333333333333333', '2': '0.666666666666666667', '3': '1' },
  ],
  'graduated: each unit in its tier': [
    {
      kind: 'graduated',
      tiers: tiersOf({ up_to: 10, unit_price: 5 }, { up_to: 20, unit_price: 4 }, { unit_price: 3 }),
    },
    { '0': '0', '1': '5', '10': '50', '11': '54', '20': '90', '21': '93', '1000000': '3000030' },
  ],
  'graduated: a quantity between integer bounds belongs to the next tier': [
    {
      kind: 'graduated',
      tiers: tiersOf(
        { up_to: 100, unit_price: 2 },
        { up_to: 200, flat: 7, unit_price: 1 },
        { unit_price: 0 },
      ),
    },
    { '100': '200', '100.5': '207.5', '101': '208' },
  ],
  'graduated: blocks are filled up, each tier its own': [
    {
      kind: 'graduated',
      tiers: tiersOf(
        { up_to: 30, unit_price: '0.006', per: 60, block: 30 },
        { unit_price: '0.006', per: 60, block: 6 },
      ),
    },
    { '0': '0', '1': '0.003', '30': '0.003', '31': '0.0036', '36': '0.0036', '37': '0.0042' },
  ],
  'graduated: a tier costs at most its maximum, flat included': [
    {
      kind: 'graduated',
      tiers: tiersOf({ up_to: 10, unit_price: 1, flat: 2, maximum: 5 }, { unit_price: 1 }),
    },
    { '0': '2', '3': '5', '4': '5', '10': '5', '11': '6' },
  ],
  'graduated: different pers are added before the division': [
    {
      kind: 'graduated',
      tiers: tiersOf(
        { up_to: 1, unit_price: 1, per: 3 },
        { up_to: 2, unit_price: 1, per: 6 },
        { unit_price: 1, per: 2 },
      ),
    },
    { '1': '0.333333333333333333', '2': '0.5', '3': '1' },
  ],
  'volume: the tier reached prices every unit': [
    {
      kind: 'volume',
      tiers: tiersOf({ up_to: 10, unit_price: 5 }, { up_to: 20, unit_price: 4, flat: 1 }, { unit_price: 3 }),
    },
    { '0': '0', '1': '5', '10': '50', '11': '45', '20': '81', '21': '63', '1000000': '3000000' },
  ],
  'volume: block, maximum and flat of the tier reached': [
    {
      kind: 'volume',
      tiers: tiersOf({ up_to: 10, unit_price: 1, flat: 100 }, { unit_price: 1, block: 7, maximum: 30 }),
    },
    { '0': '100', '10': '110', '11': '14', '15': '21', '28': '28', '29': '30', '1000': '30' },
  ],
  'package: a started one counts': [
    { kind: 'package', size: d(100), price: d(5), partial: 'up' },
    { '0': '0', '1': '5', '100': '5', '101': '10', '100.5': '10', '9999999999999999': '500000000000000' },
  ],
  'package: a started one does not count': [
    { kind: 'package', size: d(100), price: d(5), partial: 'down' },
    { '0': '0', '1': '0', '99': '0', '100': '5', '199.9': '5', '200': '10' },
  ],
  'package: of a size that does not divide': [
    { kind: 'package', size: d('0.3'), price: d(1), partial: 'up' },
    { '0.3': '1', '0.9': '3', '0.91': '4', '1': '4' },
  ],
  'graduated percentage: each part of the amount in its tier': [
    {
      kind: 'graduated_percentage',
      tiers: percentTiersOf({ up_to: 100, percent: 10 }, { percent: 5, flat: 1 }),
    },
    { '0': '0', '1': '0.1', '100': '10', '101': '11.05', '1000000': '50006' },
  ],
  'volume percentage: the tier reached, on the whole amount': [
    {
      kind: 'volume_percentage',
      tiers: percentTiersOf({ up_to: 100, percent: 10 }, { percent: 5, flat: 1 }),
    },
    { '0': '0', '1': '0.1', '100': '10', '101': '6.05', '1000000': '50001' },
  ],
  'dynamic: a multiple of the amount that comes with the event': [
    { kind: 'dynamic', multiplier: d('1.2') },
    { '0': '0', '1': '1.2', '12.34': '14.808' },
  ],
  'percentage: one event': [
    { kind: 'percentage', percent: d('1.5'), fixed: d('0.25'), minimum: d('0.3'), maximum: d(10) },
    { '0': '0.3', '1': '0.3', '10': '0.4', '650': '10', '651': '10' },
  ],
};

describe('pricing/models', () => {
  for (const [name, [model, cases]] of Object.entries(models)) {
    for (const [quantity, expected] of Object.entries(cases)) {
      it(`${name}: ${quantity} → ${expected}`, () => {
        assert.equal(formatDecimal(total(priceOf(model), d(quantity))), expected);
      });
    }
  }
});
