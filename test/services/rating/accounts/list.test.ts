import assert from 'node:assert/strict';
import { toBinary } from '@bufbuild/protobuf';
import { ListAccountsResponseSchema } from '../../../../src/gen/ratebook/v1/account_pb.js';
import { refusal } from '../../catalog/catalog.js';
import { type Accounts, create, openAccounts, string, subscribe } from './accounts.js';

describe('services/rating/accounts: lists', () => {
  let accounts: Accounts;
  const ids = ['A', 'Z', 'a', 'a-b', 'b'];
  before(async function () {
    this.timeout(180_000);
    accounts = await openAccounts();
    for (const id of ids.toReversed()) await create(accounts.client, id);
    for (const id of ids.toReversed()) await subscribe(accounts.client, `accounts/a/subscriptions/${id}`);
    await subscribe(accounts.client, 'accounts/a-b/subscriptions/only');
  });
  after(() => accounts.close());

  type Listed = { readonly names: readonly string[]; readonly next: string };

  const listAccounts = async (pageSize: number, pageToken: string): Promise<Listed> => {
    const page = await accounts.client.listAccounts({ pageSize, pageToken });
    return { names: page.accounts.map(({ name }) => name), next: page.nextPageToken };
  };
  const listSubscriptions = async (pageSize: number, pageToken: string): Promise<Listed> => {
    const page = await accounts.client.listSubscriptions({ parent: 'accounts/a', pageSize, pageToken });
    return { names: page.subscriptions.map(({ name }) => name), next: page.nextPageToken };
  };

  async function pages(list: typeof listAccounts, size: number): Promise<string[][]> {
    const all: string[][] = [];
    let token = '';
    do {
      const { names, next } = await list(size, token);
      all.push(names.map((name) => name.slice(name.lastIndexOf('/') + 1)));
      token = next;
    } while (token !== '');
    return all;
  }

  for (const [what, list] of [
    ['accounts', listAccounts],
    ['subscriptions of one account', listSubscriptions],
  ] as const) {
    for (const [size, expected] of [
      [1, [['A'], ['Z'], ['a'], ['a-b'], ['b']]],
      [2, [['A', 'Z'], ['a', 'a-b'], ['b']]],
      [5, [ids]],
      [0, [ids]],
      [5000, [ids]],
    ] as const) {
      it(`${what} by id, ${size} a page`, async () => {
        assert.deepEqual(await pages(list, size), expected);
      });
    }
  }

  it('an account without subscriptions has an empty list', async () => {
    const { subscriptions, nextPageToken } = await accounts.client.listSubscriptions({
      parent: 'accounts/b',
    });
    assert.deepEqual([subscriptions, nextPageToken], [[], '']);
  });

  it('a token continues its own list alone', async () => {
    const { next } = await listSubscriptions(1, '');
    const another = { parent: 'accounts/a-b', pageToken: next };
    await assert.rejects(
      accounts.client.listSubscriptions(another),
      refusal('INVALID_REQUEST', /page_token/),
    );
    await assert.rejects(listAccounts(1, next), refusal('INVALID_REQUEST', /page_token/));
  });

  it('a page of accounts with many attributes is one that clients take', async () => {
    const values = Object.fromEntries(
      Array.from({ length: 120 }, (_, i) => [`a${i}`, string('x'.repeat(1000))]),
    );
    const large = Array.from({ length: 40 }, (_, i) => `large-${10 + i}`);
    for (const id of large) await create(accounts.client, id, { attributes: [{ values }] });
    const page = await accounts.client.listAccounts({ pageSize: 1000 });
    assert.ok(toBinary(ListAccountsResponseSchema, page).length < 4 * 1024 * 1024);
    assert.deepEqual((await pages(listAccounts, 1000)).flat(), ['A', 'Z', 'a', 'a-b', 'b', ...large]);
  });
});
