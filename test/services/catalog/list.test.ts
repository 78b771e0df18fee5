import assert from 'node:assert/strict';
import { testMongo } from '../../mongo.js';
import { document, openCatalog, refusal, type Catalog } from './catalog.js';

describe('services/catalog: list', () => {
  let catalog: Catalog;
  before(async function () {
    this.timeout(180_000);
    await testMongo();
    catalog = await openCatalog();
    for (let i = 0; i < 5; i++) await catalog.client.publishRevision({ source: document('llm', `${i + 1}`) });
    for (const id of ['zz', 'aa', 'aa-b']) await catalog.client.publishRevision({ source: document(id) });
  });

  async function numbers(pageSize: number): Promise<number[][]> {
    const pages: number[][] = [];
    let pageToken = '';
    do {
      const page = await catalog.client.listRevisions({ parent: 'strategies/llm', pageSize, pageToken });
      pages.push(page.revisions.map(({ number }) => Number(number)));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    return pages;
  }

  for (const [size, pages] of [
    [1, [[5], [4], [3], [2], [1]]],
    [2, [[5, 4], [3, 2], [1]]],
    [5, [[5, 4, 3, 2, 1]]],
    [0, [[5, 4, 3, 2, 1]]],
    [5000, [[5, 4, 3, 2, 1]]],
  ] as const) {
    it(`revisions, newest first, ${size} a page`, async () => {
      assert.deepEqual(await numbers(size), pages);
    });
  }

  it('without their sources', async () => {
    const { revisions } = await catalog.client.listRevisions({ parent: 'strategies/llm' });
    assert.deepEqual(new Set(revisions.map(({ source }) => source)), new Set([undefined]));
  });

  it('strategies by name, each with its newest revision', async () => {
    const first = await catalog.client.listStrategies({ pageSize: 3 });
    const second = await catalog.client.listStrategies({ pageSize: 3, pageToken: first.nextPageToken });
    const names = [...first.revisions, ...second.revisions].map(({ name }) => name);
    const [aa, aab, zz] = ['aa', 'aa-b', 'zz'].map((id) => `strategies/${id}/revisions/1`);
    assert.deepEqual(names, [aa, aab, 'strategies/llm/revisions/5', zz]);
    assert.equal(second.nextPageToken, '');
  });

  it('an unknown strategy, a page size below zero and a token of another list are refused', async () => {
    const list = (more: object) => catalog.client.listRevisions({ parent: 'strategies/llm', ...more });
    await assert.rejects(list({ parent: 'strategies/gone' }), refusal('STRATEGY_NOT_FOUND'));
    await assert.rejects(
      list({ parent: 'strategies/llm/revisions/1' }),
      refusal('INVALID_REQUEST', /parent/),
    );
    await assert.rejects(list({ pageSize: -1 }), refusal('INVALID_REQUEST', /page_size/));
    await assert.rejects(list({ pageToken: 'nonsense' }), refusal('INVALID_REQUEST', /page_token/));
    const { nextPageToken: pageToken } = await list({ pageSize: 1 });
    await assert.rejects(
      catalog.client.listStrategies({ pageToken }),
      refusal('INVALID_REQUEST', /page_token/),
    );
  });
});
