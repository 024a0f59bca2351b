import { mkdirSync } from 'node:fs';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { openFolder } from './open-folder';
import { BY_FOLDER, useWatcher } from './testing/use-watcher';

const { temp, open } = useWatcher();

/** Whatever ways are taken, changes below `src` come by that name. */
describe.each(BY_FOLDER)('%s, a tree', (_, mode) => {
  it('may come later, with the folders that it is in', async () => {
    const { watch, hears } = open(mode);
    await watch('a/b/src', 'c/file', 'd/*.ts');
    await temp.write({ 'a/b/src/deep/file': '', 'c/file': '' });
    await hears('a/b/src', 'c/file');
    await writeFile(temp.at('a/b/src/deep/file'), 'new');
    await hears('a/b/src/deep/file');
    await writeFile(temp.at('c/file'), 'new');
    await hears('c/file');
  });

  it('may go and come again', async () => {
    await temp.write({ 'src/deep/file': '' });
    const { watch, hears, settle } = open(mode);
    await watch('src', '.');
    for (let round = 0; round < 3; round++) {
      await rm(temp.at('src'), { recursive: true });
      await hears('src');
      await settle('.');
      await temp.write({ 'src/deep/file': '' });
      await hears('src');
      await settle('.');
      await writeFile(temp.at('src/deep/file'), `${round}`);
      await hears('src/deep/file');
    }
  });

  it('may go with the folders that it is in, and come again', async () => {
    await temp.write({ 'a/b/src/file': '', 'other/b/src/file': '' });
    const { watch, hears } = open(mode);
    await watch('a/b/src');
    await rename(temp.at('a'), temp.at('gone'));
    await hears('a/b/src');
    await rename(temp.at('other'), temp.at('a'));
    await hears('a/b/src');
    await writeFile(temp.at('a/b/src/file'), 'new');
    await hears('a/b/src/file');
  });

  it('may become a file, and a folder again', async () => {
    await temp.write({ 'src/file': '' });
    const { watch, hears } = open(mode);
    await watch('src');
    await rm(temp.at('src'), { recursive: true });
    await hears('src');
    await temp.write({ src: 'a file' });
    await hears('src');
    await writeFile(temp.at('src'), 'another text');
    await hears('src');
    await rm(temp.at('src'));
    await hears('src');
    await temp.write({ 'src/file': '' });
    await hears('src/file');
    await writeFile(temp.at('src/file'), 'new');
    await hears('src/file');
  });

  it('may be a link, which may lead elsewhere later', async () => {
    await temp.write({ 'one/deep/file': '', 'two/deep/file': '' });
    await temp.link('src', 'one');
    const { watch, hears, batches, settle } = open(mode);
    await watch('src', 'marks');
    await writeFile(temp.at('one/deep/file'), 'new');
    await hears('src/deep/file', 'one/deep/file');
    await rm(temp.at('src'));
    await symlink('two', temp.at('src'));
    await hears('src');
    await mkdir(temp.at('marks'));
    await hears('marks');
    await writeFile(temp.at('one/deep/file'), 'newer');
    await writeFile(temp.at('two/deep/file'), 'newer');
    await hears('src/deep/file', 'two/deep/file');
    await settle('marks');
    expect(batches).toEqual([]);
  });

  it('may be behind a link, which may dangle for a while', async () => {
    await temp.write({ 'one/src/file': '' });
    await temp.link('link', 'one');
    const { watch, hears } = open(mode);
    await watch('link/src', 'link/src/file');
    await rename(temp.at('one'), temp.at('gone'));
    await hears('link/src', 'link/src/file');
    await rename(temp.at('gone'), temp.at('one'));
    await hears('link/src', 'link/src/file');
    await writeFile(temp.at('one/src/file'), 'new');
    await hears('link/src/file');
  });

  it('may be outside of the root', async () => {
    await temp.write({ 'src/file': '' });
    const { watch, hears } = open({ ...mode, root: temp.at('none') });
    await watch('src');
    await writeFile(temp.at('src/file'), 'new');
    await hears('src/file');
  });
});

it('a root that is a link gives its own name to what is told', async () => {
  await temp.write({ 'real/src/file': '' });
  await temp.link('root', 'real');
  const { watch, hears } = open({ root: temp.at('root') });
  await watch('root/src');
  await writeFile(temp.at('real/src/file'), 'new');
  await hears('root/src/file');
});

it('a tree may come while the way to it is opened', async () => {
  const { watch, hears } = open({}, (folder, ...rest) => {
    if (folder === temp.path) mkdirSync(temp.at('a'), { recursive: true });
    if (folder === temp.at('a')) mkdirSync(temp.at('a/b'), { recursive: true });
    return openFolder(folder, ...rest);
  });
  await watch('a/b');
  await writeFile(temp.at('a/b/file'), '');
  await hears('a/b/file');
});
