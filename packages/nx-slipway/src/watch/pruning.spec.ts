import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, relative } from 'node:path';
import { openFolder, type OpenFolder } from './open-folder';
import type { Changes } from './types';
import { MODES, useWatcher } from './testing/use-watcher';

const { temp, open } = useWatcher();

const prunes = (folder: string) => basename(folder) === 'dist';

/** Opens folders as always, and notes which. */
function noting() {
  const folders: string[] = [];
  const note: OpenFolder = (folder, ...rest) => {
    folders.push(relative(temp.path, folder));
    return openFolder(folder, ...rest);
  };
  return { folders, note };
}

const pathsOf = (batches: Changes[]) =>
  batches
    .flatMap(({ paths }) => [...paths])
    .map((path) => relative(temp.path, path));

describe.each(MODES)('%s', (_, mode) => {
  it('what nobody wants is not told, nor that it comes and goes', async () => {
    await temp.write({ 'src/dist/file': '', 'src/file': '' });
    const { watch, hears, batches, settle } = open(mode);
    await watch({ path: 'src', prunes });
    await writeFile(temp.at('src/dist/file'), 'new');
    await rm(temp.at('src/dist'), { recursive: true });
    await temp.write({ 'src/dist/deep/file': '' });
    await writeFile(temp.at('src/file'), 'new');
    const told = pathsOf(await hears('src/file'));
    expect(told.filter((path) => path.includes('dist/'))).toEqual([]);
    await settle('src');
    await writeFile(temp.at('src/dist/deep/file'), 'newer');
    await writeFile(temp.at('src/file'), 'newer');
    await hears('src/file');
    expect(pathsOf(batches)).toEqual([]);
  });
});

it('a folder is asked about before it is opened, by the name that its tree has for it', async () => {
  await temp.write({ 'real/dist/deep/file': '', 'real/a/b/file': '' });
  await temp.link('src', 'real');
  const { folders, note } = noting();
  const asked: string[] = [];
  const { watch } = open({}, note);
  await watch({
    path: 'src',
    prunes: (folder) => {
      asked.push(relative(temp.path, folder));
      return prunes(folder);
    },
  });
  expect(asked.sort()).toEqual(['src/a', 'src/a/b', 'src/dist']);
  expect(folders.sort()).toEqual(['', 'real', 'real/a', 'real/a/b']);
});

it('a file in the place of what nobody wants is told, and a folder that comes again is asked about', async () => {
  await temp.write({ 'src/dist/file': '' });
  const { watch, hears, settle, batches } = open();
  await watch({ path: 'src', prunes });
  await rm(temp.at('src/dist'), { recursive: true });
  await temp.write({ 'src/dist': 'a file' });
  await hears('src/dist');
  await rm(temp.at('src/dist'));
  await hears('src/dist');
  await settle('src');
  await mkdir(temp.at('src/dist'));
  // Of a file that is gone.
  await hears('src/dist');
  await settle('src');
  await temp.write({ 'src/dist/file': '' });
  await settle('src');
  expect(pathsOf(batches)).toEqual([]);
});

it('a tree is watched in what another one prunes', async () => {
  await temp.write({ 'src/dist/lib/file': '', 'src/dist/other/file': '' });
  const { folders, note } = noting();
  const { watch, hears } = open({}, note);
  await watch({ path: 'src', prunes }, 'src/dist/lib');
  await writeFile(temp.at('src/dist/lib/file'), 'new');
  await hears('src/dist/lib/file');
  expect(folders).not.toContain('src/dist/other');
});

it('what one of two prunes is watched for the other', async () => {
  await temp.write({ 'src/dist/file': '' });
  const { watch, hears } = open();
  await watch({ path: 'src', prunes }, 'src');
  await writeFile(temp.at('src/dist/file'), 'new');
  await hears('src/dist/file');
});

describe('other trees', () => {
  it('open nothing anew of what stays', async () => {
    await temp.write({ 'src/a/file': '', 'src/b/file': '', 'lib/file': '' });
    const { folders, note } = noting();
    const { watch } = open({}, note);
    await watch('src/a', 'src');
    expect(folders.splice(0).sort()).toEqual(['', 'src', 'src/a', 'src/b']);
    await watch('src/a', 'src');
    await watch('src');
    await watch('src/a');
    await watch({ path: 'src/a', prunes });
    expect(folders).toEqual([]);
    await watch('src', 'lib/file');
    expect(folders.sort()).toEqual(['lib', 'src/b']);
  });

  it('tell once of what was not watched before, and nothing the first time', async () => {
    await temp.write({ 'src/a/file': '', 'lib/b/file': '', 'one/file': '' });
    const { watch, hears, batches, settle } = open();
    await watch('src');
    await settle('src');
    await watch('src', 'src/a', 'src/a/file', 'lib', 'one/file');
    const told = pathsOf(await hears('lib', 'one/file'));
    expect(told.sort()).toEqual(['lib', 'one/file']);
    await watch('src', 'lib');
    await settle('src');
    expect(batches).toEqual([]);
  });

  it('let go of what they do not name', async () => {
    await temp.write({ 'src/a/file': '', 'lib/file': '' });
    const { watch, hears, batches, settle } = open();
    await watch('src', 'lib');
    await watch('lib');
    await writeFile(temp.at('src/a/file'), 'new');
    await rename(temp.at('src/a'), temp.at('src/b'));
    await settle('lib');
    expect(batches).toEqual([]);
    await watch('lib', 'src');
    await hears('src');
    await writeFile(temp.at('src/b/file'), 'newer');
    await hears('src/b/file');
  });

  it('are asked by their own rules for what was pruned before', async () => {
    await temp.write({ 'src/dist/file': '' });
    const { watch, hears } = open();
    await watch({ path: 'src', prunes });
    await watch('src');
    await hears('src/dist');
    await writeFile(temp.at('src/dist/file'), 'new');
    await hears('src/dist/file');
  });

  it('are watched after others that could not be asked about', async () => {
    await temp.write({ 'src/a/file': '' });
    const { watch, hears } = open();
    const broken = () => {
      throw new Error('broken');
    };
    await expect(watch({ path: 'src', prunes: broken })).rejects.toThrow(
      'broken',
    );
    await watch('src');
    await writeFile(temp.at('src/a/file'), 'new');
    await hears('src/a/file');
  });
});
