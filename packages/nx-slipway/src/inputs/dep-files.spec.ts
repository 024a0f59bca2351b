import { execFileSync } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { slipwayError } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { depFiles, type DepSelection } from './dep-files';

const folder = useTempFolder();

/** The files, relative to the workspace root, that `deps` select there. */
async function filesOf(
  deps: readonly string[],
  more: Partial<DepSelection> = {},
): Promise<string[]> {
  const files = await depFiles({
    root: folder.path,
    projectRoot: folder.at('app'),
    manifests: ['{k8s,kubernetes,deploy,manifests}/**/*.{yaml,yml}'],
    deps: deps.map((path) => ({ path: folder.at(path) })),
    ignore: [],
    outputs: [],
    ...more,
  });
  return files.map((file) => relative(folder.path, file));
}

/** Writes empty files. */
function touch(...names: string[]): Promise<void> {
  return folder.write(Object.fromEntries(names.map((name) => [name, ''])));
}

describe('deps', () => {
  it('are files and whole directories, sorted, each file once', async () => {
    await touch('app/b.ts', 'app/sub/.hidden', 'app/a.ts', 'lib/c.ts', 'd.ts');
    expect(await filesOf(['lib/c.ts', 'app', 'app/a.ts'])).toEqual([
      'app/a.ts',
      'app/b.ts',
      'app/sub/.hidden',
      'lib/c.ts',
    ]);
  });

  it('are globs, of which one may match nothing', async () => {
    await touch('app/a.ts', 'app/b.js', 'app/sub/.c.ts', 'lib/d.ts');
    expect(await filesOf(['app/**/*.ts', 'none/**', 'app/*.md'])).toEqual([
      'app/a.ts',
      'app/sub/.c.ts',
    ]);
  });

  it.each([
    ['empty', ''],
    ['too long', '*'.repeat(70_000)],
  ])('lose nothing to a glob that is %s', async (_, glob) => {
    await touch('app/a.ts', 'app/k8s/b.yaml', 'app/c.md');
    const manifests = ['k8s/*.yaml', glob];
    const except = [folder.at('app/*.md'), join(folder.path, glob)];
    const deps = [{ path: folder.at('app'), except }];
    expect(await filesOf([], { manifests, deps })).toEqual(['app/a.ts']);
  });

  it.each(['gone', 'gone/deeper', 'app/a.ts/x'])(
    'must exist where they are no glob: %s',
    async (dep) => {
      await touch('app/a.ts');
      await expect(filesOf([dep])).rejects.toEqual(
        slipwayError('SLIPWAY_E_DEPS_MISSING', new RegExp(`${dep},`)),
      );
    },
  );

  it('take a name with brackets that exists for what it is', async () => {
    await touch('pages/[id].ts', 'pages/i.ts', 'app (1)/x.ts');
    expect(await filesOf(['pages/[id].ts', 'app (1)'])).toEqual([
      'app (1)/x.ts',
      'pages/[id].ts',
    ]);
  });

  it('hold in a workspace whose path looks like a glob', async () => {
    const root = folder.at('work (copy) [2]');
    await touch('work (copy) [2]/app/a.ts', 'work (copy) [2]/app/b.spec.ts');
    const dep = {
      path: join(root, 'app/**/*'),
      except: [join(root, 'app/**/*.spec.ts')],
    };
    expect(await filesOf([], { root, deps: [dep] })).toEqual([
      'work (copy) [2]/app/a.ts',
    ]);
  });

  it('leave out what a named input takes out again', async () => {
    await touch('app/a.ts', 'app/a.spec.ts', 'lib/b.spec.ts');
    const except = [folder.at('app/**/*.spec.ts')];
    const deps = ['app/**/*', 'lib'].map((path) => ({
      path: folder.at(path),
      except,
    }));
    expect(await filesOf([], { deps })).toEqual(['app/a.ts', 'lib/b.spec.ts']);
  });
});

