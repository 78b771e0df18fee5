/**
 * What compiling costs: `compileTable` starts this file once for each kind of document, so that each has a process of its
 * own. Goals: under a second, and under 100 MB that stay.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { decimal } from '../../src/money/decimal.js';
import { compileSteps, unindexed } from '../../src/strategy/engine/compiled.js';
import type { Condition, FactType, Strategy } from '../../src/strategy/strategy.js';
import { all, chargeRule, leaf, strategyOf } from '../strategy/strategy-of.js';
import { cutsFor, strategyOfTiles, tilesOf } from './match-rules.js';
import { cpuSeconds } from './match-timing.js';

const RULES = 10_000;
const MB = 2 ** 20;
const SECONDS = 1;
const MEGABYTES = 100;

function documentOf(
  types: Readonly<Record<string, FactType>>,
  conditionOf: (i: number) => Condition,
  rules = RULES,
) {
  return strategyOf({
    types,
    rules: Array.from({ length: rules }, (_, i) => chargeRule(i, conditionOf(i))),
  });
}

function named<T>(count: number, value: (i: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, i) => value(i));
}

const typesOf = (names: readonly string[], type: FactType) =>
  Object.fromEntries(names.map((name) => [name, type]));
const FIVE = named(5, (i) => `fact_${i}`);
const SIXTEEN = named(16, (i) => `fact_${i}`);

/** A different order of the rules for each fact. */
const shuffled = (i: number, fact: number) => (i * (7919 + 2 * fact)) % RULES;

const DOCUMENTS: Readonly<Record<string, () => Strategy>> = {
  'boxes that tile the space': () => strategyOfTiles(tilesOf(cutsFor(RULES))),
  '10,000 strings on each of two facts': () =>
    documentOf(typesOf(FIVE, 'string'), (i) =>
      all(leaf('fact_0', 'equal', `one ${i}`), leaf('fact_1', 'equal', `two ${i}`)),
    ),
  '10,000 half-open ranges on each of five facts': () =>
    documentOf(typesOf(FIVE, 'decimal'), (i) =>
      all(
        ...FIVE.flatMap((fact, n) => [
          leaf(fact, 'greaterThanInclusive', decimal(shuffled(i, n))),
          leaf(fact, 'lessThan', decimal(shuffled(i, n) + 37)),
        ]),
      ),
    ),
  '10,000 open ranges on each of five facts': () =>
    documentOf(typesOf(FIVE, 'decimal'), (i) =>
      all(
        ...FIVE.map((fact, n) =>
          leaf(fact, n % 2 === 0 ? 'lessThan' : 'greaterThan', decimal(shuffled(i, n))),
        ),
      ),
    ),
  '`in` lists of 300 strings, 1,000 rules': () =>
    documentOf(
      typesOf(FIVE, 'string'),
      (i) =>
        leaf(
          'fact_0',
          'in',
          named(300, (k) => `value ${(131 * i + 17 * k) % 50_000}`),
        ),
      1000,
    ),
  'alternatives that multiply, 2,000 rules': () =>
    documentOf(
      typesOf(SIXTEEN, 'string'),
      (i) =>
        all(
          ...named(8, (k): Condition => ({
            kind: 'any',
            of: [leaf(`fact_${k}`, 'equal', `x ${i}`), leaf(`fact_${k + 8}`, 'equal', `y ${i}`)],
          })),
        ),
      2000,
    ),
};

type Cost = {
  /** Of processor time, which includes what collects garbage meanwhile. */
  readonly seconds: number;
  readonly megabytes: number;
  /** Milliseconds on the clock of each step. */
  readonly steps: readonly number[];
  readonly unindexed: number;
};

/** In a process of its own, with `gc` at hand. */
function measure(name: string): Cost {
  const strategy = DOCUMENTS[name]!();
  globalThis.gc?.();
  const before = process.memoryUsage();
  const start = cpuSeconds();
  const steps = compileSteps(strategy);
  const lengths: number[] = [];
  let step: ReturnType<typeof steps.next>;
  do {
    const began = performance.now();
    step = steps.next();
    lengths.push(performance.now() - began);
  } while (step.done !== true);
  const seconds = cpuSeconds() - start;
  globalThis.gc?.();
  const after = process.memoryUsage();
  // Used once more, so that it is not collected before it is weighed.
  step.value.match({ moment: 'usage', facts: new Map() });
  const bytes = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  return {
    seconds,
    megabytes: bytes / MB,
    steps: lengths,
    unindexed: unindexed(strategy).length,
  };
}

const RUNS = 3;

/**
 * Every run has the same steps, so that the least time of each, and of the whole, is without most of what else the
 * machine did.
 */
function leastCost(name: string): Cost {
  const runs = Array.from({ length: RUNS }, () => {
    const run = spawnSync(process.execPath, ['--expose-gc', fileURLToPath(import.meta.url), name], {
      encoding: 'utf8',
    });
    return JSON.parse(run.stdout) as Cost;
  });
  return {
    ...runs[0]!,
    seconds: Math.min(...runs.map(({ seconds }) => seconds)),
    steps: runs[0]!.steps.map((_, i) => Math.min(...runs.map(({ steps }) => steps[i]!))),
  };
}

export function compileTable(): readonly (readonly string[])[] {
  const rows = Object.keys(DOCUMENTS).map((name) => {
    const cost = leastCost(name);
    const steps = cost.steps.toSorted((a, b) => a - b);
    const met = cost.seconds < SECONDS && cost.megabytes < MEGABYTES;
    return [
      name,
      `${cost.seconds.toFixed(2)} s`,
      `${cost.megabytes.toFixed(1)} MB`,
      `${steps[Math.floor(0.99 * steps.length)]!.toFixed(1)} ms`,
      `${steps.at(-1)!.toFixed(1)} ms`,
      String(cost.unindexed),
      met ? 'met' : 'NOT MET',
    ];
  });
  return [
    ['document', 'processor', 'stays', '99 % of steps within', 'longest', 'rules cut', '< 1 s, < 100 MB'],
    ...rows,
  ];
}

const [, file, name] = process.argv;
if (file === fileURLToPath(import.meta.url) && name !== undefined) console.log(JSON.stringify(measure(name)));
