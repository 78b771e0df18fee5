import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ICruiseOptions, type ICruiseResult, type IFlattenedRuleSet, cruise } from 'dependency-cruiser';

const root = fileURLToPath(new URL('../../', import.meta.url));
type House = IFlattenedRuleSet & { readonly options: ICruiseOptions };
const house = createRequire(import.meta.url)(join(root, '.config/house.cjs')) as House;

/** A file that breaks one rule: where it stands, what it imports, the rule. */
const FORBIDDEN: readonly (readonly [file: string, imported: string, rule: string])[] = [
  ['src/errors/planted.ts', '../money/decimal.js', 'errors-imports'],
  ['src/money/planted.ts', '../time/instant.js', 'money-imports'],
  ['src/time/planted.ts', '../pricing/price.js', 'time-imports'],
  ['src/pricing/planted.ts', '../strategy/strategy.js', 'pricing-imports'],
  ['src/strategy/planted.ts', '../quote/quote.js', 'strategy-imports'],
  ['src/quote/planted.ts', '../analysis/case.js', 'quote-imports'],
  ['src/quote/planted-2.ts', '../gen/ratebook/v1/rate_pb.js', 'quote-imports'],
  ['src/ledger/planted.ts', '../time/instant.js', 'ledger-imports'],
  ['src/ledger/planted-2.ts', 'node:fs', 'pure-rooms-touch-nothing-outside'],
  ['src/analysis/planted.ts', '../platform/clock.js', 'analysis-imports'],
  ['src/simulation/planted.ts', '../intake/row.js', 'simulation-imports'],
  ['src/intake/planted.ts', '../platform/clock.js', 'intake-imports'],
  ['src/gen/planted.ts', '../errors/error.js', 'gen-imports'],
  ['src/platform/planted.ts', '../money/decimal.js', 'platform-imports'],
  ['src/services/rating/planted.ts', '../../cli/table.js', 'services-imports'],
  ['src/cli/planted.ts', '../services/catalog/store.js', 'cli-imports'],
  ['src/cli/planted-2.ts', '../../test/mongo.js', 'cli-imports'],
  ['src/services/rating/planted-2.ts', '../catalog/store.js', 'a-service-reaches-another-through-its-client'],
  ['src/cli/planted-3.ts', '../main.js', 'only-serve-and-demo-start-services'],
  ['src/main.ts', './cli/table.js', 'main-knows-no-cli'],
  ['src/strategy/planted-2.ts', 'node:fs', 'pure-rooms-touch-nothing-outside'],
  ['src/strategy/canonical.ts', 'node:fs', 'pure-rooms-hash-and-no-more'],
  ['src/pricing/planted-2.ts', '@bufbuild/protobuf', 'pure-rooms-have-few-libraries'],
  ['src/pricing/planted-3.ts', 'decimal.js', 'decimal.js-has-its-place'],
  ['src/pricing/planted-4.ts', 'temporal-polyfill', 'temporal-polyfill-has-its-place'],
  ['src/strategy/engine/matcher.ts', 'json-rules-engine', 'json-rules-engine-has-its-place'],
  ['src/cli/planted-4.ts', 'canonicalize', 'canonicalize-has-its-place'],
  ['src/strategy/read/planted.ts', 'yaml', 'yaml-has-its-place'],
  ['src/strategy/read/planted-2.ts', 'jsonc-parser', 'jsonc-parser-has-its-place'],
  ['src/quote/planted-3.ts', 'zod', 'zod-has-its-place'],
  ['src/services/catalog/planted.ts', 'mongodb', 'mongodb-has-its-place'],
  ['src/cli/planted-5.ts', 'mongodb-memory-server-core', 'mongodb-memory-server-core-has-its-place'],
  ['src/services/catalog/planted-2.ts', '@grpc/grpc-js', '@grpc-has-its-place'],
  ['src/services/catalog/planted-3.ts', 'grpc-health-check', 'grpc-health-check-has-its-place'],
  ['src/services/catalog/planted-4.ts', '@opentelemetry/api', '@opentelemetry-has-its-place'],
  ['src/services/catalog/planted-5.ts', 'pino', 'pino-has-its-place'],
  ['src/platform/planted-2.ts', 'commander', 'commander-has-its-place'],
  ['src/platform/planted-3.ts', 'fast-check', 'what-runs-is-installed'],
  ['src/platform/planted-4.ts', 'not-a-package', 'what-runs-is-installed'],
];

/** What lies next to the forbidden and is allowed. */
const ALLOWED: readonly (readonly [file: string, imported: string])[] = [
  ['src/quote/allowed.ts', '../strategy/strategy.js'],
  ['src/services/rating/allowed.ts', '../catalog/client.js'],
  ['src/cli/allowed.ts', '../services/catalog/client.js'],
  ['src/services/catalog/store.ts', 'mongodb'],
  ['src/services/catalog/handlers.ts', '@grpc/grpc-js'],
  ['src/cli/serve.ts', '../main.js'],
];

describe('the house', function () {
  this.timeout(60_000);
  let folder = '';
  let found: ReadonlySet<string> = new Set();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ratebook-house-'));
    for (const file of ['package.json', 'tsconfig.json']) await cp(join(root, file), join(folder, file));
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const [file, imported] of [...FORBIDDEN, ...ALLOWED]) await plant(folder, file, imported);
    const { options, ...ruleSet } = house;
    const { output } = await cruise(['src'], { ...options, baseDir: folder, validate: true, ruleSet });
    found = new Set(
      (output as ICruiseResult).summary.violations.map(({ rule, from }) => `${from}: ${rule.name}`),
    );
  });
  after(() => rm(folder, { recursive: true }));

  for (const [file, imported, rule] of FORBIDDEN) {
    it(`${file} may not import ${imported}: ${rule}`, () => {
      assert.ok(found.has(`${file}: ${rule}`), [...found].join('\n'));
    });
  }
  for (const [file, imported] of ALLOWED) {
    it(`${file} may import ${imported}`, () => {
      assert.deepEqual(
        [...found].filter((line) => line.startsWith(`${file}:`)),
        [],
      );
    });
  }

  it('has no rule that is not broken here, but for cycles', () => {
    const broken = new Set(FORBIDDEN.map(([, , rule]) => rule));
    const names = (house.forbidden ?? []).map(({ name }) => name ?? '');
    assert.deepEqual(
      names.filter((name) => !broken.has(name)),
      ['no-cycles'],
    );
  });

  it('has a rule for every room', async () => {
    const entries = await readdir(join(root, 'src'), { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const ruled = new Set((house.forbidden ?? []).map(({ name }) => name));
    assert.deepEqual(
      folders.filter((name) => !ruled.has(`${name}-imports`)),
      [],
    );
  });
});

async function plant(folder: string, file: string, imported: string): Promise<void> {
  const at = join(folder, file);
  await mkdir(dirname(at), { recursive: true });
  await writeFile(at, `import * as planted from '${imported}';\nexport { planted };\n`);
  if (!imported.startsWith('.')) return;
  const target = join(dirname(at), imported.replace(/\.js$/, '.ts'));
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, 'export const there = 1;\n', { flag: 'a' });
}
