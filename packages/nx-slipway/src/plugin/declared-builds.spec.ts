import { build } from './testing/build';
import { useWorkspace, type Given } from './testing/workspace';

const workspace = useWorkspace();

/** What comes of the project in `apps/web`. */
const infer = (given?: Given) => workspace.infer(given)['apps/web'];
const project = (targets: object, more: object = {}) =>
  workspace.put({ 'apps/web/project.json': { name: 'web', targets, ...more } });

describe('a build is declared', () => {
  it('by project.json', async () => {
    await project({ 'custom-build': build({ deps: ['src'] }) });
    expect(infer()).toMatchObject({
      slipway: { images: ['web'] },
      targets: {
        'custom-build': {
          executor: 'nx-slipway:custom-build',
          cache: true,
          inputs: ['{projectRoot}/src', '{projectRoot}/src/**/*'],
          outputs: ['{workspaceRoot}/.nx/slipway/{projectName}.json'],
          options: {
            platform: `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`,
          },
          metadata: {
            technologies: ['docker'],
            description:
              'Builds the image web, and pushes it if the registry lacks it.',
            slipway: { image: 'web' },
          },
        },
      },
    });
  });

  it('by any target name, and by several of a project', async () => {
    await project({
      web: build(),
      admin: build({ ref: 'admin' }),
      test: { command: 'x' },
    });
    expect(Object.keys(infer()?.targets ?? {})).toEqual(['web', 'admin']);
    expect(infer()?.slipway.images).toEqual(['admin', 'web']);
  });

  it('by the nx field of a package.json beside project.json, under what that says', async () => {
    await workspace.put({
      'apps/web/package.json': {
        name: 'p',
        nx: { targets: { 'custom-build': build({ deps: ['a'] }) } },
      },
      'apps/web/project.json': {
        targets: { 'custom-build': { options: { deps: ['b'] } } },
      },
    });
    const { targets, slipway } = infer()!;
    expect(slipway).toEqual({ images: ['web'] });
    expect(targets['custom-build']?.inputs?.[0]).toBe('{projectRoot}/b');
  });

  it("by a package.json that is the workspace's, and by no other", async () => {
    const nx = { targets: { 'custom-build': build() } };
    await workspace.put({
      'package.json': { name: 'root', private: true, workspaces: ['apps/*'] },
      'apps/web/package.json': { name: '@acme/web', private: true, nx },
      'fixtures/web/package.json': { name: 'fixture', nx },
    });
    expect(Object.keys(workspace.infer())).toEqual(['apps/web']);
    expect(infer()?.targets['custom-build']?.metadata.slipway?.image).toBe(
      'web',
    );
  });

  it('by the package.json of a workspace that is one project', async () => {
    await workspace.put({
      'package.json': {
        name: 'solo',
        private: true,
        nx: { targets: { 'custom-build': build() } },
      },
    });
    expect(Object.keys(workspace.infer())).toEqual(['.']);
  });

  it('by targetDefaults of its name', async () => {
    await project({ 'custom-build': { options: { ref: 'web' } } });
    const custom = {
      executor: 'nx-slipway:custom-build',
      options: { command: 'make', deps: ['all'] },
    };
    const nxJson = { targetDefaults: { 'custom-build': custom } };
    expect(infer({ nxJson })?.targets['custom-build']?.inputs?.[0]).toBe(
      '{projectRoot}/all',
    );
  });

  it('by its executor, whose targetDefaults count', async () => {
    await project({
      image: { executor: 'nx-slipway:custom-build', options: { ref: 'web' } },
    });
    const defaults = {
      options: { deps: ['all'] },
      configurations: { ci: { deps: ['ci'] } },
    };
    const nxJson = { targetDefaults: { 'nx-slipway:custom-build': defaults } };
    expect(infer({ nxJson })?.targets.image?.inputs).toEqual([
      '{projectRoot}/all',
      '{projectRoot}/all/**/*',
      '{projectRoot}/ci',
      '{projectRoot}/ci/**/*',
    ]);
  });

  it('by its name alone, if it has a ref', async () => {
    await project({
      image: { options: { ref: 'web', deps: ['src'] } },
      'custom-build': { options: { ref: 'x' } },
    });
    const targetNames = { customBuild: 'image' };
    const targetDefaults = {
      'nx-slipway:custom-build': { options: { recordFile: 'r.json' } },
    };
    const found = infer({
      options: { targetNames },
      nxJson: { targetDefaults },
    });
    expect(Object.keys(found?.targets ?? {})).toEqual(['image']);
    expect(found?.targets.image).toMatchObject({
      executor: 'nx-slipway:custom-build',
      outputs: ['{projectRoot}/r.json'],
    });
  });

  it.each([
    [{ options: {} }],
    [{ executor: 'other:custom-build', options: { ref: 'web' } }],
    [{ command: 'docker build .', options: { ref: 'web' } }],
  ])('by none of these: %j', async (target) => {
    await project({ 'custom-build': target });
    expect(infer()).toBeUndefined();
  });
});

