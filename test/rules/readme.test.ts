import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Running } from '../../src/main.js';
import { builtInFacts } from '../../src/strategy/read/facts-of.js';
import { answerCase, exampleNames, readExample, rulesFile } from './example.js';
import { blocksOf, codeIn, tableUnder, typedIn } from './markdown.js';
import { atAddress, saveBlock, serveReadme, typeCommand, withoutInstants } from './readme-folder.js';
import { withFragment } from './fragment.js';

const readme = rulesFile('README.md').text;

describe('rules/README.md', function () {
  this.timeout(60_000);

  describe('step by step', () => {
    let folder = '';
    let service: Running | undefined;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'ratebook-readme-'));
      service = await serveReadme(folder);
    });
    after(async () => {
      await service?.stop(1000);
      await rm(folder, { recursive: true });
    });

    for (const { language, text } of blocksOf(readme)) {
      const [title = ''] = text.split('\n');
      if (language === 'yaml' || language === 'csv') {
        it(`save ${title}`, () => saveBlock(folder, text));
        continue;
      }
      for (const { command, output } of typedIn(text)) {
        it(command, async () => {
          const address = service?.address ?? '';
          const printed = await typeCommand(folder, atAddress(command, address));
          assert.equal(withoutInstants(printed, address), withoutInstants(output, address));
        });
      }
    }

    it('ends with translate.yaml', async () => {
      const made = await readFile(join(folder, 'translate.yaml'), 'utf8');
      assert.equal(rulesFile('translate.yaml').text.replace(/^(#.*\n)*/, ''), made);
    });
  });

  describe('price models', () => {
    for (const [, example = '', cost = ''] of tableUnder(readme, 'Price models')) {
      it(example, async () => {
        const [price = ''] = codeIn(example);
        const { strategy, cases, faults } = readExample({ name: 'price.yaml', text: priced(price, cost) });
        assert.ok(strategy, JSON.stringify(faults));
        for (const one of cases) assert.equal((await answerCase(strategy, one)).actual['amount'], cost);
      });
    }
  });

  it('names every fact that is always there', () => {
    const named = tableUnder(readme, 'Facts that are always there').flatMap(([names = '']) => codeIn(names));
    assert.deepEqual(named.toSorted(), [...builtInFacts(['text'], ['text']).keys()].toSorted());
  });

  describe('common mistakes', () => {
    for (const [mistake = '', told = ''] of tableUnder(readme, 'Common mistakes')) {
      it(mistake, () => {
        const [fragment = ''] = codeIn(mistake);
        const text = withFragment(rulesFile('translate.yaml').text, fragment);
        const { faults } = readExample({ name: 'translate.yaml', text });
        const [fault] = faults;
        assert.equal(told, fault && [fault.message, fault.hint].filter((part) => part !== '').join(' → '));
      });
    }
  });

  it('names every example', () => {
    const named = tableUnder(readme, 'The examples').map(([file = '']) => /\((.*)\)/.exec(file)?.[1]);
    assert.deepEqual(named.toSorted(), exampleNames);
  });
});

/** A document with one price, and the case that its example tells of. */
function priced(price: string, cost: string): string {
  return `
strategy: price-models
currency: EUR
time_zone: UTC
facts: { q: { type: decimal } }
prices: { p: ${price} }
rules: [ { name: r, event: { type: charge, params: { price: p } } } ]
cases: [ { name: c, facts: { q: 2500 }, expect: { amount: ${cost} } } ]
`;
}
