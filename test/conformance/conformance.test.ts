import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { OTHERS, OURS } from './adapters/engines.js';
import { jsonRulesEngine } from './adapters/json-rules-engine.js';
import { CORPUS, readCorpus } from './corpus.js';
import { scoreTable } from './report.js';
import { scoreCorpus, scoreFile } from './score.js';

describe('conformance', () => {
  for (const file of readCorpus()) {
    it(`${file.path}: ${file.title}`, async () => {
      for (const adapter of OURS) {
        for (const { facts, expected, found, passed } of await scoreFile(adapter, file)) {
          assert.ok(passed, `${adapter.name}, ${facts}: expected ${expected}; found ${found}`);
          // A refusal has to say where the document is wrong.
          if (file.refused !== undefined) assert.ok(found.startsWith(`refused: ${file.refused.at}: `), found);
        }
      }
    });
  }

  it('json-rules-engine fails the files that name a trap, and no others', async () => {
    const { files } = await scoreCorpus(jsonRulesEngine);
    const failed = files.filter(({ answers }) => !answers.every(({ passed }) => passed));
    const trapped = readCorpus().filter(({ trap }) => trap !== undefined);
    assert.deepEqual(
      failed.map(({ file }) => file.path),
      trapped.map(({ path }) => path),
    );
  });

  it('the README shows these scores', async () => {
    const table = scoreTable(await Promise.all([...OTHERS, ...OURS].map(scoreCorpus)));
    assert.ok(readFileSync(`${CORPUS}README.md`, 'utf8').includes(table), table);
  });
});
