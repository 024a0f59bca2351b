import { addProjectConfiguration, updateNxJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { heldManifests, projectOf } from '.';

let tree: Tree;

beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
  addProjectConfiguration(tree, 'web', { root: 'apps/web' });
});

const held = (directory?: string, name = 'web') =>
  heldManifests(tree, projectOf(tree, name), directory);

function useGlobs(...manifests: string[]) {
  const plugin = { plugin: 'nx-slipway', options: { manifests } };
  updateNxJson(tree, { plugins: [plugin] });
}

const write = (...paths: string[]) => {
  for (const path of paths) tree.write(`apps/web/${path}`, '');
};

describe('the manifests that a project holds', () => {
  it('are the YAML where the plugin looks for it', () => {
    write('k8s/a.yaml', 'manifests/x/b.yml', 'src/c.yaml', 'k8s/d.json');
    write('k8s/node_modules/e.yaml');
    expect(held().files).toEqual(['k8s/a.yaml', 'manifests/x/b.yml']);
  });

  it('are those under the globs of nx.json', () => {
    useGlobs(
      '{projectRoot}/ops/{projectName}/*.yaml',
      '{workspaceRoot}/apps/web/*.k8s.yaml',
    );
    write('ops/web/a.yaml', 'ops/api/b.yaml', 'c.k8s.yaml', 'k8s/d.yaml');
    const { files, wouldFind } = held();
    expect(files).toEqual(['c.k8s.yaml', 'ops/web/a.yaml']);
    expect(wouldFind('ops/web/new.yaml')).toBe(true);
    expect(wouldFind('k8s/new.yaml')).toBe(false);
  });

  it('are told with the kustomizations and charts beside them', () => {
    write('k8s/base/kustomization.yml', 'deploy/web/Chart.yaml');
    write('Kustomization', 'src/kustomization.yaml');
    expect(held()).toMatchObject({
      kustomizations: ['', 'k8s/base'],
      charts: ['deploy/web'],
    });
  });

  it('count a folder that is named', () => {
    write('ops/kustomization.yaml');
    expect(held().kustomizations).toEqual([]);
    expect(held('./ops/prod').kustomizations).toEqual(['ops']);
  });

  it('are none of a project within it, and of the root all others', () => {
    useGlobs('{projectRoot}/**/*.yaml');
    addProjectConfiguration(tree, 'inner', { root: 'apps/web/inner' });
    addProjectConfiguration(tree, 'all', { root: '.' });
    write('a.yaml', 'inner/b.yaml');
    tree.write('ops/c.yaml', '');
    expect(held().files).toEqual(['a.yaml']);
    expect(held(undefined, 'inner').files).toEqual(['b.yaml']);
    expect(held(undefined, 'all').files).toEqual(['ops/c.yaml']);
  });
});
