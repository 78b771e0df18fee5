import assert from 'node:assert/strict';
import { parse } from 'yaml';
import * as z from 'zod';
import { formatSource } from '../../src/strategy/source/format.js';
import { strategyJsonSchema } from '../../src/strategy/read/json-schema.js';
import { findTies } from '../../src/strategy/ties/ties.js';
import { answerCase, exampleNames, readExample, rulesFile } from './example.js';

describe('rules', () => {
  const schema = rulesFile('strategy.schema.json').text;

  it('has the schema that `ratebook schema` prints', () => {
    assert.equal(schema, `${JSON.stringify(strategyJsonSchema(), null, 2)}\n`);
  });

  for (const name of exampleNames) {
    describe(name, () => {
      const file = rulesFile(name);
      const { strategy, cases, faults } = readExample(file);

      it('has no fault and no warning', () => {
        assert.deepEqual(faults, []);
      });

      it('has no two rules that tie', () => {
        assert.ok(strategy);
        assert.deepEqual(findTies(strategy), []);
      });

      it('satisfies the schema that editors use', () => {
        assert.ok(file.text.startsWith('# yaml-language-server: $schema=./strategy.schema.json\n'));
        const { error } = z.fromJSONSchema(z.record(z.string(), z.json()).parse(JSON.parse(schema))).safeParse(parse(file.text));
        assert.deepEqual(error?.issues ?? [], []);
      });

      it('is laid out as fmt does', () => {
        assert.equal(formatSource(file), file.text);
      });

      for (const example of cases) {
        it(example.name, async () => {
          assert.ok(strategy, 'the document has faults');
          const { actual, expected, passed } = await answerCase(strategy, example);
          assert.ok(passed, `expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
        });
      }
    });
  }
});