describe('gitignored files', () => {
  beforeEach(async () => {
    await touch('app/a.ts', 'app/a.log', 'app/dist/x.js', 'app/dist/x.log');
    await folder.write({ '.gitignore': '*.log\ndist/\n' });
  });

  it('are left out in directories and globs', async () => {
    expect(await filesOf(['app'])).toEqual(['app/a.ts']);
    expect(await filesOf(['app/**/*'])).toEqual(['app/a.ts']);
    expect(await filesOf(['app/dist/**'])).toEqual([]);
  });

  it('count when they are named outright', async () => {
    expect(await filesOf(['app/a.log', 'app/dist'])).toEqual([
      'app/a.log',
      'app/dist/x.js',
      'app/dist/x.log',
    ]);
  });

  it('are taken back by a .gitignore deeper down', async () => {
    await folder.write({ 'app/.gitignore': '!a.log\n/a.ts\n' });
    expect(await filesOf(['app'])).toEqual(['app/.gitignore', 'app/a.log']);
  });
});

describe('.dockerignore', () => {
  it('counts in the dep that it lies in, but not for its own kind', async () => {
    await touch('app/a.ts', 'app/docs/b.md', 'app/docs/keep.md');
    await touch('app/Dockerfile', 'app/sub/web.Dockerfile', 'lib/docs/c.md');
    await folder.write({
      'app/.dockerignore':
        'docs\n!docs/keep.md\n**/*Dockerfile*\n.dockerignore\n',
      'app/Dockerfile.dockerignore': '',
    });
    expect(await filesOf(['app', 'lib'])).toEqual([
      'app/.dockerignore',
      'app/Dockerfile',
      'app/Dockerfile.dockerignore',
      'app/a.ts',
      'app/docs/keep.md',
      'app/sub/web.Dockerfile',
      'lib/docs/c.md',
    ]);
  });

  it('counts for a glob in its directory', async () => {
    await touch('app/a.ts', 'app/b.ts');
    await folder.write({ 'app/.dockerignore': 'b.ts' });
    expect(await filesOf(['app/*.ts'])).toEqual(['app/a.ts']);
  });
});

describe('ignore', () => {
  it('is relative to each dep', async () => {
    await touch('app/x/a.ts', 'app/a.ts', 'lib/x/a.ts', 'lib/sub/x/a.ts');
    expect(await filesOf(['app', 'lib'], { ignore: ['x'] })).toEqual([
      'app/a.ts',
      'lib/sub/x/a.ts',
    ]);
  });

  it('knows ** and exceptions', async () => {
    await touch('app/a.spec.ts', 'app/sub/b.spec.ts', 'app/sub/c.spec.ts');
    const ignore = ['**/*.spec.ts', '!sub/c.spec.ts'];
    expect(await filesOf(['app'], { ignore })).toEqual(['app/sub/c.spec.ts']);
  });

  it('reaches a Dockerfile, which the user then means', async () => {
    await touch('app/Dockerfile', 'app/a.ts');
    expect(await filesOf(['app'], { ignore: ['Dockerfile'] })).toEqual([
      'app/a.ts',
    ]);
  });
});

describe('a pattern that cannot be read', () => {
  it('is refused with the option that it stands in', async () => {
    await touch('app/a.ts');
    await expect(filesOf(['app'], { ignore: ['[a-'] })).rejects.toThrow(
      slipwayError('SLIPWAY_E_OPTION_INVALID', /^ignore has .* "\[a-"/),
    );
  });

  it('is refused with the file that it stands in', async () => {
    await touch('app/sub/a.ts');
    await folder.write({ 'app/sub/.dockerignore': 'b.ts\r\n[a-\r\n' });
    await expect(filesOf(['app/sub'])).rejects.toThrow(
      slipwayError(
        'SLIPWAY_E_OPTION_INVALID',
        /^app\/sub\/\.dockerignore has .* "\[a-"/,
      ),
    );
  });
});

