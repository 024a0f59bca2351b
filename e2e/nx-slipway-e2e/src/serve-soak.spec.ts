import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProcessProbe, type Held } from './support/process-probe';
import { deployRefOf, dockerfile } from './support/project';
import { run } from './support/run';
import type { NxProcess } from './support/serve-process';
import { ServeStage, configMap } from './support/serve-stage';
import { SoakFiles, randomEdits, type SoakImage } from './support/soak-edits';
import { SoakSystems, type Outage } from './support/soak-systems';

interface Soak {
  readonly edits: number;
  /** Of all edits together. Milliseconds. */
  readonly takes: number;
  /** At even distances among the edits that are measured. */
  readonly outages: readonly Outage[];
}

const SHORT: Soak = {
  edits: 40,
  takes: 60_000,
  outages: ['apiserver', 'registry', 'dockerd'],
};
/** `SLIPWAY_SOAK=full` (CONTRIBUTING.md). */
const FULL: Soak = {
  edits: 200,
  takes: 600_000,
  outages: ['apiserver', 'registry', 'dockerd', 'apiserver'],
};
const { edits, takes, outages } =
  process.env.SLIPWAY_SOAK === 'full' ? FULL : SHORT;
/** `SLIPWAY_SOAK_SEED` runs the same again. */
const SEED = Number(
  process.env.SLIPWAY_SOAK_SEED ?? Math.floor(Math.random() * 2 ** 31),
);
/** By then all that is loaded once is loaded. */
const WARM = 1 / 3;
/** For retries that wait longer and longer. Milliseconds. */
const REST_MS = 120_000;
const STEP_MS = 250;
/** Connections that are kept for a while come and go. */
const SPARE_FILES = 6;

/** What there may have been of an image. */
const GONE = [0, 1, 2, 3, 4, 5]
  .map((index) => `file-${index}`)
  .concat('broken');
const MANIFEST = 'apps/shop/k8s/settings.yaml';

/** Has all of src/ of an image at `/`, and that of the one it is built on. */
const pod = (name: SoakImage) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: main
          image: ${name}
          command: [sh, -c, "ln -s /base /www/base; exec httpd -f -p 8080 -h /www"]
