import { executorContext } from '../../testing/executor-context';
import { useTempFolder } from '../../testing/temp-folder';
import { declaredImages, deployersOf } from '.';

const folder = useTempFolder();
const CUSTOM_BUILD = 'nx-slipway:custom-build';

/** Projects with one image each, by their names. */
const contextOf = (images: Readonly<Record<string, object>>) =>
  executorContext({
    root: folder.path,
    projects: Object.fromEntries(
      Object.entries(images).map(([name, options]) => [
        name,
        {
          root: `apps/${name}`,
          targets: {
            'custom-build': {
              executor: CUSTOM_BUILD,
              options: { ref: name, command: 'make', ...options },
            },
          },
        },
      ]),
    ),
  });

describe('the images of a workspace', () => {
  it('are known with all that they are built on', () => {
    const { images } = declaredImages(
      contextOf({
        web: { imageDeps: ['base'], deps: ['src'], ignore: ['x'] },
        base: { imageDeps: ['docker.io/library/os', 'alpine'] },
        os: {},
      }),
    );
    const [web] = images;
    expect(web).toMatchObject({
      project: 'web',
      task: 'web:custom-build',
      name: 'web',
      isBuilt: true,
      deps: { deps: [{ path: folder.at('apps/web/src') }], ignore: ['x'] },
      parents: [{ name: 'base', parents: [{ name: 'os', parents: [] }] }],
    });
    expect(web?.before()).toBeUndefined();
  });

  it('have an end even in a circle', () => {
    const { images } = declaredImages(
      contextOf({ a: { imageDeps: ['b'] }, b: { imageDeps: ['a'] } }),
    );
    expect(images.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('have their live updates, one without a build, too', () => {
    const liveUpdate = [{ sync: { from: 'src', to: '/app' } }];
    const { images } = declaredImages(
      contextOf({ web: { command: ':', liveUpdate } }),
    );
    expect(images).toMatchObject([
      { isBuilt: false, liveUpdate: { syncs: [{ to: '/app' }] } },
    ]);
  });

  it('are kept apart from those whose options are wrong', () => {
    const { images, wrong } = declaredImages(
      contextOf({ web: {}, bad: { liveUpdate: [{}] }, worse: { ref: 'A' } }),
    );
    expect(images.map(({ name }) => name)).toEqual(['web']);
    expect(wrong.map(({ task, error }) => [task, error.code])).toEqual([
      ['bad:custom-build', 'SLIPWAY_E_OPTION_INVALID'],
      ['worse:custom-build', 'SLIPWAY_E_REF_INVALID'],
    ]);
  });
});

describe('who deploys a file', () => {
  const of = (file: string, options: object = {}) =>
    deployersOf(
      folder.at(file),
      executorContext({
        root: folder.path,
        projects: {
          shop: {
            root: 'shop',
            targets: { deploy: { executor: 'nx-slipway:deploy', options } },
          },
          inner: { root: 'shop/inner' },
        },
      }),
    ).map(({ task }) => task);

  it.each([
    ['shop/k8s/new.yaml', true],
    ['shop/k8s/notes.md', false],
    ['shop/inner/k8s/a.yaml', false],
    ['web/k8s/a.yaml', false],
  ])('is known of manifests that are found, %s: %s', (file, isDeployed) => {
    expect(of(file)).toEqual(isDeployed ? ['shop:deploy'] : []);
  });

  it('is known of all that a kustomization reads', async () => {
    await folder.write({
      'shop/k8s/kustomization.yaml': 'resources: [../../shared/a.yaml]',
      'shared/a.yaml': '',
      'shared/b.yaml': '',
    });
    expect(of('shared/a.yaml')).toEqual(['shop:deploy']);
    expect(of('shared/b.yaml')).toEqual([]);
  });

  it('is known of a source that is written', async () => {
    const source = { yaml: ['yaml/*.yaml'] };
    expect(of('shop/yaml/new.yaml', { source })).toEqual(['shop:deploy']);
    expect(of('shop/k8s/a.yaml', { source })).toEqual([]);
    await folder.write({ 'shop/chart/values.txt': '' });
    const helm = { source: { helm: { chart: 'chart' } } };
    expect(of('shop/chart/values.txt', helm)).toEqual(['shop:deploy']);
  });

  it('says nothing of a source that is wrong', () => {
    expect(of('shop/k8s/a.yaml', { source: { nothing: 1 } })).toEqual([]);
  });
});
