import { build } from './testing/build';
import { useWorkspace, type Given } from './testing/workspace';

const workspace = useWorkspace();

/** What Nx is told of a build of `apps/web`. */
async function target(options: object, more: object = {}, given?: Given) {
  const targets = { 'custom-build': build(options, more) };
  await workspace.put({ 'apps/web/project.json': { name: 'web', targets } });
  const inferred = workspace.infer(given)['apps/web']?.targets['custom-build'];
  expect(inferred).toBeDefined();
  return inferred!;
}

async function inputs(deps: unknown[], more: object = {}, given?: Given) {
  return (await target({ deps, ...more }, {}, given)).inputs;
}

/** Why Nx does not cache a build; none if it does. */
async function reasons(options: object, more: object = {}, given?: Given) {
  const { cache, metadata } = await target(options, more, given);
  const { uncached = [] } = metadata.slipway ?? {};
  expect(cache).toBe(uncached.length === 0);
  return uncached;
}

describe('deps', () => {
  it('are the folder of the project without its manifests, if there are none', async () => {
    const { inputs: found } = await target({});
    expect(found).toEqual([
      '{projectRoot}/**/*',
      '!{projectRoot}/{k8s,kubernetes,deploy,manifests}/**/*.{yaml,yml}',
    ]);
  });

  it('are folders, files, globs, and what is not there yet and may be either', async () => {
    await workspace.put({ 'apps/web/src/a.ts': '', 'apps/web/Dockerfile': '' });
    const deps = ['src', 'Dockerfile', 'lib/**/*.ts', 'gone'];
    expect(await inputs(deps)).toEqual([
      '{projectRoot}/src/**/*',
      '{projectRoot}/Dockerfile',
      '{projectRoot}/lib/**/*.ts',
      '{projectRoot}/gone',
      '{projectRoot}/gone/**/*',
    ]);
  });

  it('count with characters that mean something in a glob', async () => {
    await workspace.put({
      'apps/web/pages/[id].ts': '',
      'apps/web/a (1)/x': '',
    });
    expect(
      await inputs(['pages/[id].ts', 'a (1)', 'src/+(a|b).ts', '[xy]/*']),
    ).toEqual([
      '{projectRoot}/pages/?id?.ts',
      '{projectRoot}/a ?1?/**/*',
      '{projectRoot}/src/**/*',
      '{projectRoot}/**/*',
      '!{projectRoot}/{k8s,kubernetes,deploy,manifests}/**/*.{yaml,yml}',
    ]);
  });

  it.each(['{1..3}.ts', 'a**b', '@(x|y)', '!(x)'])(
    'are all of the folder where Nx reads a glob differently: %s',
    async (glob) => {
      expect(await inputs([`src/${glob}`])).toEqual(['{projectRoot}/src/**/*']);
    },
  );

  it('outside of the project are counted from the root of the workspace', async () => {
    const deps = ['../../libs/ui/src', '{workspaceRoot}/tsconfig.base.json'];
    await workspace.put({ 'libs/ui/src/a': '', 'tsconfig.base.json': '{}' });
    expect(await inputs(deps)).toEqual([
      '{workspaceRoot}/libs/ui/src/**/*',
      '{workspaceRoot}/tsconfig.base.json',
    ]);
  });

  it('that hold the project of another are counted from the root, as Nx gives that its files', async () => {
    await workspace.put({
      'apps/web/lib/ui/project.json': {},
      'apps/web/src/x': '',
    });
    expect(await inputs(['lib', 'lib/ui', 'src'])).toEqual(
      [
        '{projectRoot}/src/**/*',
        '{workspaceRoot}/apps/web/lib/**/*',
        '{workspaceRoot}/apps/web/lib/ui',
        '{workspaceRoot}/apps/web/lib/ui/**/*',
      ].filter((one) => one !== '{workspaceRoot}/apps/web/lib/ui'),
    );
  });

  it('of a project at the root leave no other project out', async () => {
    const targets = { 'custom-build': build({ deps: ['.', 'src'] }) };
    await workspace.put({
      'project.json': { name: 'all', targets },
      'apps/a/project.json': {},
      'src/x': '',
    });
    expect(workspace.infer()['.']?.targets['custom-build']?.inputs).toEqual(
      expect.arrayContaining([
        '{projectRoot}/src/**/*',
        '{workspaceRoot}/**/*',
      ]),
    );
  });

  it('of a project whose root looks like a glob are counted from the root of the workspace', async () => {
    const targets = { 'custom-build': build({ deps: ['src', 'a.ts'] }) };
    await workspace.put({
      'apps/[x]/project.json': { name: 'x', targets },
      'apps/[x]/src/a': '',
      'apps/[x]/a.ts': '',
    });
    const inferred = workspace.infer()['apps/[x]'];
    expect(inferred?.targets['custom-build']?.inputs).toEqual([
      '{workspaceRoot}/apps/?x?/src/**/*',
      '{workspaceRoot}/apps/?x?/a.ts',
    ]);
  });

  it.each([
    ['../../../x', /outside of the workspace/],
    ['{workspaceRoot}/../x', /outside of the workspace/],
    ['node_modules/x', /where Nx hashes nothing/],
    ['../../.git/HEAD', /where Nx hashes nothing/],
    ['a\0b', /cannot be looked at/],
    ['x'.repeat(300), /cannot be looked at/],
    ['project.json/x', /cannot be looked at/],
  ])('that Nx cannot hash leave the target uncached: %j', async (dep, why) => {
    expect(await reasons({ deps: [dep, 'src'] })).toEqual([
      expect.stringMatching(why),
    ]);
  });

  it('are the union of all configurations', async () => {
    const configurations = { ci: { deps: ['ci'] }, dev: { ignore: ['*.md'] } };
    await workspace.put({ 'apps/web/src/x': '', 'apps/web/ci/x': '' });
    const { inputs: found } = await target(
      { deps: ['src'] },
      { configurations },
    );
    // Only one of them leaves files out.
    expect(found).toEqual(['{projectRoot}/src/**/*', '{projectRoot}/ci/**/*']);
  });

  it('that are no texts and no inputs are told by the run itself', async () => {
    expect(await inputs([null, 3, {}, { input: 5 }, ['a']])).toEqual([]);
  });
});

