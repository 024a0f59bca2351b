import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureSandbox, sandboxEnv, type Sandbox } from '@nx-slipway/sandbox';
import {
  listNodes,
  openCluster,
  type Cluster,
} from '../../../packages/nx-slipway/src/cluster';
import {
  connectDocker,
  type DockerEngine,
} from '../../../packages/nx-slipway/src/docker';
import {
  formatReference,
  parseReference,
} from '../../../packages/nx-slipway/src/image';
import {
  KnownImages,
  assertRunnable,
  loadImages,
  parseLoad,
  type LoadSystems,
} from '../../../packages/nx-slipway/src/load';
import { recordingReporter } from '../../../packages/nx-slipway/src/testing/recording-reporter';
import {
  errorOf,
  slipwayError,
} from '../../../packages/nx-slipway/src/testing/slipway-error';
import { TestNamespace } from './support/cluster';
import { run } from './support/run';

/** Its own: the one of the run before may be on its way out. */
const NAMESPACE = `slipway-e2e-destinations-${randomBytes(4).toString('hex')}`;
const linux = { os: 'linux', architecture: 'amd64' };
const reporter = recordingReporter();
const made: string[] = [];
let sandbox: Sandbox;
let env: Record<string, string>;
let folder: string;
let docker: DockerEngine;
let cluster: Cluster;
let namespace: TestNamespace;
let node: string;

beforeAll(async () => {
  sandbox = await ensureSandbox();
  env = { ...sandboxEnv(sandbox), PATH: sandboxEnv(sandbox).PATH ?? '' };
  folder = await mkdtemp(join(tmpdir(), 'slipway-destinations-'));
  docker = connectDocker({ ...process.env, ...env });
  cluster = await open(env);
  namespace = await TestNamespace.create(sandbox, NAMESPACE);
  const [first] = (await listNodes((path) => cluster.get(path))) ?? [];
  node = first?.metadata?.name ?? '';
});

afterAll(async () => {
  await namespace.remove();
  for (const ref of made) {
    await run('docker', ['rmi', ref], { env });
    await ctr('images', 'rm', `docker.io/library/${ref}`);
  }
  docker.close();
  await rm(folder, { recursive: true });
});

const open = (clusterEnv: Record<string, string>) =>
  openCluster({
    context: sandbox.cluster?.context ?? '',
    namedInOption: true,
    allowContexts: [],
    env: { ...process.env, ...clusterEnv },
    homedir: homedir(),
  });

const ctr = (...args: string[]) =>
  run('ctr', ['--address', sandbox.containerd ?? '', '-n', 'k8s.io', ...args]);

/** An image that nobody has seen before, in Docker alone. */
async function build(): Promise<string> {
  const hex = randomBytes(8).toString('hex');
  const ref = `destinations:nx-${hex}`;
  await run('docker', ['build', '-q', '-t', ref, '-'], {
    env,
    input: `FROM busybox:1.35\nLABEL made=${hex}\n`,
  });
  made.push(ref);
  return ref;
}

const image = (ref: string) => ({ ref: parseReference(ref), platform: linux });

const systemsOf = (more: Partial<LoadSystems> = {}): LoadSystems => ({
  docker,
  cluster,
  env: { ...process.env, ...env },
  dir: folder,
  reporter,
  secrets: () => [],
  signal: new AbortController().signal,
  tempFolder: folder,
  ...more,
});

const intoContainerd = () =>
  parseLoad({ command: 'containerd', address: sandbox.containerd });
const archives = async () =>
  (await readdir(folder)).filter((name) => name.startsWith('slipway-load-'));

describe('an image that no registry has', () => {
  it('runs once it is imported into containerd, and is not imported again', async () => {
    const ref = await build();
    const systems = systemsOf({ known: new KnownImages(() => 0) });
    const load = () => loadImages([image(ref)], intoContainerd(), systems);
    expect(await load()).toEqual({
      loaded: [{ ref, nodes: [node] }],
      present: [],
    });
    expect(await archives()).toEqual([]);
    await namespace.runPods(new Map([['web', ref]]));
    expect(await load()).toEqual({ loaded: [], present: [ref] });
  });

  it('goes to each node by a command of the user that names it', async () => {
    const ref = await build();
    const script = join(folder, 'import.sh');
    await writeFile(
      script,
      `set -e\ntest "$2" = ${node}\nctr -a ${sandbox.containerd} -n k8s.io images import "$1"\n`,
    );
    const load = parseLoad(['sh', 'import.sh', '$ARCHIVE', '$NODE']);
    await loadImages([image(ref)], load, systemsOf());
    const listed = await ctr('images', 'ls', '-q');
    expect(listed).toContain(`docker.io/library/${ref}`);
  });

  it('is refused where nothing says how it gets there', async () => {
    const ref = await build();
    const error = await errorOf(
      loadImages([image(ref)], undefined, systemsOf()),
    );
    expect(error.message).toBe(
      `${ref} stands in Docker alone, which the nodes of the context "${cluster.context}" do not see.`,
    );
    expect(error.hint).toMatch(/Set a registry .* "load"/);
  });
});

