import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { jsonRulesEngine } from './adapters/json-rules-engine.js';
import { compiled, reference } from './adapters/ratebook.js';
import { CORPUS, readCorpus } from './corpus.js';
import { type FileScore, scoreCorpus, scoreFile } from './score.js';
import { scoreTable } from './report.js';

const OURS = [reference, compiled];

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

  describe('json-rules-engine itself', () => {
    let scores: readonly FileScore[] = [];
    before(async () => {
      scores = await scoreCorpus(jsonRulesEngine);
    });

    it('fails the files that name a trap, and no others', () => {
      const failed = scores.filter(({ answers }) => !answers.every(({ passed }) => passed));
      const trapped = readCorpus().filter(({ trap }) => trap !== undefined);
      assert.deepEqual(
        failed.map(({ file }) => file.path),
        trapped.map(({ path }) => path),
      );
    });

    it('has the score that the README shows', async () => {
      const ours = await Promise.all(
        OURS.map(async (adapter) => ({ engine: adapter.name, scores: await scoreCorpus(adapter) })),
      );
      const table = scoreTable([{ engine: jsonRulesEngine.name, scores }, ...ours]);
      assert.ok(readFileSync(`${CORPUS}README.md`, 'utf8').includes(table), table);
    });
  });
});