describe('links among deps', () => {
  beforeEach(() =>
    workspace.put({ 'libs/real/a.ts': '', 'file.ts': '', 'apps/web/x': '' }),
  );

  it('are followed to what lies in the workspace', async () => {
    await workspace.link('apps/web/lib', '../../libs/real');
    await workspace.link('apps/web/f.ts', '../../file.ts');
    expect(await inputs(['lib', 'f.ts', 'lib/*.ts'])).toEqual([
      '{projectRoot}/lib',
      '{projectRoot}/f.ts',
      '{workspaceRoot}/libs/real/**/*',
      '{workspaceRoot}/file.ts',
      '{workspaceRoot}/libs/real/*.ts',
    ]);
  });

  it('are followed on the way to a dep', async () => {
    await workspace.link('linked', 'libs');
    expect(await inputs(['../../linked/real'])).toContain(
      '{workspaceRoot}/libs/real/**/*',
    );
  });

  it('to what lies outside of the workspace leave it uncached', async () => {
    await workspace.link('apps/web/out', '/etc');
    await workspace.link('apps/web/deep', '../../..');
    for (const dep of ['out', 'out/*.conf', 'out/hosts', 'deep']) {
      expect(await reasons({ deps: [dep] })).toEqual([
        `deps names ${dep}, a link to outside of the workspace`,
      ]);
    }
  });

  it('to nothing are followed to where something will be', async () => {
    await workspace.link('apps/web/dangling', '../../libs/nowhere');
    await workspace.link('apps/web/again', 'dangling');
    for (const dep of ['dangling', 'again']) {
      expect(await inputs([dep])).toEqual([
        `{projectRoot}/${dep}`,
        '{workspaceRoot}/libs/nowhere',
        '{workspaceRoot}/libs/nowhere/**/*',
      ]);
    }
    expect(await inputs(['dangling/a/*.ts'])).toContain(
      '{workspaceRoot}/libs/nowhere/a/*.ts',
    );
  });

  it('to what a task has not made yet are as they will be then', async () => {
    await workspace.put({ '.gitignore': 'dist' });
    await workspace.link('apps/web/out', '../../dist/web');
    const dist = { command: 'x', outputs: ['{workspaceRoot}/dist/web'] };
    const found = async (dep: string) => {
      const own = build({ deps: [dep] }, { dependsOn: ['dist'] });
      const targets = { dist, 'custom-build': own };
      await workspace.put({
        'apps/web/project.json': { name: 'web', targets },
      });
      return workspace.infer()['apps/web']?.targets['custom-build'];
    };
    for (const [dep, path] of [
      ['out', 'dist/web'],
      ['out/main.js', 'dist/web/main.js'],
    ] as const) {
      const { cache, inputs: before } = (await found(dep)) ?? {};
      expect(cache).toBe(true);
      expect(before).toContainEqual({
        dependentTasksOutputFiles: path,
        transitive: true,
      });
    }
    const before = await found('out/main.js');
    await workspace.put({ 'dist/web/main.js': '' });
    expect(await found('out/main.js')).toEqual(before);
    expect(await reasons({ deps: ['out'] })).toEqual([
      expect.stringMatching(/^git ignores dist\/web,/),
    ]);
  });

  it('to nothing outside of the workspace, or in a circle, leave it uncached', async () => {
    await workspace.link('apps/web/out', '../../../nowhere');
    await workspace.link('apps/web/one', 'none/../other');
    await workspace.link('apps/web/other', 'none/../one');
    for (const dep of ['out', 'out/x', 'one', 'one/x']) {
      expect(await reasons({ deps: [dep] })).toEqual([
        `deps names ${dep}, a link to outside of the workspace`,
      ]);
    }
  });

  it('to themselves leave it uncached', async () => {
    await workspace.link('apps/web/loop', 'pool');
    await workspace.link('apps/web/pool', 'loop');
    for (const dep of ['loop', 'loop/x']) {
      expect(await reasons({ deps: [dep] })).toEqual([
        expect.stringContaining('ELOOP'),
      ]);
    }
  });

  it('to what git ignores, or to packages, are no files to Nx', async () => {
    await workspace.put({
      '.gitignore': 'dist',
      'dist/x': '',
      'node_modules/p/x': '',
    });
    await workspace.link('apps/web/made', '../../dist');
    await workspace.link('apps/web/package', '../../node_modules/p');
    expect(await reasons({ deps: ['made', 'package'] })).toEqual([
      'deps names package, where Nx hashes nothing',
      'git ignores dist, which deps names, and it is no output of a target in dependsOn',
    ]);
  });

  it('that git ignores lead to files that it need not', async () => {
    await workspace.put({ '.gitignore': '/apps/web/lib' });
    await workspace.link('apps/web/lib', '../../libs/real');
    expect(await inputs(['lib'])).toContain('{workspaceRoot}/libs/real/**/*');
  });
});

