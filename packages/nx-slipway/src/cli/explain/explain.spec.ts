import { loadDeclared } from '../../executors';
import { executorContext } from '../../testing/executor-context';
import { useTempFolder } from '../../testing/temp-folder';
import { runSlipway } from '../run';
import { recordingTerminal } from '../testing/recording-terminal';
import { explainFile } from './explain-file';
import { formatExplanation } from './format';

const folder = useTempFolder();

/** What is printed of a file of the image of apps/web. */
async function told(
  file: string,
  options: object = {},
  others: Readonly<Record<string, object>> = {},
): Promise<string[]> {
  const projects = Object.fromEntries(
    Object.entries({ web: options, ...others }).map(([name, more]) => [
      name,
      {
        root: `apps/${name}`,
        targets: {
          build: { executor: 'nx:run-commands', cache: true },
          'custom-build': {
            executor: 'nx-slipway:custom-build',
            options: { ref: name, command: 'make', ...more },
          },
        },
      },
    ]),
  );
  const nodes = Object.entries(projects).map(
    ([name, data]) => [name, { name, type: 'app' as const, data }] as const,
  );
  const given = executorContext({ root: folder.path, projects });
  const projectGraph = {
    ...given.projectGraph,
    nodes: Object.fromEntries(nodes),
  };
  const context = { ...given, projectGraph };
  const { declaredImages } = await loadDeclared();
  const { images, wrong } = declaredImages(context);
  expect(wrong).toEqual([]);
  const [image] = images;
  const answer = image && (await explainFile(folder.at(file), image));
  const explanation = {
    file,
    isThere: true,
    images: answer ? [answer] : [],
    deployedBy: [],
  };
  const [first, ...lines] = formatExplanation(explanation)
    .trimEnd()
    .split('\n');
  expect(first).toBe(file);
  return lines.map((line) => line.trim());
}

const STEPS = [
  { fallBackOn: ['package.json'] },
  { sync: { from: 'src', to: '/app/src' } },
  { run: 'npm run css', trigger: ['src/**/*.css'] },
  { run: ['touch', '/tmp/x'] },
];

it('says what a build reads, and that a save builds', async () => {
  expect(await told('apps/web/src/a.js')).toEqual([
    'web, built by web:custom-build',
    'the dep apps/web holds it',
    'a save builds: there is no liveUpdate',
  ]);
});

it('says which step takes a file, and what runs then', async () => {
  expect(await told('apps/web/src/x/a.css', { liveUpdate: STEPS })).toEqual([
    'web, built by web:custom-build',
    'the dep apps/web holds it',
    'a save is brought by sync src -> /app/src: it stands at /app/src/x/a.css',
    'then runs: npm run css',
    'then runs: touch /tmp/x',
  ]);
  const liveUpdate = [STEPS[1], { restart: true }];
  expect((await told('apps/web/src/a.js', { liveUpdate })).at(-1)).toBe(
    'then the process starts again',
  );
});

it.each([
  ['apps/web/package.json', 'a save builds: fallBackOn "package.json"'],
  ['apps/web/other.js', 'a save builds: no sync takes it'],
])('says which rule has %s built', async (file, line) => {
  expect((await told(file, { liveUpdate: STEPS })).at(-1)).toBe(line);
});

it('says which rule leaves a file out', async () => {
  await folder.write({
    'apps/web/.dockerignore': '# none\n*.md\n',
    '.gitignore': 'dist\n',
  });
  expect(await told('apps/web/a.md')).toEqual([
    'web, built by web:custom-build',
    'the dep apps/web leaves it out: "*.md" in apps/web/.dockerignore, line 2',
    'a save does nothing',
  ]);
  const second = async (file: string, options = {}) =>
    (await told(file, options))[1];
  expect(await second('apps/web/dist/x.js')).toBe(
    'the dep apps/web leaves apps/web/dist out: git or Nx ignores it',
  );
  expect(await second('apps/web/a.spec.ts', { ignore: ['**/*.spec.ts'] })).toBe(
    'the dep apps/web leaves it out: "**/*.spec.ts" of the option ignore',
  );
  expect(await second('apps/web/k8s/a.yaml')).toMatch(/it is a manifest/);
  expect(await second('apps/web/a.js~')).toMatch(/nothing of that name/);
});

it('knows what reaches an image through another', async () => {
  const liveUpdate = [{ sync: { from: '../base/lib', to: '/lib' } }];
  const options = { imageDeps: ['base'], deps: ['src'], liveUpdate };
  expect(await told('apps/base/lib/x', options, { base: {} })).toEqual([
    'web, built by web:custom-build',
    'deps of base, which it is built on, hold it',
    'a save is brought by sync ../base/lib -> /lib: it stands at /lib/x',
  ]);
});

it('knows what a target makes for a sync, and what it reads', async () => {
  await folder.write({ '.gitignore': 'dist\n' });
  const sync = { target: 'build', from: 'dist', to: '/app' };
  const options = { deps: ['Dockerfile'], liveUpdate: [{ sync }] };
  expect(await told('apps/web/dist/a.js', options)).toEqual([
    'web, built by web:custom-build',
    'a save is brought by sync dist -> /app: it stands at /app/a.js',
  ]);
  expect(await told('apps/web/src/a.ts', options)).toEqual([
    'web, built by web:custom-build',
    'web:build may read it, and runs before',
    'a save runs web:build, and what that makes counts',
  ]);
});

it('knows images that nobody builds', async () => {
  const options = { command: ':', liveUpdate: STEPS };
  expect((await told('apps/web/x', options)).at(-1)).toBe(
    'a save replaces its pods: no sync takes it',
  );
  expect((await told('apps/web/x', { command: ':' })).at(-1)).toBe(
    'a save does nothing',
  );
});

it('says that nobody has to do with a file', async () => {
  expect(await told('lib/x')).toEqual([
    'no image has it in its deps, and no project deploys it',
  ]);
});

describe('slipway explain', () => {
  it.each([
    ['../x', /is not in the workspace/],
    ['apps', /apps is a folder/],
  ])('refuses %s, and asks Nx nothing', async (file, message) => {
    await folder.write({ 'ws/nx.json': '{}', 'ws/apps/a': '' });
    const terminal = recordingTerminal({ cwd: folder.at('ws') });
    expect(await runSlipway(['explain', file], terminal)).toBe(2);
    expect(terminal.warnings.join()).toMatch(message);
  });
});
