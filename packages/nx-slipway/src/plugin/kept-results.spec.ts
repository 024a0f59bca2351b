import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { Graph } from './graph';
import { infer } from './infer';
import { workspaceDataFolder } from './nx-internals';
import { untilTheClockTicks } from '../testing/clock-tick';
import { deployment, image } from './testing/build';
import {
  byRoots,
  inferIn,
  projectFiles,
  useWorkspace,
} from './testing/workspace';

const workspace = useWorkspace();
const kept = () => join(workspaceDataFolder()!, 'nx-slipway-graph.jsonl');

const made = jest.spyOn(Graph.prototype, 'inferred');
beforeEach(() => made.mockClear());

/** Whether the graph is made anew, and not what was kept. */
function isMade(given = {}): boolean {
  made.mockClear();
  workspace.infer(given);
  return made.mock.calls.length > 0;
}

const shop = {
  'web/project.json': image('web'),
  'web/x': '',
  'shop/project.json': { name: 'shop' },
  'shop/k8s/a.yaml': deployment('web'),
};

it('nothing is inferred twice from the same files', async () => {
  await workspace.put(shop);
  const first = workspace.infer();
  expect(isMade()).toBe(false);
  expect(workspace.infer()).toEqual(first);
});

it.each<[string, () => void]>([
  ['what the graph never looked at', () => write('web/x', 'changed')],
  ['a file in a folder of deps', () => write('web/src/new.js', '')],
  ['the time of a manifest', () => utimesSync(at('shop/k8s/a.yaml'), 1, 1)],
  [
    'a manifest, by one that holds the same',
    () => {
      write('shop/new', deployment('web'));
      renameSync(at('shop/new'), at('shop/k8s/a.yaml'));
    },
  ],
])('an edit of %s makes no new graph', async (_, edit) => {
  await workspace.put(shop);
  await workspace.put({
    'web/project.json': image('web', { deps: ['x', 'src'] }),
    'web/src/a.js': '',
  });
  workspace.infer();
  edit();
  expect(isMade()).toBe(false);
});

it.each<[string, () => void]>([
  ['a manifest', () => write('shop/k8s/a.yaml', deployment('other'))],
  ['a new manifest', () => write('shop/k8s/b.yaml', deployment('web'))],
  ['a manifest that is gone', () => rmSync(at('shop/k8s/a.yaml'))],
  ['a target', () => write('web/project.json', JSON.stringify(image('app')))],
  [
    'a dep that becomes a folder',
    () => {
      rmSync(at('web/x'));
      mkdirSync(at('web/x'));
    },
  ],
  ['what git ignores', () => write('.gitignore', 'web/x\n')],
  ['the lock file', () => write('package-lock.json', '"nx-slipway"')],
])('%s makes a new graph', async (_, edit) => {
  await workspace.put(shop);
  await workspace.put({
    'package.json': { dependencies: { 'nx-slipway': '1' } },
  });
  workspace.infer();
  edit();
  expect(isMade()).toBe(true);
  expect(isMade()).toBe(false);
});

it.each([
  ['options', { options: { targetNames: { deploy: 'ship' } } }],
  ['nx.json', { nxJson: { namedInputs: { default: [] } } }],
])('other %s make a new graph', async (_, given) => {
  await workspace.put(shop);
  workspace.infer();
  expect(isMade(given)).toBe(true);
});

it('an environment that Nx finds other projects in makes a new graph', async () => {
  await workspace.put(shop);
  workspace.infer();
  process.env.NX_INFER_ALL_PACKAGE_JSONS = 'true';
  try {
    expect(isMade()).toBe(true);
  } finally {
    delete process.env.NX_INFER_ALL_PACKAGE_JSONS;
  }
});

it('a graph that lacks a project is not kept', async () => {
  await workspace.put(shop);
  made.mockImplementationOnce(() => {
    throw new RangeError('too deep');
  });
  workspace.infer();
  expect(isMade()).toBe(true);
  expect(isMade()).toBe(false);
});

it.each<[string, (text: string) => string]>([
  ['torn', (text) => text.slice(0, -10)],
  ['empty', () => ''],
  ['without its end', (text) => text.slice(0, text.lastIndexOf('\n'))],
  ['a line', (text) => text.slice(0, text.indexOf('\n'))],
  ['without results', (text) => text.replace('"results"', '"insults"')],
  [
    'of results that are none',
    (text) => text.replace('"results":', '$&1,"x":'),
  ],
  ['of looks that are none', (text) => text.replace('\n', '\nnull\n')],
  ['of stamps that are none', (text) => text.replace(/\]\n/g, ',7]\n')],
])('what is %s is made anew', async (_, torn) => {
  await workspace.put(shop);
  const first = workspace.infer();
  const text = readFileSync(kept(), 'utf8');
  expect(torn(text)).not.toBe(text);
  writeFileSync(kept(), torn(text));
  expect(isMade()).toBe(true);
  expect(workspace.infer()).toEqual(first);
});

it('where nothing can be kept, a graph is made each time', async () => {
  await workspace.put(shop);
  rmSync(kept(), { force: true });
  mkdirSync(join(kept(), 'in its place'), { recursive: true });
  try {
    const first = workspace.infer();
    expect(isMade()).toBe(true);
    expect(workspace.infer()).toEqual(first);
  } finally {
    rmSync(kept(), { recursive: true });
  }
});

