import {
  chmod,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { useTempFolder } from '../testing/temp-folder';
import { changedFiles, inputHash, type InputFacts } from './input-hash';

const folder = useTempFolder();
const FILES = ['app/a.ts', 'app/link', 'run.sh'];
const facts: InputFacts = {
  command: 'docker build .',
  dir: 'app',
  env: { A: '1', B: '2' },
  envInputs: { CI: undefined, REGION: 'eu' },
  ref: 'frontend',
  platform: 'linux/amd64',
  store: 'docker',
  tag: '',
  output: '',
  parents: [],
  naming: 'escape',
  singleName: '',
  pluginVersion: '1.0.0',
};

function hash(changed: Partial<InputFacts> = {}, files = FILES) {
  const paths = files.map((file) => folder.at(file));
  return inputHash(folder.path, paths, { ...facts, ...changed });
}

beforeEach(async () => {
  await folder.write({ 'app/a.ts': 'one', 'run.sh': 'echo' });
  await folder.link('app/link', 'a.ts');
});

it('is a sha256 digest, the same each time', async () => {
  expect(await hash()).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(await hash()).toBe(await hash());
});

describe('the input hash changes', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['a byte', () => folder.write({ 'app/a.ts': 'onf' })],
    ['the executable bit', () => chmod(folder.at('run.sh'), 0o755)],
    [
      'the target of a link',
      async () => {
        await rm(folder.at('app/link'));
        await symlink('b.ts', folder.at('app/link'));
      },
    ],
    [
      'a link into the file it led to',
      async () => {
        await rm(folder.at('app/link'));
        await folder.write({ 'app/link': 'a.ts' });
      },
    ],
    ['that a file is there', () => rm(folder.at('app/a.ts'))],
  ])('with %s', async (_what, change) => {
    const before = await hash();
    await change();
    expect(await hash()).not.toBe(before);
  });

  it('with a byte of a file too large to be read at once', async () => {
    const large = Buffer.alloc(1_000_000);
    const hashes = new Set<string>();
    for (const place of [0, 500_000, 999_999]) {
      large[place] = 1;
      await writeFile(folder.at('run.sh'), large);
      hashes.add(await hash());
      hashes.add(await hash());
    }
    expect(hashes.size).toBe(3);
  });

  it('with the name of a file', async () => {
    const before = await hash();
    await rename(folder.at('run.sh'), folder.at('go.sh'));
    const files = [...FILES.slice(0, 2), 'go.sh'];
    expect(await hash({}, files)).not.toBe(before);
  });

  it('with one file more', async () => {
    await folder.write({ zero: '' });
    expect(await hash({}, [...FILES, 'zero'])).not.toBe(await hash());
  });

  it('where two files swap their bytes', async () => {
    const before = await hash();
    await folder.write({ 'app/a.ts': 'echo', 'run.sh': 'one' });
    expect(await hash()).not.toBe(before);
  });

  it.each<Partial<InputFacts>>([
    { command: 'docker build ..' },
    { command: ['docker build .'] },
    { command: ['docker', 'build', '.'] },
    { dir: '' },
    { env: { A: '1', B: '3' } },
    { env: { A: '1' } },
    { env: { A: '1', B: '2', C: '' } },
    { envInputs: { CI: undefined, REGION: 'us' } },
    { envInputs: { CI: '', REGION: 'eu' } },
    { ref: 'backend' },
    { platform: 'linux/arm64' },
    { store: 'registry' },
    { tag: 'dev' },
    { output: 'apps/a/ref.txt' },
    { parents: ['sha256:1'] },
    { naming: 'preserve' },
    { singleName: 'all' },
    { pluginVersion: '1.0.1' },
  ])('with the fact %j', async (changed) => {
    expect(await hash(changed)).not.toBe(await hash());
  });
});

describe('the input hash stays', () => {
  it('when only times and other mode bits change', async () => {
    const before = await hash();
    await utimes(folder.at('app/a.ts'), 1, 1);
    await chmod(folder.at('app/a.ts'), 0o600);
    expect(await hash()).toBe(before);
  });

  it('whatever the order of variables', async () => {
    const changed = {
      env: { B: '2', A: '1' },
      envInputs: { REGION: 'eu', CI: undefined },
    };
    expect(await hash(changed)).toBe(await hash());
  });

  it('when the workspace lies elsewhere', async () => {
    const before = await hash();
    await rename(folder.at('app'), folder.at('moved'));
    await folder.write({ 'ws/run.sh': 'echo' });
    await rename(folder.at('moved'), folder.at('ws/app'));
    const files = FILES.map((file) => folder.at('ws', file));
    expect(await inputHash(folder.at('ws'), files, facts)).toBe(before);
  });
});

it('takes more files than are open at a time', async () => {
  const names = Array.from({ length: 200 }, (_, index) => `many/${index}`);
  await folder.write(Object.fromEntries(names.map((name) => [name, name])));
  const before = await hash({}, names);
  await folder.write({ 'many/199': 'other' });
  expect(await hash({}, names)).not.toBe(before);
});

describe('changedFiles', () => {
  it('names what changed, was made and went', () => {
    const before = new Map([
      ['same', 'file 1'],
      ['edited', 'file 1'],
      ['gone', 'file 1'],
    ]);
    const after = new Map([
      ['same', 'file 1'],
      ['edited', 'file 2'],
      ['added', 'file 1'],
    ]);
    expect(changedFiles(before, after)).toEqual([
      'added',
      'edited',
      'gone (removed)',
    ]);
  });
});
