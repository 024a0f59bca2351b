import { hashParts, taskHashes } from './support/hash-parts';
import { deployment, fillNeutralWorkspace } from './support/neutral-workspace';
import { edgesOf, type GraphFile } from './support/nx-commands';
import { TestWorkspace } from './support/workspace';

/** [files that are edited one at a time, whom the plugin adds to the affected] */
type Edits = readonly (readonly [
  files: readonly string[],
  added: readonly string[],
])[];

/**
 * `shop` has an edge to what builds its images (web, api, worker), so it is
 * affected with them, whatever of them it was. `admin` has code of its own, and
 * `smoke` depends on `jobs`: an edge would be in the hashes of their tests. So
 * `admin` and `jobs` have none, and only what the images are built of affects
 * them, as it does `web`, which is built on the image base.
 */
const EDITS: Edits = [
  [
    [
      'apps/web/project.json',
      'apps/web/Dockerfile',
      'apps/web/README.md',
      'apps/web/src/index.html',
      'apps/web/src/main.js',
      'apps/web/src/main.spec.js',
      'apps/api/README.md',
      'libs/ui/project.json',
      'libs/ui/src/ui.js',
      'libs/ui/src/ui.spec.js',
      'libs/util/project.json',
      'libs/util/README.md',
      'packages/tools/package.json',
      'packages/tools/src/index.js',
      'packages/tools/src/index.spec.js',
      'packages/worker/package.json',
      'packages/worker/Dockerfile',
      'packages/worker/README.md',
      'packages/worker/src/worker.js',
    ],
    ['shop'],
  ],
  [
    [
      'apps/api/Dockerfile',
      'apps/api/src/server.js',
      'apps/api/src/lib/db.js',
      'libs/util/src/util.js',
      // Of what is ignored, Nx knows nothing when it looks for the affected.
      'apps/api/src/server.spec.js',
      'libs/util/src/util.spec.js',
    ],
    ['admin', 'shop'],
  ],
  [['tools/nginx.conf'], ['shop', 'web']],
  [
    ['images/base/Dockerfile', 'images/base/rootfs/etc/motd'],
    ['jobs', 'runtime', 'shop', 'smoke', 'web'],
  ],
  [['images/base/project.json'], ['runtime']],
  [
    ['images/runtime/Dockerfile', 'images/runtime/entry.sh'],
    ['jobs', 'smoke'],
  ],
  [
    [
      'images/runtime/project.json',
      'images/runtime/notes.md',
      'apps/admin/project.json',
      'apps/admin/Dockerfile',
      'apps/admin/src/admin.js',
      'apps/admin/src/admin.spec.js',
      'apps/admin/k8s/admin.yaml',
      'apps/admin/k8s/api.yaml',
      'apps/smoke/project.json',
      'apps/smoke/src/smoke.js',
      'deploy/shop/project.json',
      'deploy/shop/README.md',
      'deploy/shop/k8s/web.yaml',
      'deploy/shop/k8s/api.yaml',
      'deploy/shop/k8s/worker.yaml',
      'deploy/jobs/project.json',
      'deploy/jobs/README.md',
      'deploy/jobs/k8s/nightly.yaml',
      'tools/unused.txt',
    ],
    [],
  ],
];

const FILES = EDITS.flatMap(([files]) => files);
const OURS = /^(custom-build|render|deploy|down)$/;
/** Projects that hold manifests, and one that has the files of such a one in its hashes. */
const WITH_MANIFESTS = ['admin', 'shop', 'jobs', 'smoke'];

/** All that a test compares of a workspace with and without the plugin. */
interface State {
  readonly graph: GraphFile;
  readonly parts: Record<string, string[]>;
  /** By the file that is edited. */
  readonly affected: Record<string, string[]>;
}