it('leaves alone what the nodes list already', async () => {
  const nodes = await listNodes((path) => cluster.get(path));
  const names = (nodes?.[0]?.status?.images ?? []).flatMap(
    (each) => each.names ?? [],
  );
  const listed = names.find((name) => !name.includes('@')) ?? '';
  const load = parseLoad(['no-such-program', '$IMAGE']);
  const report = await loadImages([image(listed)], load, systemsOf());
  expect(report).toEqual({
    loaded: [],
    present: [formatReference(parseReference(listed))],
  });
});

describe('a load that fails', () => {
  it("says so in the tool's own words", async () => {
    const ref = await build();
    const address = join(folder, 'no.sock');
    // ctr waits ten seconds for a socket unless told otherwise.
    const ctr = ['ctr', '--connect-timeout', '100ms', '-a', '$ADDRESS'];
    const command = [...ctr, 'images', 'import', '$ARCHIVE'];
    const load = parseLoad({ command, address });
    const error = await errorOf(loadImages([image(ref)], load, systemsOf()));
    expect(error).toEqual(
      slipwayError(
        'SLIPWAY_E_LOAD',
        /images import .* ended with exit code 1, loading destinations:nx-\w+ into the nodes of .*\. Its last lines:\n[^]*no\.sock/,
      ),
    );
    expect(await archives()).toEqual([]);
  });

  it('names the program that is missing', async () => {
    const ref = await build();
    const load = parseLoad({ command: 'kind', cluster: 'dev' });
    const systems = systemsOf({ env: { PATH: folder } });
    await expect(loadImages([image(ref)], load, systems)).rejects.toEqual(
      slipwayError('SLIPWAY_E_TOOL_MISSING', /^kind was not found/),
    );
  });

  it('says which disk has no room for the archive', async () => {
    const ref = await build();
    const full = join(folder, 'full');
    await mkdir(full);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'full', full]);
    try {
      const systems = systemsOf({ tempFolder: full });
      const load = loadImages([image(ref)], intoContainerd(), systems);
      await expect(load).rejects.toEqual(
        slipwayError('SLIPWAY_E_LOAD', /full has no room .* \(ENOSPC\)/),
      );
      expect(await readdir(full)).toEqual([]);
    } finally {
      await run('umount', [full]);
    }
  });
});

it('loads on where the user may not list nodes, with a notice', async () => {
  const ref = await build();
  await namespace.kubectl('create', 'serviceaccount', 'nobody');
  const token = await namespace.kubectl('create', 'token', 'nobody');
  const config = JSON.parse(
    await run('kubectl', ['config', 'view', '--raw', '-o', 'json'], { env }),
  ) as { users: { user: object }[] };
  for (const entry of config.users) entry.user = { token };
  const kubeconfig = join(folder, 'nobody.json');
  await writeFile(kubeconfig, JSON.stringify(config));
  const limited = await open({ ...env, KUBECONFIG: kubeconfig });
  reporter.warnings.length = 0;
  const systems = systemsOf({ cluster: limited });
  const report = await loadImages([image(ref)], intoContainerd(), systems);
  expect(report.loaded).toEqual([{ ref, nodes: [] }]);
  expect(reporter.warnings).toEqual([
    expect.stringContaining('may not be listed'),
  ]);
});

it('refuses an image that no node can run', async () => {
  const nodes = await listNodes((path) => cluster.get(path));
  const platforms = (nodes ?? []).map(({ status }) => ({
    os: status?.nodeInfo?.operatingSystem ?? '',
    architecture: status?.nodeInfo?.architecture ?? '',
  }));
  const [own = linux] = platforms;
  assertRunnable([{ name: 'web', platform: own }], platforms);
  const other = { os: 'linux', architecture: 's390x' };
  expect(() =>
    assertRunnable([{ name: 'web', platform: other }], platforms),
  ).toThrow(
    slipwayError(
      'SLIPWAY_E_IMAGE_PLATFORM',
      new RegExp(
        `web is for linux/s390x; the nodes are linux/${own.architecture}`,
      ),
    ),
  );
});
