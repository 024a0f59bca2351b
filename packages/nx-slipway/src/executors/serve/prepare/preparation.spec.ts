import { relative } from 'node:path';
import type {
  ExecutorContext,
  NxJsonConfiguration,
  ProjectConfiguration,
  TargetConfiguration,
} from '@nx/devkit';
import { depFiles } from '../../../inputs';
import { executorContext } from '../../../testing/executor-context';
import { slipwayError } from '../../../testing/slipway-error';
import { useTempFolder } from '../../../testing/temp-folder';
import { preparationOf } from './preparation';

const folder = useTempFolder();

type Targets = Record<string, TargetConfiguration>;

const command = (more: TargetConfiguration = {}): TargetConfiguration => ({
  executor: 'nx:run-commands',
  cache: true,
  ...more,
});
const image = (dependsOn?: TargetConfiguration['dependsOn']) => ({
  executor: 'nx-slipway:custom-build',
  dependsOn,
});

interface Parts {
  /** Of apps/web, libs/lib and so on, by their paths. */
  readonly projects: Readonly<Record<string, Targets>>;
  readonly edges?: Readonly<Record<string, readonly string[]>>;
  readonly nxJson?: NxJsonConfiguration;
  readonly configuration?: string;
}

/** Of the image web. */
function contextOf(parts: Parts): ExecutorContext {
  const projects = Object.fromEntries(
    Object.entries(parts.projects).map(
      ([root, targets]): [string, ProjectConfiguration] => {
        const name = root.split('/').at(-1) ?? '';
        return [name, { name, root, targets }];
      },
    ),
  );
  const context = executorContext({
    ...parts,
    root: folder.path,
    project: 'web',
    projects,
  });
  const nodes = Object.fromEntries(
    Object.entries(projects).map(([name, data]) => [
      name,
      { name, type: 'lib' as const, data },
    ]),
  );
  return { ...context, projectGraph: { ...context.projectGraph, nodes } };
}

describe('the tasks of an image', () => {
  const tasksOf = (
    dependsOn: TargetConfiguration['dependsOn'],
    more: Partial<Parts> = {},
  ) =>
    preparationOf(
      contextOf({
        edges: { web: ['lib'], lib: ['deep'] },
        ...more,
        projects: {
          'apps/web': {
            build: command({ dependsOn: ['^build'] }),
            'build-css': command(),
            all: { executor: 'nx:noop', dependsOn: ['build', '^build'] },
            serve: command({ continuous: true }),
            'custom-build': image(dependsOn),
          },
          'libs/lib': { lint: command(), 'custom-build': image() },
          'libs/deep': { build: command(), 'custom-build': image(['build']) },
          ...more.projects,
        },
      }),
    )?.tasks;

  it('are none where it depends on nothing', () => {
    expect(tasksOf(undefined)).toBeUndefined();
    expect(tasksOf([])).toBeUndefined();
    expect(tasksOf(['absent'])).toBeUndefined();
  });

  it('are no builds of images, and none that never end', () => {
    expect(tasksOf(['^custom-build', 'serve'])).toBeUndefined();
    expect(tasksOf(['^custom-build', 'build'])).toEqual(['web:build']);
  });

  it.each<[string, TargetConfiguration['dependsOn'], string[]]>([
    ['a name', ['build'], ['web:build']],
    // lib has none, so that Nx looks further.
    ['^', ['^build'], ['deep:build']],
    ['dependencies', [{ dependencies: true, target: 'lint' }], ['lib:lint']],
    ['self', [{ projects: 'self', target: 'build' }], ['web:build']],
    ['params', [{ target: 'build', params: 'forward' }], ['web:build']],
    ['a project', [{ projects: 'lib', target: 'lint' }], ['lib:lint']],
    [
      'projects',
      [{ projects: ['web', 'd*'], target: 'build' }],
      ['web:build', 'deep:build'],
    ],
    ['project:target', ['deep:build'], ['deep:build']],
    ['a pattern of targets', ['build*'], ['web:build', 'web:build-css']],
    [
      'what a target that does nothing stands for',
      ['all'],
      ['web:build', 'deep:build'],
    ],
  ])('are those of %s', (_, dependsOn, tasks) => {
    expect(tasksOf(dependsOn)).toEqual(tasks);
  });

  it('have the configuration that was asked for, where they know it', () => {
    const projects = {
      'libs/lib': {
        lint: command({ configurations: { ci: {}, dev: {} } }),
      },
      'libs/deep': { build: command() },
    };
    const ofLibraries = ['^lint', '^build'];
    expect(tasksOf(ofLibraries, { projects, configuration: 'ci' })).toEqual([
      'lib:lint:ci',
      'deep:build',
    ]);
    expect(tasksOf(ofLibraries, { projects })).toEqual([
      'lib:lint',
      'deep:build',
    ]);
  });

  it('have their own defaults where the image has its own', () => {
    const projects = {
      'apps/web': {
        build: command({ configurations: { dev: {} } }),
        'custom-build': {
          ...image(['build']),
          configurations: { dev: {} },
          defaultConfiguration: 'dev',
        },
      },
    };
    const context = contextOf({ projects, configuration: 'dev' });
    expect(preparationOf(context)?.tasks).toEqual(['web:build']);
    expect(preparationOf(context, 'dev')?.tasks).toEqual(['web:build:dev']);
  });

  it('say nothing where programs read, whatever is odd', () => {
    const write = jest.spyOn(process.stdout, 'write');
    tasksOf([{ projects: ['no-*'], target: 'build' }]);
    tasksOf([{ projects: 'dependencies', target: 'build' }]);
    expect(write).not.toHaveBeenCalled();
    write.mockRestore();
  });

  it('are refused where Nx could not run them', () => {
    const projects = { 'libs/lib': { build: {} } };
    expect(() => tasksOf(['^build'], { projects })).toThrow(
      slipwayError(
        'SLIPWAY_E_OPTION_INVALID',
        /web:custom-build depends on: .*"lib:build" does not have an executor/,
      ),
    );
  });
});