describe('named inputs', () => {
  const namedInputs = {
    production: ['default', '!{projectRoot}/**/*.spec.ts'],
    tests: ['{projectRoot}/**/*.spec.ts'],
    env: ['production', { env: 'CI' }, { runtime: 'node -v' }],
    folder: ['{projectRoot}/src', '{projectRoot}/a.ts'],
    shared: ['{workspaceRoot}/libs/**/*'],
    above: ['{projectRoot}/../lib/**/*'],
    numbers: ['{projectRoot}/src/{1..3}'],
    secret: ['{projectRoot}/.env'],
    upstream: ['^production'],
    others: [{ input: 'production', projects: ['lib'] }],
    broken: ['nobody'],
  };
  const given = { nxJson: { namedInputs } };
  const of = (...names: string[]) =>
    inputs(
      names.map((input) => ({ input })),
      {},
      given,
    );

  it('are named where Nx takes them as a build does', async () => {
    expect(await of('production')).toContainEqual('production');
    expect(await of('env', 'shared')).toEqual(
      expect.arrayContaining(['env', 'shared']),
    );
    expect(await of('^production')).toEqual(['^production']);
  });

  it("of the project win over nx.json's", async () => {
    await workspace.put({
      'apps/web/project.json': {
        name: 'web',
        namedInputs: {
          production: ['{projectRoot}/dist/*.js', '{projectRoot}/x'],
        },
        targets: { 'custom-build': build({ deps: [{ input: 'production' }] }) },
      },
      'apps/web/x/y': '',
    });
    expect(
      workspace.infer(given)['apps/web']?.targets['custom-build']?.inputs,
    ).toEqual(['{projectRoot}/x/**/*', 'production']);
  });

  it('are written out where what one leaves out is another dep', async () => {
    const both = await inputs(
      ['a.spec.ts', { input: 'production' }],
      {},
      given,
    );
    expect(both).toEqual([
      '{projectRoot}/a.spec.ts',
      '{projectRoot}/a.spec.ts/**/*',
      '{projectRoot}/**/*',
      '!{projectRoot}/{k8s,kubernetes,deploy,manifests}/**/*.{yaml,yml}',
    ]);
    expect(await of('production', 'tests')).not.toContainEqual('production');
  });

  it('keep what is no file when they are written out', async () => {
    const both = await inputs(['a.spec.ts', { input: 'env' }], {}, given);
    expect(both).toEqual(
      expect.arrayContaining([{ env: 'CI' }, { runtime: 'node -v' }]),
    );
  });

  it('that name a folder, of which Nx takes nothing, name its files', async () => {
    await workspace.put({ 'apps/web/src/x': '', 'apps/web/a.ts': '' });
    expect(await of('folder')).toEqual(['{projectRoot}/src/**/*', 'folder']);
  });

  it('with globs that Nx reads differently are all of the folder', async () => {
    expect(await of('numbers')).toEqual(['{projectRoot}/src/**/*', 'numbers']);
  });

  it('above the project, of which Nx takes nothing, are counted from the root', async () => {
    expect(await of('above')).toEqual([
      '{workspaceRoot}/apps/lib/**/*',
      'above',
    ]);
  });

  it('hold the files of nested projects, as a build reads them', async () => {
    await workspace.put({ 'apps/web/nested/project.json': {} });
    expect(await of('default')).toContain('{workspaceRoot}/apps/web/**/*');
  });

  it('that name what git ignores are no files to Nx', async () => {
    await workspace.put({ '.gitignore': '.env', 'apps/web/.env': '' });
    expect(await reasons({ deps: [{ input: 'secret' }] }, {}, given)).toEqual([
      expect.stringMatching(/^git ignores apps\/web\/.env,/),
    ]);
  });

  it.each(['unknown', 'broken'])(
    'that nobody defines leave it uncached: %s',
    async (input) => {
      expect(await reasons({ deps: [{ input }] }, {}, given)).toEqual([
        `deps names the input ${input}, which nobody defines`,
      ]);
    },
  );

  it.each(['upstream', 'others'])(
    'may be those of other projects: %s',
    async (input) => {
      expect(await of(input)).toEqual([input]);
    },
  );
});

