import assert from 'node:assert/strict';
import { execFile, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { RatebookError } from '../../src/errors/error.js';
import { findMongod } from '../../src/platform/mongo/binary.js';
import { connectMongo } from '../../src/platform/mongo/connect.js';
import { freePort, startEmbedded } from '../../src/platform/mongo/embedded.js';

const search = { env: process.env, onProgress: console.warn };

describe('platform/mongo: embedded', function () {
  this.timeout(180_000);
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ratebook-embedded-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  async function countAfterOneMore(uri: string): Promise<number> {
    const mongo = await connectMongo(uri);
    const things = mongo.db('test').collection('things');
    await things.insertOne({});
    const count = await things.countDocuments();
    await mongo.close();
    return count;
  }

  it('keeps its data and its port over a restart, and moves when the port is taken', async () => {
    const first = await startEmbedded(dir, search);
    assert.equal(await countAfterOneMore(first.uri), 1);
    await first.stop();

    const second = await startEmbedded(dir, search);
    assert.equal(second.uri, first.uri);
    assert.equal(await countAfterOneMore(second.uri), 2);
    await second.stop();

    const squatter = createServer((socket) => socket.destroy());
    squatter.listen(Number(new URL(first.uri).port), '127.0.0.1');
    await once(squatter, 'listening');
    const third = await startEmbedded(dir, search);
    assert.notEqual(third.uri, first.uri);
    assert.equal(await countAfterOneMore(third.uri), 3);
    await third.stop();
    squatter.close();
  });

  it('refuses a data directory that is a file', async () => {
    const path = join(dir, 'file');
    await writeFile(path, '');
    await assert.rejects(startEmbedded(path, search), (error: RatebookError) => {
      assert.equal(error.reason, 'UNAVAILABLE');
      assert.match(error.message, /cannot be made/);
      return true;
    });
  });

  it('refuses files that another process has open', async () => {
    const first = await startEmbedded(dir, search);
    await assert.rejects(startEmbedded(dir, search), (error: RatebookError) => {
      assert.equal(error.reason, 'UNAVAILABLE');
      assert.match(error.message, new RegExp(`in use by process ${process.pid.toString()}`));
      return true;
    });
    assert.equal(await countAfterOneMore(first.uri), 1);
    await first.stop();
  });

  it('starts again after its owner was killed', async () => {
    const owner = fork(new URL('./mongo-owner.js', import.meta.url), [dir]);
    const uri = await firstMessage(owner);
    assert.equal(await countAfterOneMore(uri), 1);
    owner.kill('SIGKILL');
    const heir = await startEmbedded(dir, search);
    assert.equal(await countAfterOneMore(heir.uri), 2);
    await heir.stop();
  });

  it('starts again when the server itself was killed, and says so', async () => {
    const told: string[] = [];
    const { uri, stop } = await startEmbedded(dir, { ...search, onProgress: (text) => told.push(text) });
    assert.equal(await countAfterOneMore(uri), 1);
    process.kill(Number(await readFile(join(dir, 'mongo', 'mongod.lock'), 'utf8')), 'SIGKILL');
    while (told.at(-1) !== 'MongoDB runs again.') await pause(20);
    assert.ok(told.includes('MongoDB has died (SIGKILL); it is started again.'));
    assert.equal(await countAfterOneMore(uri), 2);
    await stop();
  });

  it('connecting to a standalone is refused with what to do', async () => {
    const { path } = await findMongod(search);
    const port = (await freePort(0)).toString();
    const forked = [
      '--fork',
      '--logpath',
      join(dir, 'log'),
      '--dbpath',
      dir,
      '--port',
      port,
      '--bind_ip',
      '127.0.0.1',
    ];
    await promisify(execFile)(path, forked);
    try {
      await assert.rejects(connectMongo(`mongodb://127.0.0.1:${port}/`), /standalone server.*--replSet/);
    } finally {
      await promisify(execFile)(path, ['--shutdown', '--dbpath', dir]);
    }
  });
});

function noDownload(text: string): never {
  throw new Error(text);
}

async function firstMessage(child: ChildProcess): Promise<string> {
  const [message] = (await once(child, 'message')) as [string];
  return message;
}

describe('platform/mongo: where mongod comes from', () => {
  it('a RATEBOOK_MONGOD that does not run is an error, whatever else is there', async () => {
    const env = { ...process.env, RATEBOOK_MONGOD: '/no/such/mongod' };
    await assert.rejects(findMongod({ env, onProgress: noDownload }), (error: RatebookError) => {
      assert.equal(error.reason, 'UNAVAILABLE');
      assert.match(error.message, /RATEBOOK_MONGOD=\/no\/such\/mongod: not there/);
      return true;
    });
  });

  it('RATEBOOK_MONGOD comes first, then the PATH; a server that is too old does not count', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'ratebook-path-'));
    const script = (version: string) => `#!/bin/sh\necho "db version v${version}"\n`;
    const named = join(dir, 'named');
    await writeFile(named, script('8.0.1'), { mode: 0o755 });
    await writeFile(join(dir, 'mongod'), script('7.0.1'), { mode: 0o755 });
    const env = { ...process.env, PATH: `${dir}:${process.env['PATH'] ?? ''}` };
    const find = (more: NodeJS.ProcessEnv) =>
      findMongod({ env: { ...env, ...more }, onProgress: noDownload });

    assert.deepEqual(await find({ RATEBOOK_MONGOD: named }), { path: named, version: '8.0.1' });
    assert.deepEqual(await find({ RATEBOOK_MONGOD: '' }), { path: join(dir, 'mongod'), version: '7.0.1' });
    await writeFile(named, script('4.4.9'), { mode: 0o755 });
    await assert.rejects(find({ RATEBOOK_MONGOD: named }), /version 4\.4\.9 is too old/);
    await rm(dir, { recursive: true });
  });
});
