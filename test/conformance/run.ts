import { compiled, reference } from './adapters/ratebook.js';
import { jsonRulesEngine } from './adapters/json-rules-engine.js';
import { type Column, failuresOf, scoreTable } from './report.js';
import { scoreCorpus } from './score.js';

const columns: Column[] = [];
for (const adapter of [jsonRulesEngine, reference, compiled])
  columns.push({ engine: adapter.name, scores: await scoreCorpus(adapter) });
const [stock, ...ours] = columns;

console.log(scoreTable(columns));
if (stock !== undefined) {
  console.log(`\nWhere ${stock.engine} differs:\n`);
  console.log(failuresOf(stock).join('\n'));
}
for (const column of ours) {
  const failures = failuresOf(column);
  if (failures.length === 0) continue;
  console.log(`\nWhere ${column.engine} is wrong:\n\n${failures.join('\n')}`);
  process.exitCode = 1;
}