describe('what git ignores', () => {
  beforeEach(() =>
    workspace.put({ '.gitignore': 'dist\n*.log\n', 'apps/web/dist/x.js': '' }),
  );
  const made = [
    { dependentTasksOutputFiles: 'apps/web/dist', transitive: true },
    { dependentTasksOutputFiles: 'apps/web/dist/**/*', transitive: true },
  ];
  const withBuild = async (
    outputs: unknown,
    dependsOn: unknown = ['build'],
  ) => {
    await workspace.put({
      'apps/web/project.json': {
        name: 'web',
        targets: {
          'custom-build': build({ deps: ['dist'] }, { dependsOn }),
          build: {
            command: 'x',
            outputs,
            options: { outputPath: 'apps/web/dist' },
          },
        },
      },
    });
    return workspace.infer()['apps/web']?.targets['custom-build'];
  };

  it.each([
    [['{projectRoot}/dist']],
    [['{projectRoot}/dist/**/*']],
    [['{workspaceRoot}/apps/{projectName}/dist']],
    [['{workspaceRoot}/{projectRoot}/dist']],
    [['{options.outputPath}']],
    [['{workspaceRoot}/{options.outputPath}']],
  ])('is an input where a task before makes it: %j', async (outputs) => {
    const inferred = await withBuild(outputs);
    expect(inferred?.cache).toBe(true);
    expect(inferred?.inputs).toEqual(made);
  });

  it.each([
    [['{projectRoot}/build']],
    [['{projectRoot}/dist/sub']],
    [['{projectRoot}/dist/*.js']],
    [['{projectRoot}/*']],
    [['{projectRoot}/*.tgz']],
    [[]],
  ])(
    'is none where the task before makes something else: %j',
    async (outputs) => {
      const inferred = await withBuild(outputs);
      expect(inferred?.cache).toBe(false);
    },
  );

  it.each([
    [['^build']],
    [[{ projects: ['lib'], target: 'build' }]],
    [['codegen']],
  ])(
    'may be what a task makes whose outputs nobody knows here: %j',
    async (dependsOn) => {
      expect(
        (await withBuild(['{projectRoot}/other'], dependsOn))?.inputs,
      ).toEqual(made);
    },
  );

  it('may be a file that an output matches, there or not yet', async () => {
    const found = async () => {
      const pack = { command: 'x', outputs: ['{projectRoot}/*.log'] };
      const own = build({ deps: ['a.log'] }, { dependsOn: ['pack'] });
      const targets = { pack, 'custom-build': own };
      await workspace.put({
        'apps/web/project.json': { name: 'web', targets },
      });
      return workspace.infer()['apps/web']?.targets['custom-build']?.cache;
    };
    expect(await found()).toBe(true);
    await workspace.put({ 'apps/web/a.log': '' });
    expect(await found()).toBe(true);
    // A folder that is called like one.
    workspace.drop('apps/web/a.log');
    await workspace.put({ 'apps/web/a.log/x': '' });
    expect(await found()).toBe(false);
  });

  it('is no input without such a task', async () => {
    expect(await reasons({ deps: ['dist', 'src'] })).toEqual([
      'git ignores apps/web/dist, which deps names, and it is no output of a target in dependsOn',
    ]);
  });

  it('is nothing to a folder or glob that holds it', async () => {
    expect(await reasons({ deps: ['.', 'dist/**'] })).toEqual([]);
  });

  it.each([
    ['.nxignore'],
    ['.ignore'],
    ['.git/info/exclude'],
    ['apps/web/.gitignore'],
  ])('is what %s names, too', async (file) => {
    await workspace.put({ [file]: 'cache' });
    expect(await reasons({ deps: ['cache'] })).toHaveLength(1);
  });

  it('cannot be told if a rules file is none', async () => {
    await workspace.put({ 'apps/web/.gitignore/x': '', 'apps/web/src/x': '' });
    expect(await inputs(['src'])).toEqual(['{projectRoot}/src/**/*']);
  });
});

