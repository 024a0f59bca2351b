import {
  readJson,
  readNxJson,
  updateJson,
  updateNxJson,
  type Tree,
} from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { version } from '../../../package.json';
import init from './generator';
import type { InitGeneratorSchema } from './schema';

/** Of a workspace, which is not the same twice. */
const ID = {
  workspaceId: expect.stringMatching(/^[a-z0-9-]*[0-9a-f]{8}$/) as string,
};

let tree: Tree;

beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
});

/** Formatting is Nx's business, and needs a formatter in the workspace. */
const run = (options: InitGeneratorSchema) =>
  init(tree, { ...options, skipFormat: true });

function snapshot(): Record<string, string | null> {
  const files = tree.listChanges().map(({ path }) => path);
  return Object.fromEntries(
    files.map((path) => [path, tree.read(path, 'utf8')]),
  );
}

const devDependencies = () =>
  readJson<{ devDependencies?: object }>(tree, 'package.json').devDependencies;
const plugins = () => readNxJson(tree)?.plugins;

describe('init', () => {
  it('adds the plugin to nx.json, package.json and .gitignore', async () => {
    await run({});
    expect(plugins()).toEqual([{ plugin: 'nx-slipway', options: ID }]);
    expect(devDependencies()).toMatchObject({ 'nx-slipway': `^${version}` });
    expect(tree.read('.gitignore', 'utf8')).toBe('.nx/slipway\n');
  });

  it('changes nothing when it is run again', async () => {
    await run({ registry: 'localhost:5000' });
    const first = snapshot();
    await run({ registry: 'localhost:5000' });
    expect(snapshot()).toEqual(first);
  });

  it('leaves the layout of an nx.json alone that says all already', async () => {
    const plugin = { plugin: 'nx-slipway', options: { workspaceId: 'acme-1' } };
    const text = JSON.stringify({ plugins: [plugin] });
    tree.write('nx.json', text);
    await run({});
    expect(tree.read('nx.json', 'utf8')).toBe(text);
  });

  it('writes the registry down', async () => {
    await run({ registry: 'localhost:5000' });
    expect(plugins()).toEqual([
      { plugin: 'nx-slipway', options: { registry: 'localhost:5000', ...ID } },
    ]);
  });

  it.each([
    ['by its name', 'nx-slipway', { registry: 'localhost:5000' }],
    [
      'with options',
      {
        plugin: 'nx-slipway',
        options: { tagPrefix: 'ci', registry: { host: 'old.test' } },
      },
      { tagPrefix: 'ci', registry: 'localhost:5000' },
    ],
  ])('sets the registry where nx.json has it %s', async (_, entry, options) => {
    updateNxJson(tree, { plugins: ['@nx/js', entry, '@nx/vite'] });
    await run({ registry: 'localhost:5000' });
    const set = { plugin: 'nx-slipway', options: { ...options, ...ID } };
    expect(plugins()).toEqual(['@nx/js', set, '@nx/vite']);
  });

  it('keeps what else is said of that very registry', async () => {
    const registry = { host: 'localhost:5000', hostFromCluster: 'reg:5000' };
    const entry = { plugin: 'nx-slipway', options: { registry } };
    updateNxJson(tree, { plugins: [entry] });
    await run({ registry: 'localhost:5000' });
    expect(plugins()).toEqual([
      { plugin: 'nx-slipway', options: { registry, ...ID } },
    ]);
  });

  it('keeps the id by which what was deployed is found', async () => {
    const options = { workspaceId: 'acme-3f2a' };
    updateNxJson(tree, { plugins: [{ plugin: 'nx-slipway', options }] });
    await run({});
    expect(plugins()).toEqual([{ plugin: 'nx-slipway', options }]);
  });

  it('makes an id of its own of each workspace that has the same name', async () => {
    updateJson(tree, 'package.json', (json: object) => ({
      ...json,
      name: '@Acme/Shop & Co.',
    }));
    await run({});
    const [first] = plugins() ?? [];
    expect(first).toMatchObject({
      options: {
        workspaceId: expect.stringMatching(
          /^acme-shop-co-[0-9a-f]{8}$/,
        ) as string,
      },
    });
    updateNxJson(tree, {});
    await run({});
    expect(plugins()).not.toEqual([first]);
  });

  it.each(['http://localhost:5000', 'foo', 'localhost:99999'])(
    'refuses %s, which no build would take, and changes nothing',
    async (registry) => {
      const before = snapshot();
      await expect(run({ registry })).rejects.toThrow(
        /^SLIPWAY_E_OPTION_INVALID: --registry is ".*\n +hint: .*host/,
      );
      expect(snapshot()).toEqual(before);
    },
  );

  it('leaves package.json alone when told to', async () => {
    const before = tree.read('package.json', 'utf8');
    await run({ skipPackageJson: true });
    expect(tree.read('package.json', 'utf8')).toBe(before);
    expect(plugins()).toHaveLength(1);
  });

  it.each([
    [true, '0.0.1'],
    [false, `^${version}`],
  ])('keeps an existing version: %s', async (keepExistingVersions, wanted) => {
    const old = { devDependencies: { 'nx-slipway': '0.0.1' } };
    tree.write('package.json', JSON.stringify(old));
    await run({ keepExistingVersions });
    expect(devDependencies()).toEqual({ 'nx-slipway': wanted });
  });

  it.each([
    ['by its name', 'nx-slipway', {}],
    [
      'with options',
      { plugin: 'nx-slipway', options: { tagPrefix: 'ci' } },
      { tagPrefix: 'ci' },
    ],
  ])('keeps what nx.json says of it %s', async (_how, entry, options) => {
    updateNxJson(tree, { plugins: ['@nx/js', entry] });
    await run({});
    const kept = { plugin: 'nx-slipway', options: { ...options, ...ID } };
    expect(plugins()).toEqual(['@nx/js', kept]);
  });

  it.each([
    ['.nx\n', '.nx\n'],
    ['/.nx/\r\n', '/.nx/\r\n'],
    ['.nx/*\n', '.nx/*\n'],
    ['.nx/slipway/\n', '.nx/slipway/\n'],
    ['#.nx\n', '#.nx\n.nx/slipway\n'],
    ['dist', 'dist\n.nx/slipway\n'],
    ['.nx/cache\n', '.nx/cache\n.nx/slipway\n'],
  ])('makes of the .gitignore %j: %j', async (before, after) => {
    tree.write('.gitignore', before);
    await run({});
    expect(tree.read('.gitignore', 'utf8')).toBe(after);
  });
});