describe('a build', () => {
  it('has the records of all its configurations as outputs', async () => {
    const configurations = {
      ci: { recordFile: '{workspaceRoot}/ci/{projectName}.json' },
      dev: { recordFile: 'dev.json' },
      e2e: {},
    };
    await project({ 'custom-build': build({}, { configurations }) });
    expect(infer()?.targets['custom-build']?.outputs).toEqual([
      '{workspaceRoot}/.nx/slipway/{projectName}.json',
      '{workspaceRoot}/ci/{projectName}.json',
      '{projectRoot}/dev.json',
    ]);
  });

  it('has all names of its configurations', async () => {
    const configurations = {
      ci: { ref: 'docker.io/library/web:2' },
      eu: { ref: 'eu.gcr.io/acme/web' },
    };
    await project({
      'custom-build': build({ ref: '{projectName}' }, { configurations }),
    });
    expect(infer()?.slipway.images).toEqual(['eu.gcr.io/acme/web', 'web']);
  });

  it.each([['Not A Ref'], [5], [undefined]])(
    'whose ref is none is told by its run: %j',
    async (ref) => {
      await project({ 'custom-build': build({ ref }) });
      expect(infer()?.targets['custom-build']?.executor).toBe(
        'nx-slipway:custom-build',
      );
      expect(infer()?.slipway).toEqual({ images: [] });
    },
  );

  it('asks about its image for each hash if it says so', async () => {
    await project({
      image: build(
        { deps: ['src'] },
        { configurations: { ci: { verify: true } } },
      ),
    });
    expect(infer()?.targets.image?.inputs).toContainEqual({
      runtime: 'node node_modules/nx-slipway/src/cli/main.js verify web:image',
    });
  });

  it.each([
    [{ devDependencies: { 'nx-slipway': '1' } }, 'package-lock.json', true],
    [{ dependencies: { 'nx-slipway': '1' } }, 'bun.lock', true],
    [{ dependencies: { 'nx-slipway': '1' } }, 'other.lock', false],
    [{ dependencies: { 'nx-slipway': '1' } }, 'old/package-lock.json', false],
    [{ dependencies: {} }, 'package-lock.json', false],
    ['{ torn', 'package-lock.json', false],
  ])(
    'depends on the version of the plugin where Nx knows it: %j %s',
    async (root, lock, isKnown) => {
      await workspace.put({ 'package.json': root, [lock]: '"nx-slipway"' });
      await project({ 'custom-build': build({ deps: ['src'] }) });
      const external = { externalDependencies: ['nx-slipway'] };
      const { inputs = [] } = infer()?.targets['custom-build'] ?? {};
      expect(inputs.slice(2)).toEqual(isKnown ? [external] : []);
    },
  );
});
