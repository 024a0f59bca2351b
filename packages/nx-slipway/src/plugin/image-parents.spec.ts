import { build, image } from './testing/build';
import { useWorkspace } from './testing/workspace';

const workspace = useWorkspace();
const target = (root: string) =>
  workspace.infer()[root]?.targets['custom-build'];
const record = (name: string) => ({
  dependentTasksOutputFiles: `.nx/slipway/${name}.json`,
});

describe('an image that is built on another', () => {
  it('waits for it, has its record as an input, and an edge to its project', async () => {
    await workspace.put({
      'base/project.json': image('base'),
      'web/project.json': image('web', {
        imageDeps: ['docker.io/library/base:3'],
      }),
    });
    expect(target('web')).toMatchObject({
      cache: true,
      dependsOn: [{ projects: ['base'], target: 'custom-build' }],
      inputs: ['{projectRoot}/x', '{projectRoot}/x/**/*', record('base')],
    });
    expect(workspace.infer().web?.slipway.edges).toEqual(['base']);
  });

  it('looks for its record where that says', async () => {
    const recordFile = '{workspaceRoot}/r/{projectName}.json';
    await workspace.put({
      'base/project.json': image('base', { recordFile }, {}),
      'web/project.json': image('web', { imageDeps: ['base'] }),
    });
    expect(target('web')?.inputs).toContainEqual({
      dependentTasksOutputFiles: 'r/base.json',
    });
  });

  it('that has other targets has its files as inputs and no edge', async () => {
    await workspace.put({
      'base/project.json': image('base', {
        deps: ['Dockerfile', '../lib/**/*.js'],
      }),
      'web/project.json': {
        name: 'web',
        targets: {
          test: { command: 'x' },
          'custom-build': build({ deps: ['x'], imageDeps: ['base'] }),
        },
      },
    });
    const { slipway } = workspace.infer().web!;
    expect(slipway).toEqual({ images: ['web'] });
    expect(target('web')?.inputs).toEqual([
      '{projectRoot}/x',
      '{projectRoot}/x/**/*',
      record('base'),
      '{workspaceRoot}/base/Dockerfile',
      '{workspaceRoot}/base/Dockerfile/**/*',
      '{workspaceRoot}/lib/**/*.js',
    ]);
  });

  it('of its own project has no edge', async () => {
    const targets = {
      base: build({ ref: 'base' }),
      web: build({ imageDeps: ['base'], deps: ['x'] }),
    };
    await workspace.put({ 'web/project.json': { name: 'web', targets } });
    const { targets: inferred, slipway } = workspace.infer().web!;
    expect(inferred.web?.dependsOn).toEqual([
      { projects: ['web'], target: 'base' },
    ]);
    expect(slipway).not.toHaveProperty('edges');
  });

  it("is not cached where the user's own dependsOn leaves it out", async () => {
    const dependsOn = [
      '^build',
      { projects: ['other'], target: 'custom-build' },
    ];
    await workspace.put({
      'base/project.json': image('base'),
      'web/project.json': {
        name: 'web',
        targets: {
          'custom-build': build({ imageDeps: ['base'] }, { dependsOn }),
        },
      },
    });
    const { cache, inputs, metadata } = target('web')!;
    expect(cache).toBe(false);
    expect(inputs).not.toContainEqual(record('base'));
    expect(metadata.slipway?.uncached).toEqual([
      'it is built on base:custom-build, which its dependsOn does not name: add {"projects":["base"],"target":"custom-build"}',
    ]);
  });

  it.each([
    [['...', '^build']],
    [[{ projects: ['base'], target: 'custom-build' }]],
    [[{ projects: 'base', target: 'custom-build' }]],
  ])(
    "is cached where the user's own dependsOn has it: %j",
    async (dependsOn) => {
      await workspace.put({
        'base/project.json': image('base'),
        'web/project.json': {
          name: 'web',
          targets: {
            'custom-build': build({ imageDeps: ['base'] }, { dependsOn }),
          },
        },
      });
      expect(target('web')?.cache).toBe(true);
    },
  );
});

describe('what is left to the run itself to tell', () => {
  it.each([[['nobody']], [['Not A Ref']], [[5]], ['base']])(
    'are imageDeps like %j',
    async (imageDeps) => {
      await workspace.put({ 'web/project.json': image('web', { imageDeps }) });
      expect(target('web')).not.toHaveProperty('dependsOn');
    },
  );

  it('are circles', async () => {
    await workspace.put({
      'a/project.json': image('a', { imageDeps: ['b'] }),
      'b/project.json': image('b', { imageDeps: ['c'] }),
      'c/project.json': image('c', { imageDeps: ['b', 'self'] }),
      'self/project.json': image('self', { imageDeps: ['self'] }),
    });
    expect(target('a')?.dependsOn).toEqual([
      { projects: ['b'], target: 'custom-build' },
    ]);
    expect(target('b')).not.toHaveProperty('dependsOn');
    expect(target('c')?.dependsOn).toEqual([
      { projects: ['self'], target: 'custom-build' },
    ]);
    expect(target('self')).not.toHaveProperty('dependsOn');
  });

  it('are images that two projects build', async () => {
    await workspace.put({
      'one/project.json': image('base'),
      'two/project.json': { ...image('docker.io/base'), name: 'two' },
      'web/project.json': image('web', { imageDeps: ['base'] }),
    });
    expect(target('web')).not.toHaveProperty('dependsOn');
  });
});

describe('an edge that would close a circle', () => {
  it.each([[['web']], [['middle']], [['tag:x']], [['*']]])(
    'with implicitDependencies %j is none, and files are inputs',
    async (implicitDependencies) => {
      await workspace.put({
        'base/project.json': image('base', {}, { implicitDependencies }),
        'middle/project.json': {
          name: 'middle',
          implicitDependencies: ['web'],
        },
        'web/project.json': image('web', { imageDeps: ['base'] }),
      });
      expect(workspace.infer().web?.slipway).toEqual({ images: ['web'] });
      expect(target('web')?.inputs).toContain('{workspaceRoot}/base/x/**/*');
      expect(target('web')?.dependsOn).toHaveLength(1);
    },
  );

  it("over others' imageDeps is none", async () => {
    await workspace.put({
      'base/project.json': image('base', {}, { implicitDependencies: ['web'] }),
      'middle/project.json': image('middle', { imageDeps: ['base'] }),
      'web/project.json': image('web', { imageDeps: ['middle'] }),
    });
    const graph = workspace.infer();
    const edges = ['base', 'middle', 'web'].map(
      (root) => graph[root]?.slipway.edges ?? [],
    );
    expect(edges.flat().length).toBeLessThan(2);
  });

  it('is none only there', async () => {
    await workspace.put({
      'base/project.json': image(
        'base',
        {},
        { implicitDependencies: ['!web', 'lib'] },
      ),
      'lib/project.json': { name: 'lib' },
      'web/project.json': image('web', { imageDeps: ['base'] }),
    });
    expect(workspace.infer().web?.slipway.edges).toEqual(['base']);
  });
});
