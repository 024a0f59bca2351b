import { readNxJson, updateNxJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { targetNames, usePlugin } from '.';

let tree: Tree;

beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
});

describe('a generator that needs the plugin', () => {
  it('has it registered as init does', () => {
    usePlugin(tree);
    expect(readNxJson(tree)?.plugins).toEqual([
      {
        plugin: 'nx-slipway',
        options: { workspaceId: expect.any(String) as string },
      },
    ]);
    expect(tree.read('.gitignore', 'utf8')).toBe('.nx/slipway\n');
  });

  it.each([['nx-slipway'], [{ plugin: 'nx-slipway', options: {} }]])(
    'leaves all as it is where it is registered: %j',
    (entry) => {
      updateNxJson(tree, { plugins: ['@nx/js', entry] });
      const before = tree.listChanges().map(({ path }) => path);
      const text = tree.read('nx.json', 'utf8');
      usePlugin(tree);
      expect(tree.read('nx.json', 'utf8')).toBe(text);
      expect(tree.listChanges().map(({ path }) => path)).toEqual(before);
    },
  );

  it('calls targets what nx.json calls them', () => {
    const options = { targetNames: { serve: 'k8s-serve' } };
    updateNxJson(tree, { plugins: [{ plugin: 'nx-slipway', options }] });
    expect(targetNames(tree)).toMatchObject({
      deploy: 'deploy',
      serve: 'k8s-serve',
    });
  });
});
