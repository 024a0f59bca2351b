import fc from 'fast-check';
import { Graph } from './graph';
import { build, deployment, image } from './testing/build';
import { useWorkspace } from './testing/workspace';

/** Whatever is in its files: createNodes stops no command by throwing. */
const workspace = useWorkspace();

// One that throws is left out for the others' sake: here none should.
const infer = jest.spyOn(Graph.prototype, 'inferred');
beforeEach(() => infer.mockClear());
afterEach(() =>
  expect(infer.mock.results).not.toContainEqual(
    expect.objectContaining({ type: 'throw' }),
  ),
);

/** That `web`, which is as it should be, is found beside what is not. */
async function findsWeb(files: object, given = {}) {
  await workspace.put({ 'web/project.json': image('web'), ...files });
  expect(workspace.infer(given).web?.targets).toHaveProperty('custom-build');
}

const target = { 'custom-build': build() };

it.each([
  ['torn', '{ "name": '],
  ['empty', ''],
  ['a list', []],
  ['null', 'null'],
  ['bytes', '\0\u{fffd}'],
  ['deep', `${'['.repeat(100_000)}`],
  [
    'of numbers',
    {
      name: 5,
      root: 5,
      tags: 5,
      implicitDependencies: 5,
      namedInputs: 5,
      targets: 5,
    },
  ],
  [
    'of nulls',
    {
      name: null,
      root: null,
      tags: null,
      implicitDependencies: null,
      namedInputs: null,
      targets: null,
    },
  ],
  [
    'of texts',
    { tags: 'x', implicitDependencies: 'x', namedInputs: 'x', targets: 'x' },
  ],
  [
    'with null for a target',
    { targets: { a: null, 'custom-build': null, deploy: null } },
  ],
  [
    'with odd parts of targets',
    {
      targets: {
        a: {
          ...build(),
          configurations: null,
          dependsOn: 'x',
          outputs: 5,
          options: null,
        },
      },
    },
  ],
  [
    'with a number for an executor',
    {
      targets: { deploy: { executor: 5 }, 'custom-build': { executor: null } },
    },
  ],
])('a project.json that is %s is left to Nx', async (_, content) => {
  await findsWeb({ 'odd/project.json': content });
});

it.each([
  ['torn', '{ "name": '],
  ['with odd parts', { name: 5, workspaces: 5, scripts: 5, nx: 5 }],
  ['with nulls', { name: null, workspaces: null, scripts: null, nx: null }],
  [
    'with odd parts of nx',
    {
      nx: {
        targets: 5,
        includedScripts: 5,
        tags: 5,
        namedInputs: [],
        implicitDependencies: {},
      },
    },
  ],
])('a package.json that is %s is left to Nx', async (_, content) => {
  await findsWeb({
    'package.json': content,
    'web/package.json': content,
    'odd/package.json': content,
  });
});

it('comments in project.json are none of our business', async () => {
  const text = `// of web\n${JSON.stringify({ name: 'x', targets: target })}/* the end */`;
  await findsWeb({ 'commented/project.json': text });
  expect(workspace.infer()).toHaveProperty('commented');
});

it('a folder of the name of a file is none', async () => {
  await findsWeb({
    'web/package.json/x': '',
    'web/k8s/a.yaml/x': '',
    'web/k8s/b/kustomization.yaml/x': '',
    'web/k8s/c/Chart.yaml/x': '',
    '.gitignore/x': '',
  });
});

it('links that lead nowhere are none', async () => {
  await workspace.link('web/k8s/gone.yaml', 'nowhere');
  await workspace.link('web/k8s/loop.yaml', 'loop.yaml');
  await workspace.link('web/k8s/kustomization.yaml', 'kustomization.yaml');
  await workspace.link('web/manifests', '..');
  await findsWeb({});
});

it.each([
  ['of other kinds', { targetDefaults: 5, namedInputs: 5 }],
  ['null', { targetDefaults: null, namedInputs: null }],
  [
    'of odd entries',
    {
      targetDefaults: { 'custom-build': null, 'nx-slipway:custom-build': 5 },
      namedInputs: { default: 5, production: null },
    },
  ],
])('an nx.json with parts %s is left to Nx', async (_, nxJson) => {
  const deps = ['default', 'production'].map((input) => ({ input }));
  await findsWeb(
    { 'other/project.json': image('other', { deps }) },
    { nxJson },
  );
});

it.each([
  [{ registry: 5 }],
  [{ targetNames: { deploy: 5, serve: '' } }],
  [{ targetNames: null }],
  [{ manifests: 'k8s' }],
  [{ manifests: ['{projectRoot}/[', '**/*.yaml', '../x', ''] }],
  [{ locators: [{ path: '{' }] }],
  [{ unknown: true }],
  ['text'],
  [5],
  [null],
  [[]],
])('options of the plugin like %j are told by its targets', async (options) => {
  await findsWeb(
    { 'shop/project.json': {}, 'shop/k8s/a.yaml': deployment('web') },
    { options },
  );
});

