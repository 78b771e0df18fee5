import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type Account,
  type AccountSchema,
  AccountService,
  type Subscription,
  type SubscriptionSchema,
} from '../../../../src/gen/ratebook/v1/account_pb.js';
import type { FactValueSchema } from '../../../../src/gen/ratebook/v1/fact_pb.js';
import { permissions } from '../../../../src/platform/auth/permissions.js';
import { type Client, connectTo, createClient } from '../../../../src/platform/grpc/client.js';
import { startServer } from '../../../../src/platform/grpc/server.js';
import { createLog } from '../../../../src/platform/log.js';
import { accountService } from '../../../../src/services/rating/accounts/account-handlers.js';
import type { AccountPorts } from '../../../../src/services/rating/accounts/ports.js';
import { emptyBook } from '../../../../src/services/rating/revisions/revision-book.js';
import { openStore } from '../../../../src/services/rating/store.js';
import { freshDatabase, testMongo } from '../../../mongo.js';
import { type SetClock, setClock } from '../../catalog/catalog.js';

export type AccountClient = Client<typeof AccountService>;

/** AccountService on a port of its own, over a database of its own and a clock that is set by hand. */
export type Accounts = {
  readonly ports: AccountPorts;
  readonly clock: SetClock;
  readonly client: AccountClient;
  readonly as: (caller: string) => AccountClient;
  readonly close: () => Promise<void>;
};

export async function openAccounts(): Promise<Accounts> {
  const clock = setClock();
  const store = await openStore(await testMongo(), freshDatabase());
  const ports = { store, clock, book: emptyBook() };
  const services = [accountService(ports)];
  const log = createLog('silent');
  const server = await startServer({ services, listen: '127.0.0.1:0', permissions, log });
  const channels: { close: () => void }[] = [];
  const as = (caller: string) => {
    const channel = connectTo(server.address, { caller });
    channels.push(channel);
    return createClient(AccountService, channel);
  };
  const close = async () => {
    for (const channel of channels) channel.close();
    await server.drain(20);
  };
  return { ports, clock, as, client: as('crm'), close };
}

/** A value of one kind, as it is sent. */
export const string = (value: string): MessageInitShape<typeof FactValueSchema> => ({
  kind: { case: 'stringValue', value },
});

/** Creates an account, EUR unless said otherwise, and returns what was answered. */
export async function create(
  client: AccountClient,
  id: string,
  { requestId = '', ...more }: MessageInitShape<typeof AccountSchema> & { requestId?: string } = {},
): Promise<Account> {
  const account = { name: `accounts/${id}`, currency: 'EUR', ...more };
  return (await client.createAccount({ account, requestId })).account!;
}

/** Puts an account on `strategies/llm` unless said otherwise. */
export async function subscribe(
  client: AccountClient,
  name: string,
  { requestId = '', ...more }: MessageInitShape<typeof SubscriptionSchema> & { requestId?: string } = {},
): Promise<Subscription> {
  const subscription = { name, strategy: 'strategies/llm', ...more };
  return (await client.createSubscription({ subscription, requestId })).subscription!;
}
