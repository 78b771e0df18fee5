import { jsonRulesEngine } from './adapters/json-rules-engine.js';
import { OTHERS, OURS } from './adapters/engines.js';
import { failuresOf, scoreTable } from './report.js';
import { type EngineScore, scoreCorpus } from './score.js';

const scores: EngineScore[] = [];
for (const adapter of [...OTHERS, ...OURS]) scores.push(await scoreCorpus(adapter));
console.log(scoreTable(scores));

for (const score of scores) {
  const failures = failuresOf(score, score.adapter === jsonRulesEngine);
  if (failures.length === 0) continue;
  console.log(`\nWhere ${score.adapter.name} differs:\n\n${failures.join('\n')}`);
  if (OURS.includes(score.adapter)) process.exitCode = 1;
}
