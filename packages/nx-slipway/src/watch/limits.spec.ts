import { mkdir, rm, writeFile } from 'node:fs/promises';
import { useTempFolder } from '../testing/temp-folder';
import { atLimitWarning } from './limits';
import { openFolder, type OpenFolder } from './open-folder';
import { canLimit, useAlone } from './testing/start-alone';
import { useWatcher } from './testing/use-watcher';

const { startLimited } = useAlone();
const limited = useTempFolder();
const { temp, open } = useWatcher();

/** Opens some folders, then fails as the system does. */
function openUpTo(count: number, code: string): OpenFolder {
  let left = count;
  return (...args) => {
    if (left-- > 0) return openFolder(...args);
    throw Object.assign(new Error(`${code}: as staged`), { code });
  };
}

// The kernel's own errors, in a namespace of users with limits of its own.
const itIfLimited = canLimit() ? it : it.skip;

itIfLimited.each([
  ['max_inotify_watches', 3, 'ENOSPC', 'fs.inotify.max_user_watches'],
  ['max_inotify_instances', 0, 'EMFILE', 'fs.inotify.max_user_instances'],
])(
  'at the limit of %s all is told, after one warning',
  async (name, limit, code, sysctl) => {
    await limited.write({ 'a/b/c/d/file': '', 'e/f/g/file': '' });
    const { lines, hears } = await startLimited(limited.path, name, limit);
    const warning = expect.stringContaining(
      `(${code}): ${sysctl} is `,
    ) as string;
    expect(lines).toEqual([{ warning }]);
    const paths = ['a/b/c/d/file', 'e/f/g/file', 'a/b/new', 'h'];
    for (const path of paths) await writeFile(limited.at(path), 'new');
    await mkdir(limited.at('e/f/new'));
    await hears(...[...paths, 'e/f/new'].map((path) => limited.at(path)));
    await writeFile(limited.at('e/f/new/file'), '');
    const told = await hears(limited.at('e/f/new/file'));
    expect(told.filter((line) => line.warning)).toEqual([]);
  },
);

// The same by errors that are thrown, wherever tests run.
it.each(['ENOSPC', 'EMFILE', 'ENFILE'])(
  'after %s what is left is looked at now and then',
  async (code) => {
    await temp.write({ 'src/a/file': '', 'src/b/file': '' });
    const { watch, hears, warnings } = open({}, openUpTo(2, code));
    await watch('src');
    expect(warnings).toEqual([expect.stringContaining(`(${code})`)]);
    const paths = ['src/a/file', 'src/b/file', 'src/new'];
    for (const path of paths) await writeFile(temp.at(path), 'new');
    await hears(...paths);
    expect(warnings).toHaveLength(1);
  },
);

it('what is left is looked at, too, once it may be watched by one watch', async () => {
  await temp.write({ 'src/a/b/file': '' });
  const { watch, hears } = open({ platform: 'darwin' }, openUpTo(1, 'EMFILE'));
  await watch('src');
  await writeFile(temp.at('src/a/b/file'), 'new');
  await hears('src/a/b/file');
});

it('the warning names a value that is larger', () => {
  const warning = atLimitWarning('ENOSPC', 1000);
  const [, is, value] =
    /max_user_watches is (\d+),.*max_user_watches=(\d+)/.exec(warning) ?? [];
  expect(Number(value)).toBeGreaterThanOrEqual(2 * Number(is));
  expect(Number(value)).toBeGreaterThanOrEqual(524_288);
});

// As Windows does when a folder is removed.
it.each(['.', 'src', 'src/a'])(
  'all is told after the watch of %s has failed',
  async (failing) => {
    await temp.write({ 'src/a/file': '' });
    const fails = new Map<string, () => void>();
    const { watch, hears, settle } = open({}, (folder, isRecursive, to) => {
      fails.set(folder, to.fail);
      return openFolder(folder, isRecursive, to);
    });
    await watch('src');
    fails.get(temp.at(failing))?.();
    await hears('src/a');
    await settle('src');
    await writeFile(temp.at('src/a/file'), 'new');
    await hears('src/a/file');
    await rm(temp.at('src'), { recursive: true });
    await hears('src');
  },
);

it('a watch that fails at once is not opened for ever', async () => {
  await temp.write({ 'src/a/file': '' });
  let opened = 0;
  const { watch, hears } = open({}, (folder, isRecursive, to) => {
    if (folder === temp.at('src/a')) {
      opened += 1;
      setImmediate(to.fail);
    }
    return openFolder(folder, isRecursive, to);
  });
  await watch('src');
  await hears('src/a');
  await writeFile(temp.at('src/a/file'), 'new');
  await hears('src/a/file');
  expect(opened).toBe(1);
});