describe('ignore', () => {
  const of = async (ignore: string[], deps = ['src']) => {
    await workspace.put({ 'apps/web/src/x': '', 'apps/web/src/docs/x': '' });
    const found = (await inputs(deps, { ignore })) as string[];
    return found.filter((one) => one.startsWith('!'));
  };

  it.each([
    ['docs', ['!{projectRoot}/src/docs', '!{projectRoot}/src/docs/**/*']],
    ['/docs/', ['!{projectRoot}/src/docs', '!{projectRoot}/src/docs/**/*']],
    ['./docs', ['!{projectRoot}/src/docs', '!{projectRoot}/src/docs/**/*']],
    ['**/*.spec.ts', ['!{projectRoot}/src/**/*.spec.ts']],
  ])('is left out: %s', async (pattern, negations) => {
    expect(await of([pattern])).toEqual(negations);
  });

  it.each([
    ['# docs'],
    [' '],
    ['{a,b}'],
    ['a{1,2}'],
    ['.'],
    ['../web'],
    ['[ab]'],
    ['a**b'],
    ['\\#x'],
  ])('that Nx would read differently is not left out: %j', async (pattern) => {
    expect(await of([pattern])).toEqual([]);
  });

  it('that takes something back leaves out nothing', async () => {
    expect(await of(['docs', '!docs/keep.md'])).toEqual([]);
  });

  it('leaves in what another dep holds', async () => {
    expect(await of(['docs'], ['src', 'src/docs'])).toEqual([]);
    const above = await of(['docs'], ['src', '{workspaceRoot}/apps']);
    expect(above).toEqual([
      '!{workspaceRoot}/apps/docs',
      '!{workspaceRoot}/apps/docs/**/*',
    ]);
    expect(await of(['docs/x'], ['src', 'src/docs/x'])).toEqual([]);
  });

  it('stands beside what it is taken from, since alone it is taken from all', async () => {
    const found = await inputs(['{workspaceRoot}'], { ignore: ['apps/web/x'] });
    expect(found).toEqual([
      '{workspaceRoot}/**/*',
      '!{workspaceRoot}/apps/web/x',
      '!{workspaceRoot}/apps/web/x/**/*',
    ]);
  });

  it('leaves out what all deps that hold it leave out', async () => {
    expect(await of(['**/*.md'], ['src', 'src/docs'])).toEqual([
      '!{projectRoot}/src/**/*.md',
      '!{projectRoot}/src/docs/**/*.md',
    ]);
    // Of `docs` itself, nothing is named docs.
    expect(await of(['**/docs'], ['src', 'src/docs'])).toEqual([
      '!{projectRoot}/src/docs/**/docs',
      '!{projectRoot}/src/docs/**/docs/**/*',
    ]);
  });
});

