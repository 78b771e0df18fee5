import assert from 'node:assert/strict';
import type { RatebookError } from '../../../../src/errors/error.js';
import { timestamp } from '../../catalog/catalog.js';
import { type AccountClient, type Accounts, create, openAccounts, subscribe } from './accounts.js';

const account = (more: object = {}) => ({ account: { name: 'accounts/a', currency: 'EUR', ...more } });
const attributes = (...values: object[]) =>
  account({ attributes: values.map((value) => ({ values: { n: value } })) });
const kind = (name: string, value: unknown) => ({ kind: { case: name, value } });
const named = (name: string) => ({ values: { [name]: kind('stringValue', 'x') } });
const subscription = (more: object = {}) => ({
  subscription: { name: 'accounts/acme/subscriptions/a', strategy: 'strategies/llm', ...more },
});
const n = 'account.attributes[0].values.n';

/** What is sent, and each violation as `field: what its description begins with`. */
type Refused = readonly [request: object, ...violations: string[]];

const REFUSED: Readonly<Record<string, readonly Refused[]>> = {
  createAccount: [
    [{}, 'account: is not set', 'account.name: "" is not accounts/ID', 'account.currency: "" is no currency'],
    [account({ name: 'acme' }), 'account.name: "acme" is not accounts/ID with an id of 1 to 64'],
    [account({ name: 'accounts/' }), 'account.name: "accounts/"'],
    [account({ name: 'accounts/a/b' }), 'account.name: "accounts/a/b"'],
    [account({ name: 'accounts/.a' }), 'account.name: "accounts/.a"'],
    [account({ name: 'accounts/a b' }), 'account.name: "accounts/a b"'],
    [account({ name: `accounts/${'a'.repeat(65)}` }), 'account.name: "accounts/aaa'],
    [account({ currency: 'eur' }), 'account.currency: "eur" is no currency of ISO 4217; did you mean EUR?'],
    [account({ currency: 'XAU' }), 'account.currency: "XAU" is no currency of ISO 4217; send'],
    [account({ country: 'de' }), 'account.country: "de" is no country'],
    [account({ country: 'DEU' }), 'account.country: "DEU" is no country'],
    [
      account({ timeZone: 'Europe/Berln' }),
      'account.time_zone: "Europe/Berln" is no IANA time zone; did you mean Europe/Berlin?',
    ],
    [account({ timeZone: '+08:00' }), 'account.time_zone: "+08:00" is no IANA time zone; send one'],
    [account({ openedAt: { nanos: -1 } }), 'account.opened_at: has -1 nanoseconds'],
    [
      account({ openedAt: timestamp('1699-12-31T23:59:59Z') }),
      'account.opened_at: 1699-12-31T23:59:59Z is not within the years 1700 to 2261',
    ],
    [
      account({ openedAt: timestamp('2262-01-01T00:00:00Z') }),
      'account.opened_at: 2262-01-01T00:00:00Z is not within',
    ],
    [account({ openedAt: { seconds: 10n ** 15n } }), 'account.opened_at: 1000000000000000 seconds from 1970'],
    [{ ...account(), requestId: 'r'.repeat(129) }, 'request_id: has 129 characters'],
    [account({ attributes: [{}] }), 'account.attributes[0].values: is empty; set at least one'],
    [attributes(kind('decimalValue', '1,5')), `${n}: "1,5"`],
    [attributes(kind('decimalValue', '')), `${n}: `],
    [attributes(kind('dateValue', '2026-02-30')), `${n}: 2026-02-30 is not a date of the calendar`],
    [attributes(kind('timeValue', '24:00')), `${n}: "24:00" is not a time of day`],
    [attributes(kind('stringValue', 'x'.repeat(1025))), `${n}: a text of 1025 characters is too long`],
    [attributes(kind('textValue', 'x'.repeat(1025))), `${n}: a text of 1025 characters is too long`],
    [attributes(kind('listValue', { values: Array<string>(1001).fill('') })), `${n}: a list of 1001 strings`],
    [attributes(kind('instantValue', { nanos: 10 ** 9 })), `${n}: has 1000000000 nanoseconds`],
    [
      attributes(kind('instantValue', timestamp('1500-01-01T00:00:00Z'))),
      `${n}: 1500-01-01T00:00:00Z is not within`,
    ],
    [
      {
        ...account({
          name: 'x',
          currency: 'y',
          country: 'z',
          timeZone: 'Q',
          attributes: [{ from: { nanos: -1 } }, named('Z')],
        }),
        requestId: 'r'.repeat(200),
      },
      'account.name: ',
      'account.currency: ',
      'account.country: ',
      'account.time_zone: ',
      'account.attributes[0].values: ',
      'account.attributes[0].from: ',
      'account.attributes[1].values: "Z" is no name',
      'request_id: ',
    ],
  ],
  getAccount: [[{ name: 'acme' }, 'name: "acme" is not accounts/ID']],
  listAccounts: [
    [{ pageSize: -1 }, 'page_size: -1 is below 0'],
    [{ pageToken: 'nonsense' }, 'page_token: is not the next_page_token'],
  ],
  setAccountAttributes: [
    [{ name: '' }, 'name: ""', 'change.values: is empty'],
    ...['Seats', '1st', 'a.b', 'a-b', '', '_a', 'a'.repeat(65), '__proto__'].map((name): Refused => [
      { name: 'accounts/acme', change: named(name) },
      `change.values: "${name}" is no name of an attribute`,
    ]),
    ...['id', 'currency', 'time_zone'].map((name): Refused => [
      { name: 'accounts/acme', change: named(name) },
      `change.values: ${name} is no attribute: strategies read the account's own field as account.${name}`,
    ]),
  ],
  closeAccount: [[{ name: 'a', closedAt: { nanos: -1 } }, 'name: "a"', 'closed_at: has -1 nanoseconds']],
  createSubscription: [
    [{}, 'subscription: is not set', 'subscription.name: ""', 'subscription.strategy: ""'],
    [
      subscription({ name: 'accounts/acme' }),
      'subscription.name: "accounts/acme" is not accounts/ID/subscriptions/ID',
    ],
    [subscription({ name: 'accounts/acme/subscriptions/-' }), 'subscription.name: '],
    [subscription({ name: 'accounts/a b/subscriptions/c' }), 'subscription.name: '],
    [subscription({ strategy: 'llm' }), 'subscription.strategy: "llm" is no resource name'],
    [
      subscription({ strategy: 'strategies/llm/revisions/3' }),
      'subscription.strategy: "strategies/llm/revisions/3" is a revision; send strategies/llm, and 3 as revision',
    ],
    [subscription({ revision: -1n }), 'subscription.revision: -1 is not the number'],
    [subscription({ revision: 10n ** 9n }), 'subscription.revision: 1000000000 is not the number'],
    [
      subscription({
        startsAt: timestamp('2026-01-01T00:00:00Z'),
        endsAt: timestamp('2026-01-01T00:00:00Z'),
      }),
      'subscription.ends_at: is not after starts_at',
    ],
    [subscription({ attributes: [named('Seats')] }), 'subscription.attributes[0].values: "Seats" is no name'],
  ],
  getSubscription: [[{ name: 'accounts/acme' }, 'name: "accounts/acme" is not accounts/ID/subscriptions/ID']],
  listSubscriptions: [[{ parent: 'acme', pageSize: -2 }, 'parent: "acme"', 'page_size: -2']],
  setSubscriptionAttributes: [[{ name: 'main' }, 'name: "main"', 'change.values: is empty']],
  endSubscription: [[{ name: 'main', endsAt: { nanos: -1 } }, 'name: "main"', 'ends_at: has -1']],
};

