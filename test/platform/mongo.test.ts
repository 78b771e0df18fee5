import assert from 'node:assert/strict';
import { Decimal128, MongoBulkWriteError, MongoClient, MongoNetworkError } from 'mongodb';
import type { RatebookError } from '../../src/errors/error.js';
import { connectMongo, type Mongo } from '../../src/platform/mongo/connect.js';
import { freshDatabase, testMongo, testMongoUri } from '../mongo.js';

const unavailable = (text: RegExp) => (error: RatebookError) => {
  assert.equal(error.reason, 'UNAVAILABLE');
  assert.match(error.message, text);
  return true;
};

describe('platform/mongo', () => {
  let mongo: Mongo;
  before(async function () {
    this.timeout(180_000);
    mongo = await testMongo();
  });

  it('reads longs and decimals back exactly, and stores no undefined', async () => {
    const things = mongo.db(freshDatabase()).collection('things');
    const long = 9_223_372_036_854_775_807n;
    await things.insertOne({
      long,
      decimal: Decimal128.fromString('1234567890123456.123456789012345678'),
      gone: undefined,
    });
    const found = await things.findOne({}, { projection: { _id: 0 } });
    assert.equal(found?.['long'], long);
    assert.equal(String(found['decimal']), '1234567890123456.123456789012345678');
    assert.deepEqual(Object.keys(found), ['long', 'decimal']);
  });

  it('writes wait for a journaled majority, reads see only such writes, on the primary', () => {
    const db = mongo.db('any');
    assert.deepEqual([db.writeConcern?.w, db.writeConcern?.journal], ['majority', true]);
    assert.equal(db.readConcern?.level, 'majority');
    assert.equal(db.readPreference.mode, 'primary');
  });

  it('a transaction whose body throws leaves nothing, and the error arrives as it is', async () => {
    const db = mongo.db(freshDatabase());
    await db.createCollection('things');
    const mine = new Error('mine');
    const body = mongo.transaction(async (session) => {
      await db.collection('things').insertOne({ a: 1 }, { session });
      throw mine;
    });
    await assert.rejects(body, mine);
    assert.equal(await db.collection('things').countDocuments(), 0);
  });

  it('a rehearsal answers what a transaction would, and leaves nothing', async () => {
    const db = mongo.db(freshDatabase());
    const things = db.collection('things');
    await db.createCollection('things');
    const count = await mongo.rehearsal(async (session) => {
      await things.insertOne({ a: 1 }, { session });
      return things.countDocuments({}, { session });
    });
    assert.deepEqual([count, await things.countDocuments()], [1, 0]);
  });

  it('transactions that meet run again until each has counted', async () => {
    const db = mongo.db(freshDatabase());
    const counters = db.collection<{ _id: string; n: bigint }>('counters');
    await counters.insertOne({ _id: 'a', n: 0n });
    const increment = () =>
      mongo.transaction(async (session) => {
        const before = await counters.findOne({ _id: 'a' }, { session });
        await counters.updateOne({ _id: 'a' }, { $set: { n: (before?.n ?? 0n) + 1n } }, { session });
      });
    await Promise.all(Array.from({ length: 20 }, increment));
    assert.equal((await counters.findOne({ _id: 'a' }))?.n, 20n);
  });

  it('a transaction runs again after a lost connection, which the driver may wrap and leave without a label', async () => {
    const things = mongo.db(freshDatabase()).collection('things');
    const result = await things.bulkWrite([{ insertOne: { document: {} } }]);
    const lost = new MongoNetworkError('closed');
    for (const error of [lost, new MongoBulkWriteError(lost, result)]) {
      const errors: Error[] = [error];
      const body = () => {
        const next = errors.pop();
        return next === undefined ? Promise.resolve('stored') : Promise.reject(next);
      };
      assert.equal(await mongo.transaction(body), 'stored');
    }
  });

  it('a server that is gone in the middle of a bulk write is UNAVAILABLE', async () => {
    const things = mongo.db(freshDatabase()).collection('things');
    const result = await things.bulkWrite([{ insertOne: { document: {} } }]);
    const nobody = new MongoClient('mongodb://127.0.0.1:1/', { serverSelectionTimeoutMS: 1 });
    const body = async () => {
      const error: unknown = await nobody.connect().catch((why: unknown) => why);
      assert.ok(error instanceof Error);
      throw new MongoBulkWriteError(error, result);
    };
    await assert.rejects(mongo.transaction(body), unavailable(/cannot be reached/));
  });

  it('a transaction reads one snapshot', async () => {
    const things = mongo.db(freshDatabase()).collection<{ _id: string; n: bigint }>('things');
    await things.insertMany([
      { _id: 'a', n: 1n },
      { _id: 'b', n: 1n },
    ]);
    const sum = await mongo.transaction(async (session) => {
      const a = await things.findOne({ _id: 'a' }, { session });
      await things.updateMany({}, { $set: { n: 100n } });
      const b = await things.findOne({ _id: 'b' }, { session });
      return (a?.n ?? 0n) + (b?.n ?? 0n);
    });
    assert.equal(sum, 2n);
  });

  it('a server that is not there is UNAVAILABLE after seconds, and the password is not told', async () => {
    const connecting = connectMongo('mongodb://me:secret@127.0.0.1:1/?replicaSet=ratebook');
    await assert.rejects(connecting, (error: RatebookError) => {
      assert.doesNotMatch(error.message, /secret/);
      return unavailable(/No primary of MongoDB answers at 127\.0\.0\.1:1/)(error);
    });
  });

  for (const [uri, text] of [
    ['nonsense', /URI cannot be used/],
    ['mongodb://127.0.0.1:1/?noSuchOption=1', /URI cannot be used/],
    [
      'mongodb+srv://me:secret@ratebook.invalid/',
      /^No primary of MongoDB answers at ratebook\.invalid: query/,
    ],
  ] as const) {
    it(`the URI ${uri} is refused`, () => assert.rejects(connectMongo(uri), unavailable(text)));
  }

  it('connects with the URI of one member alone', async () => {
    const [host] = /\/\/[^/]+\//.exec(await testMongoUri()) ?? [''];
    const second = await connectMongo(`mongodb:${host}`);
    assert.equal(await second.isReachable(), true);
    await second.close();
  });
});
