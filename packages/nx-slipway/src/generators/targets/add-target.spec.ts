import {
  addProjectConfiguration,
  readJson,
  updateNxJson,
  writeJson,
  type Tree,
} from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { addTarget, projectOf, type Target } from '.';

const BUILD = 'nx-slipway:custom-build';

let tree: Tree;

beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
});

function addWeb(targets: Record<string, Target>) {
  addProjectConfiguration(tree, 'web', { root: 'apps/web', targets });
}

const add = (name: string, target: Target) => {
  addTarget(tree, projectOf(tree, 'web'), name, target);
};

const targets = (path = 'apps/web/project.json') =>
  readJson<{ targets: Record<string, Target> }>(tree, path).targets;

describe('a target that is added', () => {
  it('stands where its name belongs, and moves no other', () => {
    addWeb({ test: { command: 'x' }, build: { command: 'y' } });
    add('custom-build', { executor: BUILD });
    expect(Object.keys(targets())).toEqual(['custom-build', 'test', 'build']);
    add('zip', { command: 'zip' });
    expect(Object.keys(targets()).at(-1)).toBe('zip');
  });

  it('keeps what one of the same executor says and is not given', () => {
    addWeb({
      'custom-build': {
        executor: BUILD,
        dependsOn: ['compile'],
        options: { ref: 'mine', timeout: '5m' },
        configurations: { ci: { push: 'always' } },
      },
    });
    add('custom-build', {
      executor: BUILD,
      options: { ref: 'web' },
      configurations: { ci: { platform: 'linux/arm64' }, dev: {} },
    });
    expect(targets()).toEqual({
      'custom-build': {
        executor: BUILD,
        dependsOn: ['compile'],
        options: { ref: 'web', timeout: '5m' },
        configurations: {
          ci: { push: 'always', platform: 'linux/arm64' },
          dev: {},
        },
      },
    });
  });

  it.each([
    ['an executor', { executor: '@acme/x:y' }, '@acme/x:y'],
    ['a command', { command: 'make' }, 'nx:run-commands'],
  ])('never replaces one that is %s', (_, there, named) => {
    addWeb({ 'custom-build': there });
    const before = tree.read('apps/web/project.json', 'utf8');
    expect(() => {
      add('custom-build', { executor: BUILD });
    }).toThrow(
      `the project web has a target "custom-build" already, which runs ${named} and not ${BUILD}`,
    );
    expect(tree.read('apps/web/project.json', 'utf8')).toBe(before);
  });

  it('may leave its executor to the plugin, by the name of nx.json', () => {
    const options = { targetNames: { deploy: 'k8s-deploy' } };
    updateNxJson(tree, { plugins: [{ plugin: 'nx-slipway', options }] });
    addWeb({ deploy: { command: 'x' }, 'k8s-deploy': {} });
    add('k8s-deploy', { configurations: { prod: {} } });
    expect(targets()['k8s-deploy']).toEqual({ configurations: { prod: {} } });
    expect(() => {
      add('deploy', { executor: 'nx-slipway:deploy' });
    }).toThrow('already');
  });

  it('leaves a file alone that has it already', () => {
    const text = '{"name":"web","targets":{"a":{"executor":"x:y"}}}';
    tree.write('apps/web/project.json', text);
    add('a', { executor: 'x:y' });
    expect(tree.read('apps/web/project.json', 'utf8')).toBe(text);
  });

  it('leaves all else of project.json as it is', () => {
    writeJson(tree, 'apps/web/project.json', { tags: ['b', 'a'], x: 1 });
    addTarget(tree, projectOf(tree, 'web'), 'a', { executor: 'x:y' });
    expect(readJson(tree, 'apps/web/project.json')).toEqual({
      tags: ['b', 'a'],
      x: 1,
      targets: { a: { executor: 'x:y' } },
    });
  });

  it('is written into package.json where that declares the project', () => {
    tree.write('package.json', '{"name":"all","workspaces":["libs/*"]}');
    writeJson(tree, 'libs/api/package.json', {
      name: '@acme/api',
      nx: { tags: ['t'] },
    });
    addTarget(tree, projectOf(tree, '@acme/api'), 'a', { executor: 'x:y' });
    expect(readJson(tree, 'libs/api/package.json')).toEqual({
      name: '@acme/api',
      nx: { tags: ['t'], targets: { a: { executor: 'x:y' } } },
    });
    expect(tree.exists('libs/api/project.json')).toBe(false);
  });

  it('makes a project.json where a plugin infers the project', () => {
    tree.write('apps/jvm/build.gradle', '');
    addTarget(tree, { name: 'jvm', root: 'apps/jvm' }, 'a', {
      executor: 'x:y',
    });
    expect(readJson(tree, 'apps/jvm/project.json')).toEqual({
      name: 'jvm',
      targets: { a: { executor: 'x:y' } },
    });
  });

  it('is written for a project at the root of the workspace', () => {
    writeJson(tree, 'project.json', { name: 'all' });
    addTarget(tree, projectOf(tree, 'all'), 'a', { executor: 'x:y' });
    expect(Object.keys(targets('project.json'))).toEqual(['a']);
  });
});

describe('a project that is named', () => {
  it('is told of by those that are near when there is none', () => {
    addWeb({});
    expect(() => projectOf(tree, 'wep')).toThrow(
      expect.objectContaining({
        message: 'this workspace has no project "wep"',
        hint: 'Did you mean web? The projects are web.',
      }) as Error,
    );
  });

  it('may be named without its scope, where that is one project alone', () => {
    tree.write('package.json', '{"name":"all","workspaces":["libs/*"]}');
    writeJson(tree, 'libs/api/package.json', { name: '@acme/api' });
    expect(projectOf(tree, 'api')).toMatchObject({ name: '@acme/api' });
    writeJson(tree, 'libs/other/package.json', { name: '@other/api' });
    expect(() => projectOf(tree, 'api')).toThrow('no project "api"');
    writeJson(tree, 'apps/api/project.json', { name: 'api' });
    expect(projectOf(tree, 'api')).toMatchObject({ root: 'apps/api' });
  });
});
