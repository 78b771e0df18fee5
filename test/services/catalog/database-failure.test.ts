import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient, type Document } from 'mongodb';
import { findMongod } from '../../../src/platform/mongo/binary.js';
import { connectMongo, type Mongo } from '../../../src/platform/mongo/connect.js';
import { freePort } from '../../../src/platform/mongo/embedded.js';
import { becomePrimary, setName } from '../../../src/platform/mongo/replica-set.js';
import { document, openCatalog, refusal, type Catalog } from './catalog.js';

/** A server of its own, since one that can be told to fail takes a parameter that no other server should have. */
describe('services/catalog: when the database fails', function () {
  this.timeout(180_000);
  let dir: string;
  let port: number;
  let server: ChildProcess;
  let control: MongoClient;
  let mongo: Mongo;
  let catalog: Catalog;

  before(async () => {
    const { path } = await findMongod({ env: process.env, onProgress: console.warn });
    dir = await mkdtemp(join(tmpdir(), 'ratebook-failing-'));
    port = await freePort(0);
    const place = [
      '--dbpath',
      dir,
      '--port',
      port.toString(),
      '--bind_ip',
      '127.0.0.1',
      '--replSet',
      setName,
    ];
    server = spawn(path, [...place, '--nounixsocket', '--setParameter', 'enableTestCommands=1'], {
      stdio: 'ignore',
    });
    await becomePrimary(port);
    control = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`);
    mongo = await connectMongo(`mongodb://127.0.0.1:${port}/`);
  });
  after(async () => {
    await mongo.close();
    await control.close();
    server.kill('SIGKILL');
    await once(server, 'exit');
    await rm(dir, { recursive: true });
  });
  beforeEach(async () => {
    catalog = await openCatalog(undefined, mongo);
  });
  afterEach(() => fail('off', {}));

  async function fail(mode: Document | string, data: Document): Promise<void> {
    await control.db('admin').command({ configureFailPoint: 'failCommand', mode, data });
  }
  const publish = () => catalog.client.publishRevision({ source: document('llm'), requestId: 'r-1' });
  const published = async () =>
    (await catalog.client.listRevisions({ parent: 'strategies/llm' })).revisions.length;

  for (const times of [1, 2, 5]) {
    it(`a commit that does not arrive ${times} times is sent again`, async () => {
      await fail({ times }, { failCommands: ['commitTransaction'], closeConnection: true });
      assert.equal((await publish()).revision?.number, 1n);
      assert.equal(await published(), 1);
    });
  }

  it('a commit that is stored but never confirmed: UNAVAILABLE, and the repeat gets the answer', async () => {
    const writeConcernError = { code: 64, errmsg: 'waiting for replication timed out' };
    await fail('alwaysOn', { failCommands: ['commitTransaction'], writeConcernError });
    await assert.rejects(publish(), refusal('UNAVAILABLE', /did not say whether.*same request id/));
    await fail('off', {});
    assert.equal((await publish()).revision?.number, 1n);
    assert.equal(await published(), 1);
  });

  it('a transaction that meets others runs again', async () => {
    const errorLabels = ['TransientTransactionError'];
    await fail({ times: 5 }, { failCommands: ['insert'], errorCode: 112, errorLabels });
    assert.equal((await publish()).revision?.number, 1n);
    assert.equal(await published(), 1);
  });

  it('a connection that breaks in the middle is no error either', async () => {
    await fail({ times: 1 }, { failCommands: ['insert'], closeConnection: true });
    assert.equal((await publish()).revision?.number, 1n);
    assert.equal(await published(), 1);
  });

  it('what nobody foresaw is INTERNAL, and its text stays inside', async () => {
    await fail({ times: 1 }, { failCommands: ['find'], errorCode: 8000 });
    await assert.rejects(
      catalog.client.getRevision({ name: 'strategies/llm' }),
      refusal('INTERNAL', /trace id/),
    );
  });
});
