/** Matches so many rules with every engine in turn and tells the rates: `node match-rounds.js RULES`, forked by match.js. */
import assert from 'node:assert/strict';
import {
  type Answer,
  freshRulesEngine,
  jsonLogic,
  lookup,
  ours,
  rulesEngine,
  typed,
  zen,
} from './match-engines.js';
import { type BenchFacts, type Tile, cutsFor, factSetsOf, tilesOf, typedFacts } from './match-rules.js';
import { cpuSeconds, rateOf, sumOfAnswers } from './match-timing.js';

const ROUNDS = 3;
/** Of processor time: an engine's in each round, and for comparing the answers of a slow one. */
const SECONDS = 0.4;

/** By engine, a rate for each round. */
export type Rounds = ReadonlyMap<string, readonly number[]>;

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

/** What is told to the parent: also what all answers come to, so that none can be left out. */
export type Told = { readonly rounds: [string, readonly number[]][]; readonly sum: number };

const rounds = await roundsOf(Number(process.argv[2]));
process.send?.({ rounds: [...rounds], sum: sumOfAnswers() } satisfies Told);
