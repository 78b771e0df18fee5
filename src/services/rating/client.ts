import { AccountService } from '../../gen/ratebook/v1/account_pb.js';
import { RateService } from '../../gen/ratebook/v1/rate_pb.js';
import type { Channel } from '../../platform/grpc/channel.js';
import { type Client, createClient } from '../../platform/grpc/client.js';

export { ACCOUNT_ID, accountName, subscriptionName } from './accounts/account.js';
export { statementName } from './statements/statement.js';
export { walletName } from './wallets/wallet.js';

/** How others reach rating, in this process or over the network. */
export type RateClient = Client<typeof RateService>;
export type AccountClient = Client<typeof AccountService>;

export function rateClient(channel: Channel): RateClient {
  return createClient(RateService, channel);
}

export function accountClient(channel: Channel): AccountClient {
  return createClient(AccountService, channel);
}
