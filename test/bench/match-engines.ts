import { Engine, Rule } from 'json-rules-engine';
import { LogicEngine } from 'json-logic-engine';
import { compile } from 'ratebook/matcher';
import { compiledEngine } from '../../src/strategy/engine/compiled.js';
import type { FactValues } from '../../src/strategy/engine/matcher.js';
import { type BenchFacts, type Cuts, FACTS, type Tile, plainRule, strategyOfTiles } from './match-rules.js';

/** Tells the number of the rule that matches: of tiles there is always one. */
export type Answer = (facts: BenchFacts) => number | Promise<number>;

/** The compiled matcher as a library has it. */
export function ours(tiles: readonly Tile[]): Answer {
  const match = compile(tiles.map(plainRule), { facts: FACTS });
  return (facts) => match(facts)[0]?.number ?? -1;
}

/** What a programmer would write for these very tiles: two Maps, an index, a binary search, one table. */
export function lookup({ models, regions, hours, quantities }: Cuts, tiles: readonly Tile[]): Answer {
  const modelAt = new Map(models.map((model, i) => [model, i]));
  const regionAt = new Map(regions.map((region, i) => [region, i]));
  const hourAt = Array.from({ length: 24 }, (_, hour) => hours.findLastIndex((from) => from <= hour));
  const bounds = Float64Array.from(quantities);
  const [hourCount, quantityCount] = [hours.length - 1, quantities.length - 1];
  const placeOf = (model: number, region: number, hour: number, quantity: number) =>
    ((model * regions.length + region) * hourCount + hour) * quantityCount + quantity;
  const rules = tiles.map(plainRule);
  const table = rules.slice();
  tiles.forEach((tile, i) => {
    const hour = hours.indexOf(tile.hours[0]);
    const quantity = quantities.indexOf(tile.quantities[0]);
    table[placeOf(modelAt.get(tile.model)!, regionAt.get(tile.region)!, hour, quantity)] = rules[i]!;
  });
  return (facts) => {
    let low = 0;
    let high = quantityCount;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (bounds[middle]! <= facts.quantity) low = middle;
      else high = middle;
    }
    return table[placeOf(modelAt.get(facts.model)!, regionAt.get(facts.region)!, hourAt[facts.hour]!, low)]!
      .number;
  };
}

/** json-rules-engine with one engine for all evaluations, one after the other. */
export function rulesEngine(tiles: readonly Tile[]): Answer {
  const engine = new Engine(tiles.map(plainRule));
  return async (facts) => ruleIn(await engine.run(facts));
}

/** json-rules-engine as it is safe where evaluations overlap: a new engine for each, the rules made once. */
export function freshRulesEngine(tiles: readonly Tile[]): Answer {
  const rules = tiles.map((tile, i) => new Rule(plainRule(tile, i)));
  return async (facts) => ruleIn(await new Engine(rules).run(facts));
}

function ruleIn({ events }: Awaited<ReturnType<Engine['run']>>): number {
  return Number(events[0]?.params?.['rule'] ?? -1);
}

/** Branches that json-logic-engine compiles into one function. */
const BRANCHES = 200;

/** json-logic-engine, compiled: the branches of an `if`, in so many functions that each is still made fast by the VM. */
export function jsonLogic(tiles: readonly Tile[]): Answer {
  const engine = new LogicEngine();
  const functions: ((facts: BenchFacts) => unknown)[] = [];
  for (let start = 0; start < tiles.length; start += BRANCHES) {
    const branches = tiles.slice(start, start + BRANCHES).flatMap((tile, i) => [logicOf(tile), start + i]);
    functions.push(engine.build({ if: [...branches, -1] }) as (facts: BenchFacts) => unknown);
  }
  return (facts) => {
    for (const branch of functions) {
      const rule = branch(facts) as number;
      if (rule >= 0) return rule;
    }
    return -1;
  };
}

function logicOf({ model, region, hours, quantities }: Tile) {
  const fact = (name: string) => ({ var: name });
  return {
    and: [
      { '===': [fact('model'), model] },
      { '===': [fact('region'), region] },
      { '>=': [fact('hour'), hours[0]] },
      { '<': [fact('hour'), hours[1]] },
      { '>=': [fact('quantity'), quantities[0]] },
      { '<': [fact('quantity'), quantities[1]] },
    ],
  };
}

/** Not among the dependencies: it is native, one package a platform, which no lock file made on one of them holds. */
export const ZEN = '@gorules/zen-engine';
type ZenLibrary = {
  readonly ZenEngine: new () => { createDecision: (content: unknown) => ZenDecision };
  readonly ZenDecisionContent: new (content: unknown) => unknown;
};
type ZenDecision = { readonly evaluate: (facts: BenchFacts) => Promise<unknown> };

/** A decision table of which the first row that hits counts; undefined where the engine is not installed. */
export async function zen(tiles: readonly Tile[]): Promise<Answer | undefined> {
  const library = await (import(ZEN) as Promise<ZenLibrary>).catch(() => undefined);
  if (library === undefined) return undefined;
  const fields = ['model', 'region', 'hour', 'quantity'];
  const rules = tiles.map(({ model, region, hours, quantities }, i) => ({
    _id: `rule-${i}`,
    model: `"${model}"`,
    region: `"${region}"`,
    hour: `[${hours[0]}..${hours[1]})`,
    quantity: `[${quantities[0]}..${quantities[1]})`,
    rule: String(i),
  }));
  const content = {
    nodes: [
      { id: 'in', type: 'inputNode', name: 'in', position: { x: 0, y: 0 } },
      {
        id: 'table',
        type: 'decisionTableNode',
        name: 'table',
        position: { x: 0, y: 0 },
        content: {
          hitPolicy: 'first',
          inputs: fields.map((field) => ({ id: field, name: field, type: 'expression', field })),
          outputs: [{ id: 'rule', name: 'rule', type: 'expression', field: 'rule' }],
          rules,
        },
      },
      { id: 'out', type: 'outputNode', name: 'out', position: { x: 0, y: 0 } },
    ],
    edges: [
      { id: 'one', type: 'edge', sourceId: 'in', targetId: 'table' },
      { id: 'two', type: 'edge', sourceId: 'table', targetId: 'out' },
    ],
  };
  const decision = new library.ZenEngine().createDecision(new library.ZenDecisionContent(content));
  return async (facts) => {
    const { result } = (await decision.evaluate(facts)) as { readonly result: { readonly rule?: number } };
    return result.rule ?? -1;
  };
}

/** The compiled matcher as a quote uses it: a checked document, and typed facts in a Map. */
export function typed(tiles: readonly Tile[]): (facts: FactValues) => number {
  const engine = compiledEngine(strategyOfTiles(tiles));
  return (facts) => engine.match({ moment: 'usage', facts })[0]?.index ?? -1;
}
