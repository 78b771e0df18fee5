import { type Parsed, parsed, refused } from '../errors/parsed.js';
import { readConfig } from '../platform/config.js';
import { connectTo } from '../platform/grpc/client.js';
import { type CatalogClient, catalogClient } from '../services/catalog/client.js';
import { type AccountClient, type RateClient, accountClient, rateClient } from '../services/rating/client.js';

/** The services of a running Ratebook. */
export type Services = {
  readonly catalog: CatalogClient;
  readonly rating: RateClient;
  readonly accounts: AccountClient;
};

/** Calls a running Ratebook. Certificates and the caller's name come from the environment; without one, the user's. */
export async function callServer<T>(address: string, call: (services: Services) => Promise<T>): Promise<T> {
  const { client } = readConfig(process.env);
  const caller = client.caller ?? process.env['USER'] ?? process.env['USERNAME'];
  const channel = connectTo(address, { tls: client.tls, caller });
  try {
    return await call({
      catalog: catalogClient(channel),
      rating: rateClient(channel),
      accounts: accountClient(channel),
    });
  } finally {
    channel.close();
  }
}

const ADDRESS = /^(\[[0-9a-f:.]+\]|[^\s:/]+):(\d{1,5})$/i;

/** `127.0.0.1:50051`, `rates.internal:443`, `[::1]:50051`. */
export function parseAddress(text: string): Parsed<string> {
  const port = ADDRESS.exec(text)?.[2];
  return port !== undefined && Number(port) <= 65535
    ? parsed(text)
    : refused('Write HOST:PORT, such as 127.0.0.1:50051');
}
