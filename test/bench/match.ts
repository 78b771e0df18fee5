/**
 * How fast rules are matched, and what it takes to compile them: `npm run bench:match`. All engines answer in turn in one
 * process, so that ratios are those of one run; each is the median of three rounds. Before that, their answers are compared.
 */
import assert from 'node:assert/strict';
import { compileTable } from './match-compile.js';
import {
  type Answer,
  freshRulesEngine,
  jsonLogic,
  lookup,
  ours,
  rulesEngine,
  typed,
  ZEN,
  zen,
} from './match-engines.js';
import { lookupTable } from './match-lookups.js';
import { type BenchFacts, type Tile, cutsFor, factSetsOf, tilesOf, typedFacts } from './match-rules.js';
import { cpuSeconds, median, printTable, rateOf, short, sumOfAnswers } from './match-timing.js';

const ROUNDS = 3;
/** Of processor time: an engine's in each round, and for comparing the answers of a slow one. */
const SECONDS = 0.4;

type Goal = { readonly rules: number; readonly rulesEngine?: number; readonly lookup: number };
const GOALS: readonly Goal[] = [
  { rules: 10, rulesEngine: 1_200, lookup: 3 },
  { rules: 100, rulesEngine: 8_000, lookup: 4 },
  { rules: 1_000, rulesEngine: 60_000, lookup: 5 },
  { rules: 10_000, lookup: 6 },
];

/** By engine, a rate for each round. */
type Rounds = ReadonlyMap<string, readonly number[]>;

async function roundsOf(rules: number): Promise<Rounds> {
  const cuts = cutsFor(rules);
  const tiles = tilesOf(cuts);
  const sets = factSetsOf(cuts);
  const typedSets = new Map(sets.map((facts) => [facts, typedFacts(facts)]));
  const typedAnswer = typed(tiles);
  const table = lookup(cuts, tiles);
  const engines: readonly (readonly [string, Answer])[] = [
    ...(await peers(tiles)),
    ['hand lookup', table],
    ['ratebook', ours(tiles)],
  ];
  for (const [name, answer] of engines) await compare(name, sets, { answer, right: table });
  await compare('typed', sets, { answer: (facts) => typedAnswer(typedSets.get(facts)!), right: table });

  const rounds = new Map<string, number[]>();
  const add = (name: string, rate: number) => rounds.set(name, [...(rounds.get(name) ?? []), rate]);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, answer] of engines) add(name, await rateOf(sets, answer, SECONDS));
    add('typed', await rateOf([...typedSets.values()], typedAnswer, SECONDS));
  }
  return rounds;
}

async function peers(tiles: readonly Tile[]): Promise<readonly (readonly [string, Answer])[]> {
  const decisionTable = await zen(tiles);
  return [
    // Ten thousand rules would take it a third of a second for each answer.
    ...(tiles.length > 1_000
      ? []
      : [
          ['rules engine', rulesEngine(tiles)] as const,
          ['a new one each', freshRulesEngine(tiles)] as const,
        ]),
    ...(decisionTable === undefined ? [] : [['zen', decisionTable] as const]),
    ['json-logic', jsonLogic(tiles)],
  ];
}

type Compared = { readonly answer: Answer; readonly right: Answer };

/** All fact sets, or as many as a slow engine gets to in the time. */
async function compare(
  name: string,
  sets: readonly BenchFacts[],
  { answer, right }: Compared,
): Promise<void> {
  const start = cpuSeconds();
  for (const [i, facts] of sets.entries()) {
    if (i % 16 === 0 && cpuSeconds() - start > SECONDS) break;
    assert.equal(await answer(facts), await right(facts), `${name} on ${JSON.stringify(facts)}`);
  }
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
console.log(`\nSum of all answers, which nobody needs: ${sumOfAnswers()}`);