it('new times are noted, so that nothing is read each time', () => {
  const count = 60;
  for (let index = 0; index < count; index++) {
    write(`p${index}/project.json`, JSON.stringify(image(`p${index}`)));
  }
  workspace.infer();
  const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 10_000);
  try {
    expect(isMade()).toBe(false);
  } finally {
    clock.mockRestore();
  }
  const lines = readFileSync(kept(), 'utf8').split('\n').slice(1, -1);
  const looks = lines.map((line) => JSON.parse(line) as unknown[]);
  const stamped = looks.filter(({ length }) => length === 4);
  // A file and a folder of each.
  expect(stamped.length).toBeGreaterThanOrEqual(2 * count);
});

type Edit = readonly [name: string, act: () => void];

/** Everything of which a graph may be made, and some that it is not. */
const edits: fc.Arbitrary<Edit> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('a', 'b', 'b/inner', 'lib'),
      fc.constantFrom('web', 'api', 'lib'),
      fc.subarray(['x', 'src', '{workspaceRoot}/lib', 'src/**/*.ts', 'link']),
      fc.subarray(['web', 'api']),
    )
    .map(([root, name, deps, imageDeps]): Edit => [
      `${root} builds ${name} of ${deps.join()} and ${imageDeps.join()}`,
      () =>
        write(
          `${root}/project.json`,
          JSON.stringify(image(name, { deps, imageDeps }, { name: root })),
        ),
    ]),
  fc
    .tuple(
      fc.constantFrom('a', 'b', 'shop'),
      fc.constantFrom('k8s/a.yaml', 'k8s/sub/b.yml', 'deploy/c.json'),
      fc.subarray(['web', 'api', 'lib'], { minLength: 1 }),
    )
    .map(([root, path, images]): Edit => [
      `${root}/${path} runs ${images.join()}`,
      () => {
        write(`${root}/project.json`, JSON.stringify({ name: root }));
        write(`${root}/${path}`, deployment(...images));
      },
    ]),
  fc
    .constantFrom(
      'a/x',
      'a/src/y.ts',
      'lib/z',
      'a/k8s/kustomization.yaml',
      'shop/k8s/Chart.yaml',
      'a/.gitignore',
      '.gitignore',
      '.nxignore',
      'package-lock.json',
      'package.json',
      'pnpm-workspace.yaml',
    )
    .chain((path) =>
      fc
        .constantFrom(
          'src\nx\n',
          'resources: [../../b/k8s]\n',
          '{"dependencies": {"nx-slipway": "1"}}',
          'packages: [a]\n',
        )
        .map((text): Edit => [`${path}: ${text}`, () => write(path, text)]),
    ),
  fc
    .constantFrom('a', 'a/k8s', 'a/src', 'lib', 'shop', '.gitignore', 'b')
    .map((path): Edit => [`no ${path}`, () => remove(path)]),
  fc
    .tuple(
      fc.constantFrom('a/link', 'a/src', 'b/k8s', 'lib'),
      fc.constantFrom('../lib', 'src', '../../outside', '../shop/k8s', 'lib'),
    )
    .map(([path, target]): Edit => [
      `${path} leads to ${target}`,
      () => {
        remove(path);
        unlessInTheWay(() => {
          mkdirSync(dirname(at(path)), { recursive: true });
          symlinkSync(target, at(path));
        });
      },
    ]),
);

it('what is kept is always what would be made now', () => {
  // Nothing that was written can be told by its time alone.
  let isOld = false;
  const now = Date.now;
  const clock = jest
    .spyOn(Date, 'now')
    .mockImplementation(() => now() + (isOld ? 10_000 : 0));
  const counts = { made: 0, kept: 0 };
  fc.assert(
    fc.property(
      fc.array(edits, { maxLength: 12 }),
      fc.boolean(),
      (all, old) => {
        isOld = old;
        rmSync(workspace.path, { recursive: true, force: true });
        mkdirSync(workspace.path);
        for (const [, act] of all) {
          act();
          if (isOld) untilTheClockTicks(dirname(kept()));
          made.mockClear();
          const given = inferIn(workspace.path);
          counts[made.mock.calls.length > 0 ? 'made' : 'kept']++;
          expect(given).toEqual(fresh());
        }
      },
    ),
    { numRuns: 150 },
  );
  clock.mockRestore();
  // Of both there were some.
  expect(Math.min(counts.made, counts.kept)).toBeGreaterThan(10);
});

/** What createNodes would give if it kept nothing. */
function fresh() {
  const context = {
    workspaceRoot: workspace.path,
    nxJsonConfiguration: {},
  };
  const { results } = infer(projectFiles(workspace.path), undefined, context);
  return byRoots(results);
}

function at(path: string): string {
  return workspace.at(path);
}

function write(path: string, text: string): void {
  unlessInTheWay(() => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  });
}

function remove(path: string): void {
  unlessInTheWay(() => rmSync(at(path), { recursive: true, force: true }));
}

/** A link that leads nowhere, a file where a folder would be. */
function unlessInTheWay(edit: () => void): void {
  try {
    edit();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    expect(code).toMatch(/^(?:EEXIST|ENOTDIR|ENOENT|EISDIR|ELOOP)$/);
  }
}
