import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, readdir, readlink, stat, symlink } from 'node:fs/promises';
import { replaceFile } from '../../src/cli/replace-file.js';
import { folder } from './run.js';

describe('cli/replace-file', () => {
  const { at, write } = folder();

  it('takes the place of the old text, with the rights that the file had', async () => {
    const file = await write('rights.yaml', 'old');
    await chmod(file, 0o640);
    await replaceFile(file, 'new');
    assert.equal(await readFile(file, 'utf8'), 'new');
    assert.equal((await stat(file)).mode & 0o777, 0o640);
  });

  it('changes what a link leads to', async () => {
    const file = await write('target.yaml', 'old');
    await symlink(file, at('link.yaml'));
    await replaceFile(at('link.yaml'), 'new');
    assert.equal(await readlink(at('link.yaml')), file);
    assert.equal(await readFile(file, 'utf8'), 'new');
  });

  it('leaves a file as it was when nothing can be written beside it', async () => {
    const file = await write('stays.yaml', 'old');
    const inTheWay = `${file}.${process.pid}.tmp`;
    await mkdir(inTheWay);
    await assert.rejects(replaceFile(file, 'new'), /stays\.yaml cannot be written .*; it is as it was\.$/);
    assert.equal(await readFile(file, 'utf8'), 'old');
  });

  it('leaves nothing behind when the file cannot be replaced', async () => {
    await mkdir(at('taken'));
    await assert.rejects(replaceFile(at('taken'), 'new'), /taken cannot be written/);
    assert.deepEqual(
      (await readdir(at('.'))).filter((name) => name.startsWith('taken')),
      ['taken'],
    );
  });
});
