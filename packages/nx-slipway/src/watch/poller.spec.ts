import { rename, writeFile } from 'node:fs/promises';
import { useTempFolder } from '../testing/temp-folder';
import { eventually } from '../testing/wait';
import { realClock } from './clock';
import { Poller } from './poller';

const temp = useTempFolder();
const clock = realClock(() => performance.now());

/** What is told of a folder that is looked at now and then. */
async function poll(folder: string) {
  const told: string[] = [];
  const opened = await new Poller(5, clock).open(folder, (type, name) =>
    told.push(`${type} ${name}`),
  );
  return { told, close: () => opened.close() };
}

it('what lies in a folder that is away for a while goes and comes', async () => {
  await temp.write({ 'mount/one': '', 'mount/two': '' });
  const { told, close } = await poll(temp.at('mount'));
  await rename(temp.at('mount'), temp.at('away'));
  await eventually('gone', () => told.length === 2);
  await rename(temp.at('away'), temp.at('mount'));
  await eventually('back', () => told.length === 4);
  expect(told.sort()).toEqual(
    ['one', 'one', 'two', 'two'].map((name) => `rename ${name}`),
  );
  close();
});

it('a change is told once, and nothing after the end', async () => {
  await temp.write({ file: '' });
  const { told, close } = await poll(temp.path);
  await writeFile(temp.at('file'), 'new');
  await eventually('a change', () => told.length > 0);
  await writeFile(temp.at('another'), '');
  await eventually('another', () => told.length > 1);
  expect(told).toEqual(['rename file', 'rename another']);
  close();
  const { told: toldLater, close: closeLater } = await poll(temp.path);
  await writeFile(temp.at('file'), 'newer');
  await eventually('a change', () => toldLater.length > 0);
  closeLater();
  expect(told).toHaveLength(2);
});

it('a folder that is not there cannot be opened', async () => {
  await expect(poll(temp.at('none'))).rejects.toThrow('ENOENT');
});
