import { StrategyService } from '../../gen/ratebook/v1/strategy_pb.js';
import { createClient, type Channel, type Client } from '../../platform/grpc/client.js';

/** How others reach the catalog, in this process or over the network. */
export type CatalogClient = Client<typeof StrategyService>;

export function catalogClient(channel: Channel): CatalogClient {
  return createClient(StrategyService, channel);
}
