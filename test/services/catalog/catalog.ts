import assert from 'node:assert/strict';
import { type Timestamp, timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { RatebookError } from '../../../src/errors/error.js';
import { StrategyService } from '../../../src/gen/ratebook/v1/strategy_pb.js';
import { permissions } from '../../../src/platform/auth/permissions.js';
import type { Clock } from '../../../src/platform/clock.js';
import { bind } from '../../../src/platform/grpc/handlers.js';
import { localChannel } from '../../../src/platform/grpc/local.js';
import { createLog } from '../../../src/platform/log.js';
import type { Mongo } from '../../../src/platform/mongo/connect.js';
import { catalogClient, type CatalogClient } from '../../../src/services/catalog/client.js';
import { catalogHandlers } from '../../../src/services/catalog/handlers.js';
import { documentChecker } from '../../../src/services/catalog/check-document.js';
import type { CatalogPorts } from '../../../src/services/catalog/ports.js';
import { openStore } from '../../../src/services/catalog/store.js';
import { freshDatabase, testMongo } from '../../mongo.js';

/** Nanoseconds of an RFC 3339 text. */
export const at = (text: string): bigint => BigInt(Date.parse(text)) * 1_000_000n;
export const seconds = (n: number): bigint => BigInt(Math.round(n * 1e9));

export const timestamp = (text: string): Timestamp => timestampFromDate(new Date(text));

/** What a refusal says: its reason, and a text in its message. */
export const refusal =
  (reason: string, text: RegExp = /./) =>
  (error: RatebookError): boolean => {
    assert.equal(error.reason, reason, error.message);
    assert.match(error.message, text);
    return true;
  };

/** A clock that stands still until it is told otherwise. */
export type SetClock = Clock & { time: bigint };
export function setClock(text = '2026-03-01T00:00:00Z'): SetClock {
  const clock = { time: at(text), now: () => clock.time };
  return clock;
}

/** One for all: idle, it keeps nothing alive. */
const checker = documentChecker();

/** A catalog in a database of its own, called as any other service would call it. */
export type Catalog = {
  readonly ports: CatalogPorts;
  readonly clock: SetClock;
  readonly client: CatalogClient;
  as: (caller: string) => CatalogClient;
};

export async function openCatalog(
  clock = setClock(),
  mongo?: Mongo,
  database = freshDatabase(),
): Promise<Catalog> {
  const store = await openStore(mongo ?? (await testMongo()), database);
  const ports = { store, clock, checkDocument: checker.check };
  const binding = bind(StrategyService, catalogHandlers(ports));
  const as = (caller: string) =>
    catalogClient(localChannel([binding], { permissions, log: createLog('silent'), caller }));
  return { ports, clock, as, client: as('ann') };
}

/** A small document; another `price` makes another content. */
export function document(strategy: string, price = '1'): { fileName: string; text: string } {
  return {
    fileName: `${strategy}.yaml`,
    text: `# as published
strategy: ${strategy}
title: A small one
currency: USD
time_zone: UTC
period: month
facts:
  units: { type: decimal, min: 0, billable: true }
prices:
  unit: { model: per_unit, quantity: units, unit_price: ${price} }
rules:
  - name: units
    event: { type: charge, params: { line: units, price: unit } }
`,
  };
}
