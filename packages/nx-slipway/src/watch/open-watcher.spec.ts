import { rename, writeFile } from 'node:fs/promises';
import { useWatcher } from './testing/use-watcher';

const { temp, open } = useWatcher();

it('tells of a file that is written, in one batch', async () => {
  await temp.write({ 'src/a/file': '' });
  const { watch, hears } = open();
  await watch('src');
  await writeFile(temp.at('src/a/file'), 'new');
  const batches = await hears('src/a/file');
  expect(batches).toMatchObject([
    { paths: new Set([temp.at('src/a/file')]), all: false },
  ]);
});

it('tells of what is in a new folder, and of what comes into it later', async () => {
  await temp.write({ 'src/file': '', 'new/deep/one': '', 'new/two': '' });
  const { watch, hears } = open();
  await watch('src');
  await rename(temp.at('new'), temp.at('src/new'));
  await hears('src/new', 'src/new/deep', 'src/new/deep/one', 'src/new/two');
  await writeFile(temp.at('src/new/deep/one'), 'new');
  await hears('src/new/deep/one');
});
