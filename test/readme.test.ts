import assert from 'node:assert/strict';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { fromJsonString, toJsonString } from '@bufbuild/protobuf';
import { callServer } from '../src/cli/server.js';
import { ComputeQuoteRequestSchema, ComputeQuoteResponseSchema } from '../src/gen/ratebook/v1/rate_pb.js';
import type { Running } from '../src/main.js';
import { blocksOf, typedIn } from './rules/markdown.js';
import { atAddress, saveBlock, serveReadme, typeCommand, withoutInstants } from './rules/readme-folder.js';

const readme = await readFile(atRoot('README.md'), 'utf8');

/** What a reader types in the folder of storage.yaml; the rest installs, starts or needs other programs. */
const TYPED = /npx ratebook|^(printf|sed) /;

describe('README.md', function () {
  this.timeout(60_000);
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
    if (language === 'yaml') it(`save ${text.split('\n')[0] ?? ''}`, () => saveBlock(folder, text));
    const typed = language === 'console' ? typedIn(text) : [];
    for (const { command, output } of typed.filter((one) => TYPED.test(one.command))) {
      it(command, async () => {
        const address = service?.address ?? '';
        const printed = await typeCommand(folder, atAddress(command, address));
        assert.equal(withoutInstants(printed, address), withoutInstants(output, address));
      });
    }
  }

  it('grpcurl', async () => {
    const [, request = '', shown = ''] = /^\$ grpcurl .*?'(.*?)'.*?^(\{$.*?)^ *…$/ms.exec(readme) ?? [];
    const input = fromJsonString(ComputeQuoteRequestSchema, request);
    const answer = await callServer(service?.address ?? '', ({ rating }) => rating.computeQuote(input));
    const printed = toJsonString(ComputeQuoteResponseSchema, answer, { prettySpaces: 2 });
    assert.equal(printed.slice(0, shown.length), shown);
  });

  it('the matcher by itself', async () => {
    const [example] = blocksOf(readme).filter(({ language }) => language === 'ts');
    const [, code = '', last = '', shown = ''] =
      /^(.*)^(.*); \/\/ (.*)$/ms.exec(example?.text.trimEnd() ?? '') ?? [];
    const file = join(folder, 'example.mjs');
    const library = import.meta.resolve('ratebook/matcher');
    await writeFile(file, `${code.replace('ratebook/matcher', library)}export default ${last};`);
    const { default: found } = (await import(file)) as { default: unknown };
    assert.equal(inspect(found), shown);
  });

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
