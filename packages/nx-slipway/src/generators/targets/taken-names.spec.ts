import { addProjectConfiguration, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { takenNames } from './taken-names';

let tree: Tree;

beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
});

function addWeb(executor: string) {
  const root = 'apps/web';
  addProjectConfiguration(tree, 'web', {
    root,
    targets: { serve: { executor } },
  });
}

describe('names of targets that are taken', () => {
  it('are those of projects that hold manifests', () => {
    addWeb('@nx/vite:dev-server');
    tree.write('apps/web/k8s/base/web.yaml', '');
    expect(takenNames(tree)).toEqual({ serve: 'k8s-serve' });
  });

  it('are none where nothing is deployed', () => {
    addWeb('@nx/vite:dev-server');
    tree.write('apps/web/k8s/README.md', '');
    expect(takenNames(tree)).toEqual({});
  });

  it('are none where the target is ours', () => {
    addWeb('nx-slipway:serve');
    tree.write('apps/web/deploy/web.yml', '');
    expect(takenNames(tree)).toEqual({});
  });
});