const acme = { name: 'accounts/acme' };
const gone = { name: 'accounts/gone' };
const goneSubscription = { name: 'accounts/acme/subscriptions/gone' };
const nowhere = { name: 'accounts/gone/subscriptions/main' };
const change = named('tier');

const NOT_FOUND: readonly (readonly [method: string, request: object, message: RegExp])[] = [
  ['getAccount', gone, /no account "gone"/],
  ['setAccountAttributes', { ...gone, change }, /no account "gone"/],
  ['closeAccount', gone, /no account "gone"/],
  ['createSubscription', subscription(nowhere), /no account "gone"/],
  ['listSubscriptions', { parent: gone.name }, /no account "gone"/],
  ['getSubscription', nowhere, /no account "gone"/],
  ['getSubscription', goneSubscription, /"acme" has no subscription "gone"/],
  ['setSubscriptionAttributes', { ...nowhere, change }, /no account "gone"/],
  ['setSubscriptionAttributes', { ...goneSubscription, change }, /"acme" has no subscription "gone"/],
  ['endSubscription', nowhere, /no account "gone"/],
  ['endSubscription', goneSubscription, /"acme" has no subscription "gone"/],
];

describe('services/rating/accounts: refusals', () => {
  let accounts: Accounts;
  let stored: object;
  before(async function () {
    this.timeout(180_000);
    accounts = await openAccounts();
    await create(accounts.client, 'acme');
    await subscribe(accounts.client, 'accounts/acme/subscriptions/main');
    stored = await everything();
  });
  after(() => accounts.close());

  const everything = async () => {
    const { store } = accounts.ports;
    return [await store.accounts.find().toArray(), await store.subscriptions.find().toArray()];
  };
  const refused = async (method: string, request: object): Promise<RatebookError> => {
    const call = accounts.client[method as keyof AccountClient] as (request: object) => Promise<unknown>;
    return call(request).then(
      () => assert.fail('was not refused'),
      (error: unknown) => error as RatebookError,
    );
  };

  for (const [method, cases] of Object.entries(REFUSED)) {
    for (const [request, ...violations] of cases) {
      it(`${method}: ${violations.join(' & ').slice(0, 120)}`, async () => {
        const error = await refused(method, request);
        assert.equal(error.reason, 'INVALID_REQUEST', error.message);
        const found = error.violations.map(({ field, description }) => `${field}: ${description}`);
        assert.deepEqual(
          found.map((text, i) => text.slice(0, violations[i]?.length)),
          violations,
        );
      });
    }
  }

  for (const [method, request, message] of NOT_FOUND) {
    it(`${method}: ${message.source}`, async () => {
      const error = await refused(method, request);
      assert.equal(
        error.reason,
        message.source.includes('subscription') ? 'SUBSCRIPTION_NOT_FOUND' : 'ACCOUNT_NOT_FOUND',
      );
      assert.match(error.message, message);
    });
  }

  it('createAccount: an id that is taken', async () => {
    const error = await refused('createAccount', account(acme));
    assert.equal(error.reason, 'ACCOUNT_EXISTS');
    assert.deepEqual(error.metadata, { account: 'acme' });
  });

  it('nothing that was refused has left anything', async () => {
    assert.deepEqual(await everything(), stored);
    assert.equal(await accounts.ports.store.requests.countDocuments(), 0);
  });
});