`;

describe(`a serve of random edits and failing systems, SLIPWAY_SOAK_SEED=${SEED}`, () => {
  let stage: ServeStage;
  let systems: SoakSystems;
  let probe: ProcessProbe;
  let files: SoakFiles;
  let serve: NxProcess;
  let before: ReadonlySet<string>;

  beforeAll(async () => {
    systems = await SoakSystems.start();
    stage = await ServeStage.create();
    before = new Set(await transientTags());
    const { workspace } = stage;
    const { host } = systems.sandbox.registry;
    await workspace.usePlugin({
      registry: { host, hostFromCluster: host },
      workspaceId: `soak-${SEED}`,
    });
    const kubeconfig = systems.kubeconfig(stage.context);
    await workspace.writeJson('kubeconfig', kubeconfig);
    files = new SoakFiles(workspace, MANIFEST, (setting) =>
      configMap('settings').replace('"1"', JSON.stringify(setting)),
    );
    await addImages();
    await stage.addProject('shop', {
      'web.yaml': pod('web'),
      'worker.yaml': pod('worker'),
    });
    await files.mend();
    probe = await ProcessProbe.create(workspace);
    serve = stage.serve('shop', [], { ...env(), ...probe.env });
  });

  afterAll(async () => {
    await stage?.remove();
    await systems?.stop();
  });

  /** That Docker keeps its images from run to run. */
  async function transientTags(): Promise<string[]> {
    const list = ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}'];
    const tags = await run('docker', list, { env: env() });
    return tags.split('\n').filter((tag) => tag.includes('-build-'));
  }

  const env = () => ({ DOCKER_HOST: systems.sandbox.dockerHost });

  async function addImages(): Promise<void> {
    const { workspace } = stage;
    const build = (flags = '') =>
      `test ! -e src/broken && docker build -q ${flags} -t $EXPECTED_REF .`;
    await stage.addImage('base', { command: build() });
    await stage.addImage('worker', { command: build() });
    await stage.addImage('web', {
      command: build('--build-arg BASE=$SLIPWAY_IMAGE_0'),
      options: { imageDeps: ['base'] },
    });
    const copying = (to: string) => `COPY src ${to}`;
    const base = dockerfile(workspace, 'base', copying('/base'));
    await workspace.write('apps/base/Dockerfile', base);
    await workspace.write(
      'apps/web/Dockerfile',
      ['ARG BASE', 'FROM $BASE', copying('/www'), ''].join('\n'),
    );
  }

  /** Lets systems fail at even distances. */
  async function edit(
    given: ReturnType<typeof randomEdits>,
    failing: readonly Outage[],
  ): Promise<void> {
    const distance = Math.ceil(given.length / (failing.length + 1));
    for (const [index, each] of given.entries()) {
      await files.apply(each);
      await sleep(each.pause);
      const outage = failing[(index + 1) / distance - 1];
      if (outage) systems.fail(outage);
    }
    await systems.back();
  }

  /** All is mended, and the cluster runs it, as serve itself says. */
  async function atRest(): Promise<void> {
    await files.mend();
    const end = Date.now() + REST_MS;
    for (;;) {
      const wrong = await notServed();
      const [status] = wrong === undefined ? await stage.status() : [];
      if (status?.isUpToDate) return;
      if (Date.now() > end) {
        const last = serve.output.split('\n').slice(-60).join('\n');
        throw new Error(
          `${wrong ?? 'it never says that all is up to date'}, in:\n${last}`,
        );
      }
      await sleep(STEP_MS);
    }
  }

  /** @returns what the cluster does not serve as it is to be */
  async function notServed(): Promise<string | undefined> {
    const { base, web, worker } = files.content;
    const found = await stage
      .kubectl('shop', 'get', 'configmap', 'settings', '-o', 'json')
      .catch(() => '{}');
    const { data } = JSON.parse(found) as { data?: { size: string } };
    if (data?.size !== files.setting) return 'the ConfigMap is another';
    const all = new Map([
      ...[...base].map(([name, text]) => [`base/${name}`, text] as const),
      ...web,
    ]);
    return (await differing('web', all)) ?? (await differing('worker', worker));
  }

  /** @returns the first file of an image that its pods do not serve so */
  async function differing(
    image: SoakImage,
    expected: ReadonlyMap<string, string>,
  ): Promise<string | undefined> {
    const list = await stage.kubectl(
      'shop',
      ...['get', 'pods', '-l', `app=${image}`],
      ...['-o', 'jsonpath={.items[*].status.podIP}'],
    );
    const ips = list.split(' ').filter(Boolean);
    const [ip] = ips;
    if (ip === undefined || ips.length > 1) {
      return `${image} has ${ips.length} pods`;
    }
    const gone = [...GONE].filter((name) => !expected.has(name));
    for (const name of [...expected.keys(), ...gone]) {
      const answer = await fetch(`http://${ip}:8080/${name}`, {
        headers: { connection: 'close' },
      }).catch(() => undefined);
      const text = answer?.status === 200 ? await answer.text() : undefined;
      if (!answer || text !== expected.get(name)) {
        return `${image} serves ${text} as ${name}, not ${expected.get(name)}`;
      }
    }
    return undefined;
  }

  let warm: Held;

  it(
    'has the cluster run the last content, whatever came between',
    async () => {
      const all = randomEdits(SEED, edits, takes / edits);
      const first = Math.ceil(edits * WARM);
      await serve.upToDate();
      await edit(all.slice(0, first), []);
      await atRest();
      warm = await probe.ask(serve.executor);
      await edit(all.slice(first), outages);
      await atRest();
    },
    takes * 3 + 3 * REST_MS,
  );

  it('needs no more memory, files and watches than before', async () => {
    const calm = async () => {
      const end = Date.now() + REST_MS;
      for (;;) {
        const held = await probe.ask(serve.executor);
        const more = Object.entries(held.files).filter(
          ([kind, count]) => count > (warm.files[kind] ?? 0) + SPARE_FILES,
        );
        if (more.length === 0 || Date.now() > end) return { held, more };
        await sleep(STEP_MS);
      }
    };
    const { held, more } = await calm();
    expect(more).toEqual([]);
    expect(held.watches).toBeLessThanOrEqual(warm.watches + SPARE_FILES);
    expect(held.heap / warm.heap).toBeLessThan(1.1);
  });

  it('leaves nothing behind when it ends', async () => {
    await serve.stop();
    expect(await stage.sockets()).toEqual([]);
    // A Lease that the API server was too slow to let go is of a process that has ended.
    const deploy = stage.nx(['deploy', 'shop'], env());
    expect(await deploy.end()).toBe(0);
    expect(deploy.output).not.toContain('held by');
    expect(await stage.holder('shop')).toBe('');
    const left = readdirSync(join(stage.workspace.root, '.nx'), {
      recursive: true,
    });
    expect(left.filter((name) => /ticket-\d/.test(String(name)))).toEqual([]);
  });

  it('has deployed what a build of its own makes of the same', async () => {
    const written = await stage.written('shop');
    for (const image of ['base', 'web', 'worker'] as const) {
      const build = stage.nx(['run', `${image}:custom-build`], env());
      await build.end();
      const ref = deployRefOf(build.output);
      if (image === 'base') continue;
      expect(written[`Deployment/${image}`]?.image).toBe(ref);
    }
    // What came late of commands that were cut off is gone by now, too.
    const added = (await transientTags()).filter((tag) => !before.has(tag));
    expect(added).toEqual([]);
  });
});
