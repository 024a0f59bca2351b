import {
  addProjectConfiguration,
  logger,
  readJson,
  readNxJson,
  writeJson,
  type TargetConfiguration,
  type Tree,
} from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { FsTree } from 'nx/src/generators/tree';
import { existsSync, readFileSync } from 'node:fs';
import { useTempFolder } from '../../testing/temp-folder';
import customBuild from './generator';
import type { CustomBuildGeneratorSchema } from './schema';

type Given = Partial<CustomBuildGeneratorSchema>;

const folder = useTempFolder();
let tree: Tree;

beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
});

function addProject(
  files: Readonly<Record<string, string>>,
  targets: Record<string, TargetConfiguration> = {},
  name = 'web',
) {
  addProjectConfiguration(tree, name, { root: 'apps/web', targets });
  for (const [path, text] of Object.entries(files)) {
    tree.write(`apps/web/${path}`, text);
  }
}

/** @returns what people are told */
async function run(given: Given = {}): Promise<string> {
  const told: string[] = [];
  const info = jest.spyOn(logger, 'info').mockImplementation((text: string) => {
    told.push(text);
  });
  try {
    const after = await customBuild(tree, {
      project: 'web',
      skipFormat: true,
      ...given,
    });
    await after();
  } finally {
    info.mockRestore();
  }
  return told.join('\n');
}

const targets = () =>
  readJson<{ targets: Record<string, TargetConfiguration> }>(
    tree,
    'apps/web/project.json',
  ).targets;
const target = () => targets()['custom-build'];
const options = () => target()?.options as Record<string, unknown>;

