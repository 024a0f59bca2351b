import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { useTempFolder } from '../testing/temp-folder';
import { useAlone } from './testing/start-alone';
import { MODES, useWatcher } from './testing/use-watcher';

const folder = useTempFolder();
const { start } = useAlone();
const { temp, open } = useWatcher();

describe.each(MODES)('%s', (_, mode) => {
  it('a process ends by itself once its watcher is closed', async () => {
    await folder.write({ 'a/b/file': '' });
    const { child } = await start(folder.path, mode);
    const exited = once(child, 'exit');
    // In the middle of a batch.
    await writeFile(folder.at('a/b/file'), 'new');
    child.send('close');
    expect(await exited).toEqual([0, null]);
  });

  it('nothing is told any more, nor is anything opened', async () => {
    await temp.write({ 'src/a/file': '', 'lib/file': '' });
    const closed = open(mode);
    await closed.watch('src');
    await writeFile(temp.at('src/a/file'), 'new');
    closed.watcher.close();
    // It may have been told while it was written.
    closed.batches.splice(0);
    await closed.watch('src', 'lib');
    const { watch, hears } = open(mode);
    await watch('src', 'lib');
    await writeFile(temp.at('src/a/file'), 'newer');
    await writeFile(temp.at('lib/file'), 'newer');
    await hears('src/a/file', 'lib/file');
    expect(closed.batches).toEqual([]);
  });

  it('it may be closed while trees are opened', async () => {
    await temp.write({ 'src/a/b/file': '' });
    const { watch, watcher } = open(mode);
    const watching = watch('src');
    watcher.close();
    await watching;
  });
});