const LONG = '*'.repeat(70_000);

it.each([
  ['outputs at the root', { recordFile: '{workspaceRoot}', deps: ['a', '.'] }],
  ['outputs at its own root', { outputsImageRefTo: '..', deps: ['a', '.'] }],
  ['a long pattern', { ignore: [`${'x'.repeat(70_000)}*`], deps: ['a', '.'] }],
  ['a long dep', { deps: [LONG] }],
  ['an input without the root', { deps: [{ input: 'rootless' }, 'a'] }],
])('a build with %s is a build like others', async (_, options) => {
  await findsWeb(
    { 'odd/project.json': image('odd', options) },
    {
      nxJson: {
        namedInputs: { rootless: ['default', '!{workspaceRoot}'] },
      },
    },
  );
  expect(workspace.infer().odd?.targets).toHaveProperty('custom-build');
});

it('the root itself is never left out of the inputs', async () => {
  const options = { recordFile: '{workspaceRoot}', deps: ['.'] };
  await findsWeb({ 'odd/project.json': image('odd', options) });
  expect(workspace.infer().odd?.targets['custom-build']?.inputs).toEqual([
    '{projectRoot}/**/*',
    '!{projectRoot}/{k8s,kubernetes,deploy,manifests}/**/*.{yaml,yml}',
  ]);
});

it.each([
  [{ yaml: [LONG, ''] }],
  [{ helm: { chart: '.', values: [LONG] } }],
  [{ command: 'x', deps: [LONG, ''] }],
])('a source with a glob that is too long is one without', async (source) => {
  const deploy = { executor: 'nx-slipway:deploy', options: { source } };
  await findsWeb({ 'odd/project.json': { name: 'odd', targets: { deploy } } });
  expect(workspace.infer().odd?.targets).toHaveProperty('deploy');
});

it('a project that nobody thought could be is left out alone', async () => {
  infer.mockImplementationOnce(() => {
    throw new RangeError('too much');
  });
  await findsWeb({ 'odd/project.json': image('odd') });
  // Asked again, it is there.
  expect(workspace.infer()).toHaveProperty('odd');
  infer.mockClear();
});

const json = fc.jsonValue({ maxDepth: 2 });
const odd = fc.oneof(
  json,
  fc.constantFrom(
    '...',
    'a\0b',
    '../../../x',
    '{projectRoot}',
    '^x',
    '!x',
    '{',
    ['[a-'],
    { input: '^' },
  ),
);
const some = <T>(keys: readonly string[], of: fc.Arbitrary<T>) =>
  fc.dictionary(fc.constantFrom(...keys), of, { maxKeys: 4 });
const OPTIONS = [
  'ref',
  'command',
  'deps',
  'ignore',
  'recordFile',
  'imageDeps',
  'source',
  'images',
  'after',
  'outputsImageRefTo',
  'verify',
  'matchInEnvVars',
];
const oddTarget = fc.oneof(
  odd,
  fc.record(
    {
      executor: fc.oneof(
        fc.constantFrom('nx-slipway:custom-build', 'nx-slipway:deploy'),
        odd,
      ),
      options: fc.oneof(
        some(OPTIONS, fc.oneof(odd, fc.array(odd, { maxLength: 2 }))),
        odd,
      ),
      configurations: fc.oneof(some(['ci', 'dev'], some(OPTIONS, odd)), odd),
      dependsOn: odd,
      outputs: fc.oneof(fc.array(odd), odd),
      command: odd,
    },
    { requiredKeys: [] },
  ),
);
const oddProject = fc.record(
  {
    name: odd,
    root: fc.oneof(fc.constant('odd'), odd),
    tags: odd,
    implicitDependencies: odd,
    namedInputs: fc.oneof(some(['default', 'x'], odd), odd),
    targets: fc.oneof(
      some(['custom-build', 'deploy', 'build', 'render'], oddTarget),
      // Nx itself stops at a target that is called `valueOf`.
      fc.constantFrom(null, 5, 'x', []),
    ),
  },
  { requiredKeys: [] },
);

it('no JSON at all stops it', async () => {
  await workspace.put({
    'web/project.json': image('web'),
    'odd/k8s/a.yaml': deployment('web'),
  });
  await fc.assert(
    fc.asyncProperty(
      oddProject,
      oddProject,
      odd,
      async (project, nx, nxJson) => {
        await workspace.put({
          'odd/project.json': project,
          'odd/package.json': { nx },
        });
        const layers = {
          namedInputs: nxJson,
          // A list of what is no object stops Nx itself.
          targetDefaults: {
            'custom-build': Array.isArray(nxJson) ? {} : nxJson,
          },
        };
        expect(workspace.infer({ nxJson: layers as never })).toHaveProperty(
          'web',
        );
      },
    ),
    { numRuns: 100 },
  );
});