describe('what is left out besides', () => {
  const manifests =
    '!{projectRoot}/{k8s,kubernetes,deploy,manifests}/**/*.{yaml,yml}';

  it('are manifests, unless they are asked for', async () => {
    await workspace.put({ 'apps/web/k8s/x.yaml': '', 'apps/web/src/x': '' });
    expect(await inputs(['.'])).toContain(manifests);
    for (const dep of ['k8s', '**/*.yaml', 'k8s/x.yaml', 'src', '../..']) {
      expect(await inputs([dep])).not.toContain(manifests);
    }
    expect(await inputs(['.', 'k8s'])).not.toContain(manifests);
  });

  it("are manifests by the plugin's globs", async () => {
    const options = {
      manifests: [
        '{projectRoot}/infra/*.yaml',
        '{workspaceRoot}/k8s/{projectName}/*.yaml',
      ],
    };
    expect(await inputs(['.'], {}, { options })).toEqual([
      '{projectRoot}/**/*',
      '!{projectRoot}/infra/*.yaml',
    ]);
  });

  it('are files that the build itself writes', async () => {
    const written = {
      recordFile: 'out/record.json',
      outputsImageRefTo: '{workspaceRoot}/apps/web/ref.txt',
    };
    expect(await inputs(['.'], written)).toEqual(
      expect.arrayContaining([
        '!{projectRoot}/out/record.json',
        '!{projectRoot}/ref.txt',
      ]),
    );
    await workspace.put({ 'apps/web/ref.txt': '' });
    expect(await inputs(['.', 'ref.txt'], written)).not.toContain(
      '!{projectRoot}/ref.txt',
    );
    expect(await inputs(['.'], { recordFile: 'out/[a].json' })).toHaveLength(2);
  });
});
