import { rm, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { taskHashes } from './support/hash-parts';
import { TestWorkspace } from './support/workspace';

type Json = Record<string, unknown>;

const build = (options: Json, target: Json = {}) => ({
  targets: {
    'custom-build': {
      executor: 'nx-slipway:custom-build',
      options: { command: 'true', ...options },
      ...target,
    },
  },
});

/** What Nx itself hashes, by what the plugin tells it. */
describe('what Nx hashes of a build', () => {
  let workspace: TestWorkspace;

  beforeAll(async () => {
    workspace = await TestWorkspace.create();
    await workspace.usePlugin();
    await workspace.editJson('nx.json', (nxJson) => {
      nxJson.namedInputs = {
        production: ['default', '!{projectRoot}/**/*.spec.js'],
      };
      nxJson.targetDefaults = {
        'defaulted-build': {
          executor: 'nx-slipway:custom-build',
          options: { ref: '{projectName}', command: 'true' },
          configurations: { docs: { deps: ['docs'] } },
        },
      };
    });
    const files = [
      'apps/all/src/a.js',
      'apps/all/k8s/all.yaml',
      'apps/all/deep/inner/x.js',
      'apps/globs/src/a.ts',
      'apps/globs/src/a.spec.ts',
      'apps/globs/src/deep/b.ts',
      'apps/globs/src/.env',
      'apps/globs/pages/[id].ts',
      'apps/globs/pages/id.ts',
      'apps/named/src/a.js',
      'apps/named/src/a.spec.js',
      'apps/named/tools/x.spec.js',
      'apps/defaulted/docs/a.md',
      'apps/defaulted/src/a.js',
      'apps/links/own.txt',
      'libs/shared/src/a.js',
      'libs/shared/README.md',
      'libs/linked/a.js',
      'tools/base.conf',
      'ignored/x.txt',
    ];
    for (const file of files) {
      await workspace.write(file, '1\n');
      // Without its daemon Nx takes a file that is written twice within a
      // second for unchanged.
      await utimes(join(workspace.root, file), 0, 0);
    }
    await workspace.writeJson('apps/all/project.json', {
      name: 'all',
      ...build({ ref: 'all' }),
    });
    await workspace.writeJson('apps/all/deep/inner/project.json', {
      name: 'inner',
    });
    await workspace.writeJson('apps/globs/project.json', {
      name: 'globs',
      ...build({
        ref: 'globs',
        deps: [
          'src/**/*.ts',
          'src/.env',
          'pages/[id].ts',
          'later',
          '{workspaceRoot}/tools/*.conf',
          '../../libs/shared/src',
        ],
        ignore: ['**/*.spec.ts'],
      }),
    });
    await workspace.writeJson('apps/named/project.json', {
      name: 'named',
      implicitDependencies: ['shared'],
      ...build({
        ref: 'named',
        deps: [{ input: 'production' }, 'tools', { input: '^production' }],
      }),
    });
    await workspace.writeJson('libs/shared/project.json', { name: 'shared' });
    await workspace.writeJson('apps/defaulted/project.json', {
      name: 'defaulted',
      targets: { 'defaulted-build': { options: { deps: ['src'] } } },
    });
    await workspace.writeJson('apps/links/project.json', {
      name: 'links',
      ...build({ ref: 'links', deps: ['linked', 'own.txt'] }),
    });
    await symlink(
      '../../libs/linked',
      join(workspace.root, 'apps/links/linked'),
    );
    await workspace.write('.nxignore', 'ignored\n');
  });

  afterAll(() => workspace.remove());

  const TASKS = [
    'all:custom-build',
    'globs:custom-build',
    'named:custom-build',
    'defaulted:defaulted-build',
    'links:custom-build',
  ];

  /** The projects whose builds have another hash when a file is. */
  async function changedBy(change: () => Promise<void>): Promise<string[]> {
    const before = await taskHashes(workspace);
    await change();
    const after = await taskHashes(workspace);
    return TASKS.filter((task) => before[task] !== after[task]).map(
      (task) => task.split(':')[0] ?? '',
    );
  }

  it.each([
    ['apps/all/src/a.js', ['all']],
    // The manifests of a project are no input of its image.
    ['apps/all/k8s/all.yaml', []],
    ['apps/all/deep/inner/x.js', ['all']],
    ['apps/globs/src/a.ts', ['globs']],
    ['apps/globs/src/deep/b.ts', ['globs']],
    ['apps/globs/src/a.spec.ts', []],
    ['apps/globs/src/.env', ['globs']],
    ['apps/globs/pages/[id].ts', ['globs']],
    ['apps/globs/pages/id.ts', []],
    ['apps/globs/README.md', []],
    ['tools/base.conf', ['globs']],
    ['libs/shared/src/a.js', ['globs', 'named']],
    ['libs/shared/README.md', ['named']],
    ['apps/named/src/a.js', ['named']],
    // Left out of `production`, and a dep by its folder.
    ['apps/named/tools/x.spec.js', ['named']],
    ['apps/defaulted/src/a.js', ['defaulted']],
    // A dep in one configuration.
    ['apps/defaulted/docs/a.md', ['defaulted']],
    ['libs/linked/a.js', ['links']],
    ['ignored/x.txt', []],
  ])('is another of a change to %s for %j', async (file, projects) => {
    const change = () => workspace.write(file, `${file} changed\n`);
    expect(await changedBy(change)).toEqual(projects);
  });

  it('is another when a dep that was not there comes, as a file or a folder', async () => {
    const file = 'apps/globs/later';
    expect(await changedBy(() => workspace.write(file, '1'))).toEqual([
      'globs',
    ]);
    const replace = async () => {
      await workspace.removeFile(file);
      await workspace.write(`${file}/a.txt`, '1');
    };
    expect(await changedBy(replace)).toEqual(['globs']);
  });

  it('is another when a dep that is a link leads elsewhere', async () => {
    const link = join(workspace.root, 'apps/links/linked');
    const relink = async () => {
      await rm(link);
      await symlink('../../libs/shared', link);
    };
    expect(await changedBy(relink)).toEqual(['links']);
  });
});

describe('what Nx cannot hash of a build', () => {
  let workspace: TestWorkspace;

  beforeAll(async () => {
    workspace = await TestWorkspace.create();
    await workspace.usePlugin({ registry: '' });
    await workspace.write('.gitignore', 'node_modules\n.nx\ndist\n');
  });

  afterAll(() => workspace.remove());

  /** A build whose command makes no image: what matters is said before. */
  async function addBuild(name: string, options: Json, targets: Json = {}) {
    const { targets: own } = build(
      { ref: name, command: 'exit 3', ...options },
      targets['custom-build'] as Json,
    );
    const all = { ...own, ...targets, 'custom-build': own['custom-build'] };
    await workspace.writeJson(`apps/${name}/project.json`, {
      name,
      targets: all,
    });
    await workspace.write(`apps/${name}/dist/main.js`, '1');
  }

  it.each([
    [
      'outside',
      { deps: ['../../../elsewhere'] },
      {},
      /deps names \.\.\/\.\.\/\.\.\/elsewhere, which is outside of the workspace/,
    ],
    [
      'made',
      { deps: ['dist'] },
      {},
      /git ignores apps\/made\/dist, which deps/,
    ],
    [
      'other',
      { deps: ['dist'] },
      {
        build: { command: 'true', outputs: ['{projectRoot}/out'] },
        'custom-build': { dependsOn: ['build'] },
      },
      /git ignores apps\/other\/dist, .* no output of a target in dependsOn/,
    ],
    [
      'input',
      { deps: [{ input: 'nowhere' }] },
      {},
      /deps names the input nowhere, which nobody defines/,
    ],
  ])(
    'makes %s uncached, with the reason in its metadata and when it runs',
    async (name, options, targets, reason) => {
      await addBuild(name, options, targets);
      const project = await workspace.showProject(name);
      const target = project.targets?.['custom-build'];
      expect(target?.cache).toBe(false);
      expect(target?.metadata).toMatchObject({
        slipway: { uncached: [expect.stringMatching(reason) as string] },
      });
      const { output } = await workspace.build(name);
      // One that no run gets past says it in its own words.
      if (name !== 'input') expect(output).toMatch(/not cached by Nx: /);
      expect(output).toMatch(/SLIPWAY_E_/);
    },
  );

  it('is no matter where a task before makes it', async () => {
    await addBuild(
      'fine',
      { deps: ['dist'], command: 'echo ran && exit 3' },
      {
        build: { command: 'true', outputs: ['{projectRoot}/dist'] },
        'custom-build': { dependsOn: ['build'] },
      },
    );
    const { targets } = await workspace.showProject('fine');
    expect(targets?.['custom-build']).toMatchObject({
      cache: true,
      inputs: expect.arrayContaining([
        { dependentTasksOutputFiles: 'apps/fine/dist/**/*', transitive: true },
      ]) as unknown[],
    });
    expect((await workspace.build('fine')).output).toContain('ran');
  });

  it('stops a build whose task before makes it only by what it seems', async () => {
    // Its outputs are another project's business, which the graph cannot see.
    await workspace.writeJson('libs/gen/project.json', {
      name: 'gen',
      targets: { build: { command: 'true', outputs: ['{projectRoot}/out'] } },
    });
    await addBuild(
      'seeming',
      { deps: ['dist'] },
      {
        'custom-build': { dependsOn: [{ projects: ['gen'], target: 'build' }] },
      },
    );
    const { output } = await workspace.build('seeming');
    expect(output).toMatch(
      /SLIPWAY_E_DEPS_UNHASHED: git ignores apps\/seeming\/dist/,
    );
  });
});
