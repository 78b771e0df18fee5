import assert from 'node:assert/strict';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blocksOf, typedIn } from './rules/markdown.js';
import { saveBlock, typeCommand } from './rules/readme-folder.js';

const readme = await readFile(atRoot('README.md'), 'utf8');

describe('README.md', function () {
  this.timeout(30_000);
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ratebook-readme-'));
  });
  after(() => rm(folder, { recursive: true }));

  for (const { language, text } of blocksOf(readme)) {
    if (language === 'yaml') it(`save ${text.split('\n')[0] ?? ''}`, () => saveBlock(folder, text));
    // What needs a running service is typed in the tests of rules/README.md and of the demo.
    const offline = language === 'console' ? typedIn(text).filter(({ command }) => isOffline(command)) : [];
    for (const { command, output } of offline) {
      it(command, async () => {
        assert.equal(await typeCommand(folder, command), output);
      });
    }
  }

  it('names only files and scripts that are there', async () => {
    const { scripts } = JSON.parse(await readFile(atRoot('package.json'), 'utf8')) as { scripts: object };
    for (const [, script = ''] of readme.matchAll(/npm run ([\w:]+)/g))
      assert.ok(script in scripts, `npm run ${script}`);
    for (const [, path = ''] of readme.matchAll(/\]\((?!https:)([^)]+)\)/g))
      await assert.doesNotReject(access(atRoot(path)), path);
  });
});

function atRoot(path: string): URL {
  return new URL(`../../${path}`, import.meta.url);
}

function isOffline(command: string): boolean {
  return command.includes('npx ratebook') && !command.includes('--server');
}
