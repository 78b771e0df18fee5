import assert from 'node:assert/strict';
import type { RatebookError } from '../../../src/errors/error.js';
import { FaultSeverity } from '../../../src/gen/ratebook/v1/strategy_pb.js';
import { documentChecker } from '../../../src/services/catalog/check-document.js';
import { canonicalDocument, contentHash } from '../../../src/strategy/canonical.js';
import { readStrategy } from '../../../src/strategy/read/read-strategy.js';
import { readSource } from '../../../src/strategy/source/read-source.js';
import { testMongo } from '../../mongo.js';
import { document, openCatalog, refusal, type Catalog } from './catalog.js';

const rule = (name: string, value: string) =>
  `  - name: ${name}
    conditions: { all: [ { fact: units, operator: greaterThan, value: ${value} } ] }
    event: { type: charge, params: { line: units, price: unit } }
`;

describe('services/catalog: the document', () => {
  let catalog: Catalog;
  before(async function () {
    this.timeout(180_000);
    await testMongo();
    catalog = await openCatalog();
  });

  const sound = document('llm');
  const broken = {
    ...sound,
    text: sound.text.replace('USD', 'DOLLARS').replace('price: unit }', 'price: gone }'),
  };
  const tied = { ...sound, text: `${sound.text}${rule('dear', '5')}` };

  it('a sound one is valid, with the hash that its revision then has', async () => {
    const answer = await catalog.client.validateStrategy({ source: sound });
    assert.deepEqual([answer.valid, answer.strategy, answer.faults], [true, 'llm', []]);
    const { revision } = await catalog.client.publishRevision({ source: sound });
    assert.equal(revision?.contentHash, answer.contentHash);
  });

  it('the hash is that of the canonical document, which is stored', async () => {
    const source = readSource({ name: sound.fileName, text: sound.text });
    const canonical = canonicalDocument(source.root!, [], readStrategy(source, []).strategy!.types);
    const { revision } = await catalog.client.publishRevision({ source: sound });
    assert.equal(revision?.contentHash, contentHash(canonical));
    const stored = await catalog.ports.store.revisions.findOne({ number: Number(revision.number) });
    assert.equal(stored?.canonical, canonical);
  });

  it('comments and title change no hash, a price does', async () => {
    const hash = async (text: string) =>
      (await catalog.client.validateStrategy({ source: { ...sound, text } })).contentHash;
    assert.equal(
      await hash(sound.text.replace('# as published', '# another').replace('small', 'big')),
      await hash(sound.text),
    );
    assert.notEqual(await hash(document('llm', '1.1').text), await hash(sound.text));
  });

  it('every fault is told with its place; validating is no error, publishing is one', async () => {
    const answer = await catalog.client.validateStrategy({ source: broken });
    assert.equal(answer.valid, false);
    assert.deepEqual(
      answer.faults.map(({ severity, file, line }) => [severity, file, line]),
      [
        [FaultSeverity.ERROR, 'llm.yaml', 4],
        [FaultSeverity.ERROR, 'llm.yaml', 13],
      ],
    );
    await assert.rejects(catalog.client.publishRevision({ source: broken }), (error: RatebookError) => {
      assert.equal(error.reason, 'INVALID_DOCUMENT');
      assert.deepEqual(
        error.violations.map(({ field }) => field),
        ['llm.yaml:4:11 currency', 'llm.yaml:13:58 rules[0].event.params.price'],
      );
      return true;
    });
  });

  it('rules that tie are refused with facts that match both', async () => {
    const { valid, faults } = await catalog.client.validateStrategy({ source: tied });
    assert.equal(valid, false);
    assert.deepEqual(
      faults.map(({ line, path }) => [line, path]),
      [[14, 'rules[1].name']],
    );
    assert.match(
      faults[0]?.message ?? '',
      /"dear" and "units" charge line units with priority 1, and both match units = \d/,
    );
    await assert.rejects(
      catalog.client.publishRevision({ source: tied }),
      refusal('INVALID_DOCUMENT', /"dear" and "units"/),
    );
  });

  it('a document without a source is refused', async () => {
    await assert.rejects(
      catalog.client.validateStrategy({}),
      refusal('INVALID_REQUEST', /source: is not set/),
    );
    await assert.rejects(
      catalog.client.publishRevision({}),
      refusal('INVALID_REQUEST', /source: is not set/),
    );
  });

  it('while a large one is checked, others are answered', async () => {
    const many = Array.from({ length: 500 }, (_, i) => rule(`of ${i}`, String(i))).join('');
    const order: string[] = [];
    await Promise.all([
      catalog.client
        .validateStrategy({ source: { ...sound, text: sound.text + many } })
        .then(() => order.push('checked')),
      catalog.client.listStrategies({}).then(() => order.push('listed')),
    ]);
    assert.deepEqual(order, ['listed', 'checked']);
  });

  it('one that takes too much memory is refused, and the next one is checked', async () => {
    const small = documentChecker(8);
    await assert.rejects(
      small.check({ ...sound, attachments: [] }),
      refusal('TOO_LARGE', /^The document takes more than 8 MB of memory to read; split the strategy/),
    );
    await small.stop();
    assert.equal((await catalog.client.validateStrategy({ source: sound })).valid, true);
  });
});