describe('the plugin in a workspace that was there before', () => {
  let workspace: TestWorkspace;
  let before: State;
  let after: State;

  beforeAll(async () => {
    workspace = await TestWorkspace.create();
    await fillNeutralWorkspace(workspace);
    before = await stateOf();
    await workspace.usePlugin();
    await workspace.commitAll('the plugin');
    after = await stateOf();
  });

  afterAll(() => workspace.remove());

  async function stateOf(): Promise<State> {
    const graph = await workspace.graph();
    const parts = await hashParts(workspace);
    const affected: State['affected'] = {};
    for (const file of FILES) {
      affected[file] = await affectedBy(file, (text) => `${text}\n`);
    }
    return { graph, parts, affected };
  }

  /** Edits a file for as long as `nx affected` looks at it. */
  async function affectedBy(file: string, edit: (text: string) => string) {
    const text = await workspace.read(file);
    await workspace.write(file, edit(text));
    try {
      return await workspace.affected([file]);
    } finally {
      await workspace.write(file, text);
    }
  }

  it('adds its targets', () => {
    const targetsOf = (name: string) =>
      Object.keys(after.graph.nodes[name]?.data.targets ?? {}).sort();
    expect(targetsOf('shop')).toEqual(
      expect.arrayContaining(['deploy', 'down', 'render']),
    );
    expect(targetsOf('admin')).toEqual(
      expect.arrayContaining(['custom-build', 'deploy', 'down', 'render']),
    );
  });

  it('adds nothing to the hash of a task that was there, and takes nothing away', () => {
    const ids = Object.keys(before.parts).filter((id) => !isOurs(id));
    // Three of each of six projects with code and of two packages, whose third
    // is nx-release-publish.
    expect(ids).toHaveLength(24);
    for (const id of ids) {
      expect([id, after.parts[id]]).toEqual([id, before.parts[id]]);
    }
  });

  it('leaves targets that were there as they were', () => {
    for (const { name, data } of Object.values(before.graph.nodes)) {
      const targets = Object.entries(data.targets ?? {});
      const theirs = targets.filter(([target]) => !OURS.test(target));
      expect(after.graph.nodes[name]?.data.targets).toMatchObject(
        Object.fromEntries(theirs),
      );
      for (const [target, config] of theirs) {
        expect(after.graph.nodes[name]?.data.targets?.[target]).toEqual(config);
      }
    }
  });

  it('adds edges only to projects that have nothing but its targets', () => {
    const known = edgesOf(before.graph);
    const found = edgesOf(after.graph);
    expect(found).toEqual(expect.arrayContaining(known));
    expect(found.filter((edge) => !known.includes(edge))).toEqual([
      'runtime -> base',
      'shop -> api',
      'shop -> web',
      'shop -> worker',
    ]);
  });

  it('adds to the affected those whose image is built of the file, and nobody else', () => {
    expect(FILES).toHaveLength(50);
    const wanted = EDITS.flatMap(([files, added]) =>
      files.map((file) => [
        file,
        [...new Set([...(before.affected[file] ?? []), ...added])].sort(),
      ]),
    );
    expect(Object.entries(after.affected)).toEqual(wanted);
  });

  it.each([
    ['a word', (text: string) => `# changed\n${text}`],
    ['the image', (text: string) => text.replace('image: web', 'image: api')],
    ['all of it', () => deployment('other', 'worker', 'elsewhere')],
    ['what is no YAML', (text: string) => `${text}\n\t]: {`],
  ])(
    'changes no hash elsewhere when %s of a manifest is edited, and affects its project only',
    async (_what, edit) => {
      const file = 'deploy/shop/k8s/web.yaml';
      const untouched = await hashesWithoutManifests();
      const text = await workspace.read(file);
      await workspace.write(file, edit(text));
      try {
        expect(await hashesWithoutManifests()).toEqual(untouched);
        expect(await workspace.affected([file])).toEqual(['shop']);
      } finally {
        await workspace.write(file, text);
      }
    },
  );

  it('is as quiet about a manifest that is new, and one of a project with code', async () => {
    const untouched = await hashesWithoutManifests();
    await workspace.write(
      'apps/admin/k8s/new.yaml',
      deployment('new', 'web', 'worker'),
    );
    expect(await hashesWithoutManifests()).toEqual(untouched);
    const affected = await workspace.affected(['apps/admin/k8s/new.yaml']);
    expect(affected).toEqual(['admin']);
    await workspace.removeFile('apps/admin/k8s/new.yaml');
  });

  it.each([
    ['deploy/shop/k8s/worker.yaml', ['shop']],
    ['apps/admin/k8s/api.yaml', ['admin']],
    ['deploy/jobs/k8s/nightly.yaml', ['jobs', 'smoke']],
  ])('affects its project only when %s is deleted', async (file, affected) => {
    const text = await workspace.read(file);
    await workspace.removeFile(file);
    expect(await workspace.affected([file])).toEqual(affected);
    await workspace.write(file, text);
  });

  /** Of all tasks of the projects that hold no manifest, and see none. */
  async function hashesWithoutManifests(): Promise<[string, string][]> {
    const hashes = Object.entries(await taskHashes(workspace));
    return hashes.filter(([id]) => {
      const [project = ''] = id.split(':');
      return !WITH_MANIFESTS.includes(project);
    });
  }
});

function isOurs(id: string): boolean {
  return OURS.test(id.split(':')[1] ?? '');
}
