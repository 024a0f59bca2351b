import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { useTempFolder } from '../testing/temp-folder';
import { useAlone } from './testing/start-alone';
import { useWatcher } from './testing/use-watcher';

const stopped = useTempFolder();
const { start } = useAlone();
const { temp, open } = useWatcher();

const FILES = 20_000;

it('what is written while the process is stopped is accounted for, new folders too', async () => {
  await stopped.write({ 'many/file': '', 'again/file': '' });
  const { child, hears, hearsItself } = await start(stopped.path);
  child.kill('SIGSTOP');
  for (let count = 0; count < FILES; count++) {
    writeFileSync(stopped.at('many', `${count}`), '');
  }
  // Of these the system has nothing to tell any more.
  mkdirSync(stopped.at('new/deep'), { recursive: true });
  rmSync(stopped.at('again'), { recursive: true });
  mkdirSync(stopped.at('again'));
  child.kill('SIGCONT');
  const lines = await hears(stopped.at('many'));
  expect(lines).toEqual([{ paths: [], all: true }]);
  for (const path of ['new/deep/one', 'again/two', 'many/three']) {
    await hearsItself(stopped.at(path), () => {
      writeFileSync(stopped.at(path), '');
    });
  }
});

it('what changes while Git holds its lock is one batch, however slow it is', async () => {
  await temp.write({ '.git/HEAD': '', 'src/file': '' });
  const { watch, hears, batches } = open();
  await watch('src');
  await temp.write({ '.git/index.lock': '' });
  for (let count = 0; count < 100; count++) {
    await writeFile(temp.at(`src/${count}`), '');
  }
  // Longer than any burst rests.
  await sleep(300);
  await writeFile(temp.at('src/last'), '');
  expect(batches).toEqual([]);
  await rm(temp.at('.git/index.lock'));
  expect(await hears('src/0', 'src/last')).toHaveLength(1);
});

it('a checkout of 10,000 files is one batch', async () => {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', temp.path, '-c', 'gc.auto=0', ...args], {
      env: {
        ...process.env,
        ...{ GIT_AUTHOR_NAME: 'x', GIT_AUTHOR_EMAIL: 'x@example.com' },
        ...{ GIT_COMMITTER_NAME: 'x', GIT_COMMITTER_EMAIL: 'x@example.com' },
      },
    });
  await temp.write({ 'src/file': '' });
  git('init', '-q', '-b', 'few');
  git('add', '.');
  git('commit', '-qm', 'few');
  git('checkout', '-qb', 'many');
  for (let folder = 0; folder < 100; folder++) {
    mkdirSync(temp.at(`src/${folder}`));
    for (let count = 0; count < 100; count++) {
      writeFileSync(temp.at(`src/${folder}/${count}`), `${folder}/${count}`);
    }
  }
  git('add', '.');
  git('commit', '-qm', 'many');
  git('checkout', '-q', 'few');
  const { watch, hears, batches } = open();
  await watch('src');
  for (const branch of ['many', 'few']) {
    const checkout = spawn('git', ['checkout', '-q', branch], {
      cwd: temp.path,
    });
    await once(checkout, 'exit');
    expect(await hears('src/50')).toHaveLength(1);
  }
  await writeFile(temp.at('src/file'), 'new');
  expect(await hears('src/file')).toHaveLength(1);
  expect(batches).toEqual([]);
});