describe('the sources of an image', () => {
  const FILES = [
    '.gitignore',
    'apps/web/.dockerignore',
    'apps/web/Dockerfile',
    'apps/web/project.json',
    'apps/web/src/index.ts',
    'apps/web/src/index.spec.ts',
    'apps/web/gen/api.ts',
    'apps/web/inner/src/index.ts',
    'libs/lib/src/index.ts',
    'libs/lib/src/index.spec.ts',
    'libs/other/src/index.ts',
    'nx.json',
    'package-lock.json',
    'tools/build.js',
  ];
  const OF_ALL = ['nx.json', 'package-lock.json'];

  beforeEach(async () => {
    await folder.write({
      ...Object.fromEntries(FILES.map((file) => [file, ''])),
      '.gitignore': 'dist',
      'apps/web/.dockerignore': '*\n!dist',
      'apps/web/dist/index.js': '',
    });
  });

  const filesOf = async (
    build: TargetConfiguration,
    more: Partial<Parts> = {},
  ) => {
    const preparation = preparationOf(
      contextOf({
        edges: { web: ['lib'] },
        projects: {
          'apps/web': { build, 'custom-build': image(['build']) },
          'apps/web/inner': {},
          'libs/lib': {},
          'libs/other': {},
        },
        ...more,
      }),
    );
    const files = preparation ? await depFiles(preparation.sources) : [];
    return files.map((file) => relative(folder.path, file));
  };
  const production = {
    namedInputs: {
      production: ['default', '!{projectRoot}/**/*.spec.ts'],
    },
  };

  it('are all of its project and its libraries if Nx is told no more', async () => {
    expect(await filesOf(command())).toEqual([
      'apps/web/.dockerignore',
      'apps/web/Dockerfile',
      'apps/web/gen/api.ts',
      'apps/web/project.json',
      'apps/web/src/index.spec.ts',
      'apps/web/src/index.ts',
      'libs/lib/src/index.spec.ts',
      'libs/lib/src/index.ts',
      ...OF_ALL,
    ]);
  });

  it('are what Nx hashes', async () => {
    const inputs = [
      '{projectRoot}/src/**/*',
      '!{projectRoot}/**/*.spec.ts',
      '^production',
      '{workspaceRoot}/tools/build.js',
      '{workspaceRoot}/tools/absent.js',
      { externalDependencies: ['typescript'] },
      { env: 'HOME' },
    ];
    const files = await filesOf(command({ inputs }), { nxJson: production });
    expect(files).toEqual([
      'apps/web/src/index.ts',
      'libs/lib/src/index.ts',
      ...OF_ALL,
      'tools/build.js',
    ]);
  });

  it('are those of libraries by a pattern, too', async () => {
    const inputs = ['^{projectRoot}/src/**/*'];
    expect(await filesOf(command({ inputs }))).toEqual([
      'libs/lib/src/index.spec.ts',
      'libs/lib/src/index.ts',
      ...OF_ALL,
    ]);
  });

  it('are all of a project whose task runs always, whatever it names', async () => {
    const inputs = ['{projectRoot}/Dockerfile'];
    const files = await filesOf(command({ inputs, cache: false }));
    expect(files).toContain('apps/web/src/index.ts');
    expect(files).toContain('libs/lib/src/index.ts');
  });

  it('are not what the tasks write', async () => {
    const outputs = ['{projectRoot}/gen', '{projectRoot}/src/*.spec.ts'];
    const files = await filesOf(command({ outputs }));
    expect(files).toContain('apps/web/src/index.ts');
    expect(files).not.toContain('apps/web/gen/api.ts');
    expect(files).not.toContain('apps/web/src/index.spec.ts');
    expect(files).toContain('libs/lib/src/index.spec.ts');
  });

  it('are there though a task says that it writes the whole project', async () => {
    const outputs = ['{projectRoot}'];
    const files = await filesOf(command({ outputs }));
    expect(files).toContain('apps/web/src/index.ts');
  });

  it('are those of the tasks that its tasks depend on', async () => {
    const projects = {
      'apps/web': {
        build: command({ inputs: [], dependsOn: ['^build'] }),
        'custom-build': image(['build']),
      },
      'libs/lib': {},
      'libs/other': {
        build: command({ inputs: ['{projectRoot}/**/*'] }),
      },
    };
    const edges = { web: ['lib'], lib: ['other'] };
    expect(await filesOf({}, { projects, edges })).toEqual([
      'libs/other/src/index.ts',
      ...OF_ALL,
    ]);
  });
});
