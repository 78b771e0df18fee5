import { type Parsed, parsed, refused } from '../errors/parsed.js';
import { RateService } from '../gen/ratebook/v1/rate_pb.js';
import { StrategyService } from '../gen/ratebook/v1/strategy_pb.js';
import { readConfig } from '../platform/config.js';
import { type Client, connectTo, createClient } from '../platform/grpc/client.js';

/** The services of a running Ratebook. */
export type Services = {
  readonly catalog: Client<typeof StrategyService>;
  readonly rating: Client<typeof RateService>;
};

/** Calls a running Ratebook. Certificates and the caller's name come from the environment; without one, the user's. */
export async function callServer<T>(address: string, call: (services: Services) => Promise<T>): Promise<T> {
  const { client } = readConfig(process.env);
  const caller = client.caller ?? process.env['USER'] ?? process.env['USERNAME'];
  const channel = connectTo(address, { tls: client.tls, caller });
  try {
    return await call({
      catalog: createClient(StrategyService, channel),
      rating: createClient(RateService, channel),
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
