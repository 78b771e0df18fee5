/**
 * How fast rules are matched, and what it takes to compile them: `npm run bench:match`. For each number of rules all
 * engines answer in turn in one process, so that ratios are those of one run; each is the median of three rounds. Before
 * that, their answers are compared.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { compileTable } from './match-compile.js';
import { ZEN } from './match-engines.js';
import { lookupTable } from './match-lookups.js';
import type { Rounds, Told } from './match-rounds.js';
import { median, printTable, short } from './match-timing.js';

type Goal = { readonly rules: number; readonly rulesEngine?: number; readonly lookup: number };
const GOALS: readonly Goal[] = [
  { rules: 10, rulesEngine: 1_200, lookup: 3 },
  { rules: 100, rulesEngine: 8_000, lookup: 4 },
  { rules: 1_000, rulesEngine: 60_000, lookup: 5 },
  { rules: 10_000, lookup: 6 },
];

async function roundsOf(rules: number): Promise<Rounds> {
  const child = fork(fileURLToPath(new URL('match-rounds.js', import.meta.url)), [String(rules)]);
  const [{ rounds }] = (await once(child, 'message')) as [Told];
  return new Map(rounds);
}

function ratio(rounds: Rounds, one: string, other: string): number {
  const others = rounds.get(other)!;
  return median(rounds.get(one)!.map((rate, round) => rate / others[round]!));
}

function times(found: number, goal: number | undefined, met: boolean): readonly [string, string] {
  if (goal === undefined) return ['–', ''];
  const shown = found >= 100 ? Math.round(found).toLocaleString('en') : found.toFixed(1);
  return [`${shown} ×`, `${goal.toLocaleString('en')} × ${met ? 'met' : 'NOT MET'}`];
}

const results: (readonly [Goal, Rounds])[] = [];
for (const goal of GOALS) results.push([goal, await roundsOf(goal.rules)]);

const NAMES = ['rules engine', 'a new one each', 'zen', 'json-logic', 'hand lookup', 'ratebook'];
printTable('Answers a second of processor time (rules engine: json-rules-engine)', [
  ['rules', ...NAMES],
  ...results.map(([{ rules }, rounds]) => [
    rules.toLocaleString('en'),
    ...NAMES.map((name) => (rounds.has(name) ? short(median(rounds.get(name)!)) : '–')),
  ]),
]);
if (!results.some(([, rounds]) => rounds.has('zen')))
  console.log(`(zen: npm install --no-save ${ZEN}@0.54.0 brings it in)`);
printTable('ratebook against the others', [
  ['rules', 'times json-rules-engine', 'at least', 'hand lookup is', 'at most'],
  ...results.map(([goal, rounds]) => {
    const engine = goal.rulesEngine === undefined ? 0 : ratio(rounds, 'ratebook', 'rules engine');
    const behind = ratio(rounds, 'hand lookup', 'ratebook');
    return [
      goal.rules.toLocaleString('en'),
      ...times(engine, goal.rulesEngine, engine >= (goal.rulesEngine ?? 0)),
      ...times(behind, goal.lookup, behind <= goal.lookup),
    ];
  }),
]);
printTable('Plain facts as the library takes them, and typed ones as a quote has them: nanoseconds', [
  ['rules', 'plain object', 'Map of values'],
  ...results.map(([{ rules }, rounds]) => [
    rules.toLocaleString('en'),
    ...['ratebook', 'typed'].map((name) => (1e9 / median(rounds.get(name)!)).toFixed(0)),
  ]),
]);
printTable('Compiling 10,000 rules from a checked document', compileTable());
printTable('Lookups of 100,000 rows: microseconds', await lookupTable());
