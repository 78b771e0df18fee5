/**
 * How fast rules are matched: `npm run bench:match`. All engines answer in turn in one process and on one core, in three
 * rounds, so that the ratios are those of one run; each figure is the median. Before that, all answers are compared.
 */
import assert from 'node:assert/strict';
import { type Answer, freshRulesEngine, jsonLogic, lookup, ours, rulesEngine, typed, zen } from './match-engines.js';
import { type BenchFacts, type Cuts, cutsFor, factSetsOf, tilesOf, typedFacts } from './match-rules.js';
import { kept, median, rateOf, shortly } from './match-timing.js';

const ROUNDS = 3;
const SECONDS = 0.4;
/** Seconds in which the answers of a slow engine are compared. */
const CHECKED_FOR = 1;

const GOALS: Readonly<Record<number, { readonly rulesEngine?: number; readonly lookup: number }>> = {
  10: { rulesEngine: 1_200, lookup: 3 },
  100: { rulesEngine: 8_000, lookup: 4 },
  1_000: { rulesEngine: 60_000, lookup: 5 },
  10_000: { lookup: 6 },
};

type Rates = Readonly<Record<string, number>>;

async function benchOf(size: number): Promise<{ readonly rates: Rates; readonly typedRate: number }> {
  const cuts = cutsFor(size);
  const tiles = tilesOf(cuts);
  assert.equal(tiles.length, size);
  const sets = factSetsOf(cuts);
  const engines: Record<string, Answer> = { ours: ours(tiles), lookup: lookup(cuts, tiles) };
  if (size <= 1_000) {
    engines['one engine'] = rulesEngine(tiles);
    engines['new engine'] = freshRulesEngine(tiles);
  }
  const decision = await zen(tiles);
  if (decision !== undefined) engines['zen'] = decision;
  engines['json-logic'] = jsonLogic(tiles);
  const engine = typed(tiles);
  engines['typed'] = () => 0;
  for (const [name, answer] of Object.entries(engines)) if (name !== 'typed') await check(name, answer, { sets, cuts, tiles });
  const typedSets = sets.map(typedFacts);
  const typedAnswer = (facts: ReturnType<typeof typedFacts>) => engine.match({ moment: 'usage', facts })[0]?.index ?? -1;
  for (const [i, facts] of typedSets.entries()) assert.equal(typedAnswer(facts), engines['lookup']!(sets[i]!));

  delete engines['typed'];
  const rounds: Record<string, number[]> = { typed: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, answer] of Object.entries(engines)) {
      (rounds[name] ??= []).push(await rateOf(sets, answer, SECONDS));
    }
    rounds['typed']!.push(await rateOf(typedSets, typedAnswer, SECONDS));
  }
  console.log(size, Object.fromEntries(Object.entries(rounds).map(([k, v]) => [k, v.map(shortly).join(' ')])));
  return { rates: Object.fromEntries(Object.entries(rounds).map(([name, values]) => [name, median(values)])), typedRate: 0 };
}

type Space = { readonly sets: readonly BenchFacts[]; readonly cuts: Cuts; readonly tiles: ReturnType<typeof tilesOf> };

async function check(name: string, answer: Answer, { sets, cuts, tiles }: Space): Promise<number> {
  const right = lookup(cuts, tiles);
  const until = performance.now() + 1000 * CHECKED_FOR;
  let checked = 0;
  for (const facts of sets) {
    assert.equal(await answer(facts), right(facts), `${name} answers otherwise for ${JSON.stringify(facts)}`);
    checked++;
    if (performance.now() > until) break;
  }
  return checked;
}

for (const size of process.argv.slice(2).map(Number).concat(process.argv.length > 2 ? [] : Object.keys(GOALS).map(Number))) {
  const { rates } = await benchOf(size);
  const goal = GOALS[size]!;
  console.log(size, 'vs jre', (rates['ours']! / rates['one engine']!).toFixed(0), goal.rulesEngine, 'vs lookup', (rates['lookup']! / rates['ours']!).toFixed(2), goal.lookup, 'ns', (1e9/rates['ours']!).toFixed(0), 'typed ns', (1e9/rates['typed']!).toFixed(0));
}
console.log(kept);
