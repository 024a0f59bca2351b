import { useWorkspace } from './testing/workspace';
import { deployment, image } from './testing/build';

const workspace = useWorkspace();

/** The packages that this file's own loading has brought; of Nx, its parts. */
function loaded(): string[] {
  const names = Object.keys(require.cache).map(
    (path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? '',
  );
  return [...new Set(names)].filter((name) => name !== '').sort();
}

const LIGHT = ['@balena/dockerignore', 'ignore', 'js-yaml', 'picomatch'];

it('the plugin, which every graph of Nx loads, loads nothing where nothing has changed', async () => {
  await import('./index');
  expect(loaded()).toEqual([]);
});

it('a graph that is made loads no more than it needs', async () => {
  await import('./infer');
  expect(loaded()).toEqual(LIGHT);
});
it('a graph of plain manifests is made without the slow parser and the devkit', async () => {
  await workspace.put({
    'web/project.json': image('web'),
    'shop/project.json': { name: 'shop' },
    'shop/k8s/a.yaml': `a: 1\n---\n${deployment('web')}`,
  });
  expect(workspace.infer().shop?.slipway.uses).toEqual(['web']);
  const packages = loaded();
  for (const name of ['yaml', '@nx/devkit', 'execa', 'undici', 'dockerode']) {
    expect(packages).not.toContain(name);
  }
  // That would be seen.
  await workspace.put({ 'shop/k8s/b.yaml': 'a: &a 1\nb: *a' });
  workspace.infer();
  expect(loaded()).toContain('yaml');
});