describe('what decides no image', () => {
  it.each([
    'node_modules/x/index.js',
    'sub/node_modules/x.js',
    '.git/HEAD',
    '.nx/cache/x',
    'a.ts~',
    '.a.ts.swp',
    '.#a.ts',
    '#a.ts#',
    '4913',
    '.DS_Store',
    '.idea/x.xml',
    'a.ts___jb_tmp___',
    'k8s/web.yaml',
    'deploy/sub/web.yml',
    'manifests/x.yaml',
    'kubernetes/x.yml',
  ])('is left out: %s', async (name) => {
    await touch('app/a.ts', `app/${name}`);
    expect(await filesOf(['app'])).toEqual(['app/a.ts']);
    expect(await filesOf(['app/**/*'])).toEqual(['app/a.ts']);
  });

  it('is not what only looks like it', async () => {
    await touch('app/k8s/run.sh', 'app/config.yaml', 'app/x.gitkeep');
    expect(await filesOf(['app'])).toHaveLength(3);
  });

  it("is no manifest of another folder than the project's own", async () => {
    await touch('app/src/deploy/x.yaml', 'lib/k8s/x.yaml', 'app/k8s/x.yaml');
    expect(await filesOf(['app', 'lib'])).toEqual([
      'app/src/deploy/x.yaml',
      'lib/k8s/x.yaml',
    ]);
  });

  it.each(['app/k8s', 'app/k8s/**', 'app/**/*.yaml', 'app/k8s/x.yaml'])(
    'is no manifest that is asked for: %s',
    async (dep) => {
      await touch('app/k8s/x.yaml');
      expect(await filesOf([dep])).toEqual(['app/k8s/x.yaml']);
    },
  );

  it('is our own output', async () => {
    await touch('app/a.ts', 'app/record.json');
    const outputs = [folder.at('app/record.json')];
    expect(await filesOf(['app'], { outputs })).toEqual(['app/a.ts']);
  });
});

describe('what has no content', () => {
  beforeEach(async () => {
    await touch('app/a.ts');
    execFileSync('mkfifo', [folder.at('app/pipe')]);
  });

  it('is passed over in a folder', async () => {
    expect(await filesOf(['app'])).toEqual(['app/a.ts']);
  });

  it.each(['app/pipe', 'link'])('is refused by name: %s', async (dep) => {
    await folder.link('link', 'app/pipe');
    await expect(filesOf([dep])).rejects.toThrow(
      slipwayError('SLIPWAY_E_OPTION_INVALID', /neither a file nor a folder/),
    );
  });
});

describe('symbolic links', () => {
  it('inside a dep are inputs themselves, and are not followed', async () => {
    await touch('app/a.ts', 'lib/b.ts');
    await folder.link('app/lib', '../lib');
    await folder.link('app/loop', '.');
    await folder.link('app/dangling', 'nowhere');
    expect(await filesOf(['app'])).toEqual([
      'app/a.ts',
      'app/dangling',
      'app/lib',
      'app/loop',
    ]);
  });

  it('named as a dep stand for what they lead to', async () => {
    await touch('lib/b.ts', 'lib/b.log', 'file.ts');
    await folder.write({ '.gitignore': '*.log\n' });
    await folder.link('app', 'first');
    await folder.link('first', 'lib');
    await folder.link('linked.ts', 'file.ts');
    await folder.link('dangling', 'nowhere');
    expect(await filesOf(['app', 'linked.ts', 'dangling'])).toEqual([
      'app',
      'dangling',
      'file.ts',
      'lib/b.ts',
      'linked.ts',
    ]);
  });

  it('at the foot of a glob are followed by that glob alone', async () => {
    await touch('lib/b.ts', 'lib/c.js');
    await folder.link('app', 'lib');
    expect(await filesOf(['app/*.ts'])).toEqual(['app', 'lib/b.ts']);
  });

  it('may lead out of the workspace', async () => {
    await touch('ws/x', 'outside/a.ts');
    await symlink('../outside', folder.at('ws/out'));
    const deps = [{ path: folder.at('ws/out') }];
    expect(await filesOf([], { root: folder.at('ws'), deps })).toEqual([
      'outside/a.ts',
      'ws/out',
    ]);
  });
});

it('an empty directory has no files', async () => {
  await mkdir(folder.at('empty'));
  expect(await filesOf(['empty'])).toEqual([]);
});
