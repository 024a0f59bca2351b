import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import {
  appendFile,
  chmod,
  mkdir,
  open as openFile,
  rename,
  rm,
  symlink,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { eventually } from '../testing/wait';
import { BY_FOLDER, MODES, useWatcher } from './testing/use-watcher';

const { temp, open } = useWatcher();

/** How editors and other tools put a new text into a file. */
const SAVES: Record<string, (file: string, text: string) => Promise<unknown>> =
  {
    'writing in place': (file, text) => writeFile(file, text),
    'vim with a backup': async (file, text) => {
      const probe = file.replace(/[^/]*$/, '4913');
      await writeFile(probe, '');
      await unlink(probe);
      await rename(file, `${file}~`);
      const handle = await openFile(file, 'w');
      await handle.writeFile(text);
      await handle.sync();
      await handle.close();
      await chmod(file, 0o644);
      await unlink(`${file}~`);
    },
    'JetBrains IDEs': async (file, text) => {
      await writeFile(`${file}___jb_tmp___`, text);
      await rename(file, `${file}___jb_old___`);
      await rename(`${file}___jb_tmp___`, file);
      await unlink(`${file}___jb_old___`);
    },
    'a rename over it': async (file, text) => {
      await writeFile(`${file}.tmp`, text);
      await rename(`${file}.tmp`, file);
    },
    'a rename over it from elsewhere': async (file, text) => {
      await writeFile(temp.at('elsewhere'), text);
      await rename(temp.at('elsewhere'), file);
    },
    'removing it first': async (file, text) => {
      await unlink(file);
      await writeFile(file, text);
    },
    'many small writes': async (file, text) => {
      await writeFile(file, '');
      for (const letter of text) await appendFile(file, letter);
    },
  };

const CHANGES: Record<string, (file: string) => Promise<unknown>> = {
  'a change of the mode alone': (file) => chmod(file, 0o755),
  'a touch': (file) => utimes(file, new Date(), new Date()),
  'another file of the same size and an older time': async (file) => {
    await writeFile(`${file}.old`, 'old');
    await utimes(`${file}.old`, 1, 1);
    await rename(`${file}.old`, file);
  },
  'its removal': (file) => unlink(file),
  'a link in its place': async (file) => {
    await unlink(file);
    await symlink('elsewhere', file);
  },
};

describe.each(MODES)('%s', (_, mode) => {
  /** Of a tree and of the file alone. */
  describe.each(['src', 'src/file'])('of %s', (tree) => {
    beforeEach(() => temp.write({ 'src/file': 'one' }));

    it.each(Object.entries(SAVES))(
      'whoever reads when told has the text at the end: %s',
      async (_, save) => {
        const { watch, batches } = open(mode);
        await watch(tree);
        await save(temp.at('src/file'), 'two');
        let read = '';
        await eventually('the new text', () => {
          for (const { paths } of batches.splice(0)) {
            if (!paths.has(temp.at('src/file'))) continue;
            read = readFileSync(temp.at('src/file'), 'utf8');
          }
          return read === 'two';
        });
      },
    );

    it.each(Object.entries(CHANGES))('tells of %s', async (_, change) => {
      const { watch, hears } = open(mode);
      await watch(tree);
      await change(temp.at('src/file'));
      await hears('src/file');
    });
  });

  it('tells of both names of a renamed file, of the same letters, too', async () => {
    await temp.write({ 'src/file': '' });
    const { watch, hears } = open(mode);
    await watch('src');
    await rename(temp.at('src/file'), temp.at('src/File'));
    await hears('src/file', 'src/File');
  });
});

describe.each(BY_FOLDER)('%s', (_, mode) => {
  it('tells of what comes in new folders, then and later', async () => {
    await temp.write({ 'src/file': '', 'new/deep/one': '', 'new/two': '' });
    const { watch, hears, settle } = open(mode);
    await watch('src');
    await rename(temp.at('new'), temp.at('src/new'));
    await hears('src/new');
    await settle('src');
    await writeFile(temp.at('src/new/deep/one'), 'new');
    await hears('src/new/deep/one');
    await mkdir(temp.at('src/new/deep/er/still'), { recursive: true });
    await hears('src/new/deep/er');
    await settle('src');
    await temp.write({ 'src/new/deep/er/still/three': '' });
    await hears('src/new/deep/er/still/three');
  });

  it('tells of a folder in the place of a file', async () => {
    await temp.write({ 'src/file': '' });
    const { watch, hears, settle } = open(mode);
    await watch('src');
    await unlink(temp.at('src/file'));
    await mkdir(temp.at('src/file'));
    await hears('src/file');
    await settle('src');
    await writeFile(temp.at('src/file/deep'), '');
    await hears('src/file/deep');
  });

  it('tells of what is in a folder that is made anew at once', async () => {
    await temp.write({ 'src/sub/deep/file': '' });
    const { watch, hears, settle } = open(mode);
    await watch('src');
    rmSync(temp.at('src/sub'), { recursive: true });
    mkdirSync(temp.at('src/sub/deep'), { recursive: true });
    await settle('src');
    await writeFile(temp.at('src/sub/deep/file'), 'new');
    await hears('src/sub/deep/file');
  });

  it('tells of a folder in the place of another', async () => {
    await temp.write({ 'src/sub/old': '', 'other/new': '' });
    const { watch, hears, settle } = open(mode);
    await watch('src');
    await rename(temp.at('src/sub'), temp.at('gone'));
    await rename(temp.at('other'), temp.at('src/sub'));
    await hears('src/sub');
    await settle('src');
    await writeFile(temp.at('src/sub/new'), 'two');
    await hears('src/sub/new');
    await rm(temp.at('src/sub'), { recursive: true });
    await hears('src/sub');
    await settle('src');
    await temp.write({ 'src/sub': 'a file' });
    await hears('src/sub');
  });

  it('is not stopped by pipes, sockets and links in circles', async () => {
    await temp.write({ 'src/sub/file': '' });
    await temp.link('src/sub/up', '..');
    await temp.link('src/round', 'round');
    execFileSync('mkfifo', [temp.at('src/pipe')]);
    const server = createServer().listen(temp.at('src/socket'));
    try {
      const { watch, hears } = open(mode);
      await watch('src');
      await writeFile(temp.at('src/sub/file'), 'new');
      await hears('src/sub/file');
      execFileSync('mkfifo', [temp.at('src/another')]);
      await hears('src/another');
    } finally {
      server.close();
    }
  });
});