describe('the generator custom-build', () => {
  it('writes a target for a Dockerfile, and registers the plugin', async () => {
    addProject({ Dockerfile: 'FROM busybox\nCOPY www /www\n' });
    const told = await run();
    expect(targets()).toEqual({
      'custom-build': {
        executor: 'nx-slipway:custom-build',
        options: {
          ref: 'web',
          command: 'docker build -t $EXPECTED_REF .',
          deps: ['.'],
          ignore: ['project.json', '**/*.spec.*', '**/*.test.*'],
        },
      },
    });
    expect(readNxJson(tree)?.plugins).toEqual([
      expect.objectContaining({ plugin: 'nx-slipway' }),
    ]);
    expect(told).toContain('--builder=docker, because of Dockerfile');
    expect(told).toContain('npx nx run web:custom-build');
  });

  it('changes nothing when it is run again', async () => {
    addProject({ 'go.mod': 'module x\n', 'cmd/web/main.go': 'package main' });
    await run();
    const once = tree.read('apps/web/project.json', 'utf8');
    await run();
    expect(tree.read('apps/web/project.json', 'utf8')).toBe(once);
  });

  it('keeps what somebody has written beside what the recipe writes', async () => {
    addProject(
      { 'go.mod': 'module x\n' },
      {
        'custom-build': {
          executor: 'nx-slipway:custom-build',
          dependsOn: ['generate'],
          inputs: ['...', { env: 'MORE' }],
          options: {
            ref: 'gcr.io/acme/web',
            command: 'old',
            timeout: '5m',
            env: { GOFLAGS: '-mod=vendor', CGO_ENABLED: '0' },
          },
        },
      },
    );
    await run();
    expect(target()).toMatchObject({
      dependsOn: ['generate'],
      inputs: ['...', { env: 'MORE' }, { env: 'KO_DEFAULTBASEIMAGE' }],
      options: {
        ref: 'gcr.io/acme/web',
        timeout: '5m',
        env: { GOFLAGS: '-buildvcs=false', CGO_ENABLED: '0' },
      },
    });
  });

  it('keeps what somebody has said the image is made of, for the same command', async () => {
    addProject({ Dockerfile: 'FROM busybox\n' });
    await run();
    const json = JSON.parse(
      tree.read('apps/web/project.json', 'utf8') ?? '',
    ) as { targets: Record<string, { options: Record<string, unknown> }> };
    const options = json.targets['custom-build']?.options ?? {};
    Object.assign(options, { deps: ['src'], ignore: ['overlays'] });
    tree.write('apps/web/project.json', JSON.stringify(json));
    await run();
    expect(target()).toMatchObject({
      options: { deps: ['src'], ignore: ['overlays'] },
    });
  });

  it('takes away where the image of another command was', async () => {
    addProject({ Dockerfile: 'FROM busybox' });
    await run({ builder: 'nerdctl' });
    expect(options()).toMatchObject({
      disablePush: true,
      skipsLocalDocker: true,
    });
    await run({ builder: 'docker' });
    expect(Object.keys(options())).toEqual([
      'ref',
      'command',
      'deps',
      'ignore',
    ]);
  });

  it('leaves options alone that somebody has added to the same command', async () => {
    addProject({ 'build.sh': '#!/bin/sh\n' });
    await run();
    const json = readJson<{ targets: Record<string, TargetConfiguration> }>(
      tree,
      'apps/web/project.json',
    );
    Object.assign(json.targets['custom-build']?.options as object, {
      tag: 'dev',
    });
    tree.write('apps/web/project.json', JSON.stringify(json));
    await run();
    expect(options()).toMatchObject({ command: './build.sh', tag: 'dev' });
  });

  it('never touches a target of another executor, nor anything else then', async () => {
    addProject(
      { Dockerfile: 'FROM busybox', 'build.sh': '' },
      { 'custom-build': { command: 'make image' } },
    );
    const nxJson = tree.read('nx.json', 'utf8');
    const project = tree.read('apps/web/project.json', 'utf8');
    await expect(run({ builder: 'script' })).rejects.toThrow(
      /^SLIPWAY_E_EXISTS: .*"custom-build" already, which runs nx:run-commands[^]*hint: .*targetNames/,
    );
    expect(tree.read('nx.json', 'utf8')).toBe(nxJson);
    expect(tree.read('apps/web/project.json', 'utf8')).toBe(project);
  });

  it('calls the target what nx.json calls it', async () => {
    addProject({ Dockerfile: 'FROM busybox' });
    const json = readJson<object>(tree, 'nx.json');
    const plugin = {
      plugin: 'nx-slipway',
      options: { targetNames: { customBuild: 'image' } },
    };
    tree.write('nx.json', JSON.stringify({ ...json, plugins: [plugin] }));
    expect(await run()).toContain('nx run web:image');
    expect(Object.keys(targets())).toEqual(['image']);
    expect(readNxJson(tree)?.plugins).toEqual([plugin]);
  });

  it.each([
    ['web', 'web'],
    ['@acme/web', 'acme/web'],
    ['My App!', 'my-app'],
    ['a..b', 'a-b'],
    ['-x-/_Y_', 'x/y'],
  ])('calls the image of the project %s %s', async (name, ref) => {
    addProject({ Dockerfile: 'FROM busybox' }, {}, name);
    await run({ project: name });
    expect(options().ref).toBe(ref);
  });

  it('refuses a ref that no image can have', async () => {
    addProject({ Dockerfile: 'FROM busybox' });
    await expect(run({ ref: 'Web' })).rejects.toThrow(/^SLIPWAY_E_REF_INVALID/);
  });

  it.each([
    ['docker', 'Did you mean docker?', 'dokcer'],
    ['all of them', 'The recipes are docker, ko, ', 'make'],
  ])('tells of %s where there is no such recipe', async (_, hint, builder) => {
    addProject({});
    await expect(run({ builder })).rejects.toThrow(hint);
  });

  it.each([undefined, 'auto'])(
    'lists the builders where no file tells (%s)',
    async (builder) => {
      addProject({ 'README.md': '' });
      await expect(run({ builder })).rejects.toThrow(
        /^SLIPWAY_E_OPTION_INVALID: no file in apps\/web tells[^]*--builder: docker, ko, jib-maven, .*bazel-remote/,
      );
      expect(readNxJson(tree)?.plugins).toBeUndefined();
    },
  );

  it('writes files of the recipe that are not there, to be run', async () => {
    addProject({});
    await run({ builder: 'script' });
    expect(tree.read('apps/web/build.sh', 'utf8')).toMatch(
      /^#!\/bin\/sh\n# Builds the image of web\./,
    );
    const change = tree
      .listChanges()
      .find(({ path }) => path === 'apps/web/build.sh');
    expect(change?.options).toEqual({ mode: 0o755 });
  });

  it('leaves a file that is there as it is, and says so', async () => {
    addProject({ '.bazelrc': 'mine', 'MODULE.bazel': '', 'BUILD.bazel': '' });
    const told = await run({
      builder: 'bazel-remote',
      set: ['executor=grpcs://rbe.example.com'],
    });
    expect(tree.read('apps/web/.bazelrc', 'utf8')).toBe('mine');
    expect(told).toContain('apps/web/.bazelrc was there, and stays as it is');
    expect(told).toContain('--remote_executor=grpcs://rbe.example.com');
  });

  it('writes a file at the root of the workspace where Bazel has its own there', async () => {
    addProject({ 'BUILD.bazel': '' });
    tree.write('MODULE.bazel', '');
    await run({
      builder: 'bazel-remote',
      set: ['executor=grpcs://rbe.example.com', 'jobs=200'],
    });
    expect(tree.read('.bazelrc', 'utf8')).toContain(
      'build:remote --remote_executor=grpcs://rbe.example.com\nbuild:remote --jobs=200\n',
    );
  });

  it('tells of programs that are not there, and where one gets them', async () => {
    addProject({ Earthfile: 'image:\n  SAVE IMAGE $ref\n' });
    const path = process.env.PATH;
    process.env.PATH = '/nowhere';
    try {
      expect(await run()).toContain(
        'earthly is not on the PATH: https://docs.earthly.dev',
      );
    } finally {
      process.env.PATH = path;
    }
  });

  it('writes nothing to the disk by itself, which --dry-run builds on', async () => {
    await folder.write({
      'nx.json': '{}',
      'package.json': '{}',
      'apps/web/project.json': '{"name":"web"}',
      'apps/web/Dockerfile': 'FROM busybox',
    });
    tree = new FsTree(folder.path, false);
    await customBuild(tree, { project: 'web', skipFormat: true });
    expect(tree.listChanges().map(({ path }) => path)).toEqual([
      'apps/web/project.json',
      'nx.json',
      '.gitignore',
    ]);
    expect(readFileSync(folder.at('nx.json'), 'utf8')).toBe('{}');
    expect(readFileSync(folder.at('apps/web/project.json'), 'utf8')).toBe(
      '{"name":"web"}',
    );
    expect(existsSync(folder.at('.gitignore'))).toBe(false);
  });

  it('takes recipes of an installed package before its own', async () => {
    addProject({ Dockerfile: 'FROM busybox' });
    const recipe = {
      name: 'kaniko',
      title: 'Kaniko',
      description: 'A Dockerfile, built in a pod.',
      detect: [{ files: ['Dockerfile'] }],
      questions: [{ name: 'context', like: 'docker' }],
      target: {
        command: 'kaniko {{place}} --destination=$EXPECTED_REF',
        skipsLocalDocker: true,
      },
      files: [{ template: 'pod.yaml', path: 'build/{{name}}.yaml' }],
      notes: ['It needs a cluster.'],
    };
    const folderOf = 'node_modules/@acme/recipes';
    writeJson(tree, 'package.json', {
      devDependencies: { '@acme/recipes': '1.0.0' },
    });
    writeJson(tree, `${folderOf}/package.json`, {
      'nx-slipway': { recipes: './recipes' },
    });
    writeJson(tree, `${folderOf}/recipes/kaniko/recipe.json`, recipe);
    tree.write(`${folderOf}/recipes/kaniko/files/pod.yaml`, 'name: {{name}}\n');
    const told = await run();
    expect(told).toContain(
      '--builder=@acme/recipes:kaniko, because of Dockerfile',
    );
    expect(told).toContain('- It needs a cluster.');
    expect(options()).toEqual({
      ref: 'web',
      command: 'kaniko . --destination=$EXPECTED_REF',
      skipsLocalDocker: true,
    });
    expect(tree.read('apps/web/build/web.yaml', 'utf8')).toBe('name: web\n');
    await run({ builder: 'docker' });
    expect(options().command).toBe('docker build -t $EXPECTED_REF .');
  });

  it('waits for the target that makes what the Dockerfile copies', async () => {
    addProject({ Dockerfile: 'FROM nginx\nCOPY dist /www\n' });
    await run();
    await run();
    expect(target()?.dependsOn).toEqual(['build']);
  });

  it.each([
    [true, undefined, ['liveUpdate']],
    [false, undefined, []],
    [true, [{ restart: true }], ['liveUpdate']],
  ])(
    'writes live update: %s, where there is %j',
    async (liveUpdate, old, expected) => {
      const there = old && {
        'custom-build': {
          executor: 'nx-slipway:custom-build',
          options: { liveUpdate: old },
        },
      };
      addProject(
        { Dockerfile: 'FROM nginx\nCOPY html /usr/share/nginx/html\n' },
        there,
      );
      await run({ liveUpdate });
      const steps = [{ sync: { from: 'html', to: '/usr/share/nginx/html' } }];
      expect(options().liveUpdate).toEqual(
        expected.length > 0 ? (old ?? steps) : undefined,
      );
    },
  );
});
