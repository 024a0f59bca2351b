import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { ServeEvent } from '../../../packages/nx-slipway/src/serve';
import { eventually } from '../../../packages/nx-slipway/src/testing/wait';
import { freePort } from './support/free-port';
import { Gate } from './support/gate';
import { dockerfile } from './support/project';
import type { NxProcess } from './support/serve-process';
import { DOCKER_BUILD, ServeStage } from './support/serve-stage';
import {
  ServedPods,
  servingPods,
  treeOf,
  type PodNow,
} from './support/served-pods';

const WWW = { sync: { from: 'src', to: '/www' } };
const USER = 1000;
const MANY = 10_000;
/** Enough for something to come between. */
const SOME = 4000;
/** For a build and a rollout, on a loaded machine. */
const WAIT_MS = 60_000;

let stage: ServeStage;
let serve: NxProcess;
let pods: ServedPods;
let api: Gate;

beforeAll(async () => {
  stage = await ServeStage.create();
  const { workspace } = stage;
  await useGate();
  await stage.addProject('shop', {});
  pods = new ServedPods(stage, 'shop');
  const add = async (
    name: string,
    steps: string[] = [],
    more: object[] = [],
  ) => {
    await stage.addImage(name, {
      command: DOCKER_BUILD,
      options: { liveUpdate: [...more, WWW] },
    });
    await workspace.write(
      `apps/${name}/Dockerfile`,
      dockerfile(workspace, name, 'COPY src /www', ...steps),
    );
  };
  await add('tree');
  await add('tarless', ['RUN rm /bin/tar']);
  await add('locked');
  await add('mounted', [], [{ initialSync: true }]);
  await add('owned');
  await add('shellless');
  await workspace.write(
    'apps/shellless/Dockerfile',
    `${dockerfile(workspace, 'shellless', 'COPY src /www')}
FROM scratch
COPY --from=0 /bin/busybox /httpd
COPY --from=0 /www /www
`,
  );
  await add('runner');
  await workspace.editJson('apps/runner/project.json', ({ targets }) => {
    const { options } = (targets as Targets)['custom-build'];
    options.liveUpdate.push({ run: 'sh /www/step.sh' });
  });
  await workspace.write('apps/runner/src/step.sh', 'exit 0\n');
  const isReadOnly = { securityContext: { readOnlyRootFilesystem: true } };
  const manifests = {
    tree: servingPods('tree'),
    tarless: servingPods('tarless'),
    locked: servingPods('locked', { container: isReadOnly }),
    mounted: servingPods('mounted', {
      container: {
        ...isReadOnly,
        volumeMounts: [{ name: 'www', mountPath: '/www' }],
      },
      spec: { volumes: [{ name: 'www', emptyDir: {} }] },
    }),
    owned: servingPods('owned', {
      spec: { securityContext: { runAsUser: USER } },
    }),
    shellless: servingPods('shellless', {
      container: { command: ['/httpd', '-f', '-p', '8080', '-h', '/www'] },
    }),
    runner: servingPods('runner'),
  };
  for (const [name, text] of Object.entries(manifests)) {
    await workspace.write(`apps/shop/k8s/${name}.yaml`, text);
  }
  serve = stage.serve('shop', ['--logs=none']);
  await serve.upToDate();
  await stage.log.taken();
});

afterAll(async () => {
  await stage.remove();
  await api.shut();
});

beforeEach(() => serve.skip());

interface Targets {
  readonly 'custom-build': {
    readonly options: { readonly liveUpdate: object[] };
  };
}

/** The API server is to be had by this port alone. */
async function useGate(): Promise<void> {
  const port = await freePort();
  let upstream = '';
  await stage.workspace.editJson('kubeconfig', (kubeconfig) => {
    const [{ cluster }] = kubeconfig.clusters as [
      { cluster: { server: string } },
    ];
    ({ port: upstream } = new URL(cluster.server));
    cluster.server = cluster.server.replace(upstream, String(port));
  });
  api = await Gate.open(port, Number(upstream));
}

const at = (path: string) => join(stage.workspace.root, 'apps', path);

const synced = (image: string) =>
  serve.next(
    'cycle',
    (cycle) => cycle.image === image && cycle.result === 'done' && !!cycle.live,
    `${image} with what is saved`,
  );
const builtNothing = async () => expect(await stage.log.taken()).toEqual([]);

const UNABLE: readonly [string, string, RegExp][] = [
  [
    'that has no shell',
    'shellless',
    /its image has no shell.* Give the image of development a shell/,
  ],
  [
    'that may write nowhere',
    'locked',
    /the file system may not be written.* Mount an emptyDir/,
  ],
  [
    'that runs as a user who may not write there',
    'owned',
    /the user of the container may not write there.* Have the image give the folder to that user/,
  ],
  ['in which a run is killed', 'runner', /killed \(exit code 137\)/],
];

async function saveUnable(): Promise<void> {
  await stage.workspace.write('apps/runner/src/step.sh', 'kill -9 $$\n');
  for (const [, image] of UNABLE) await stage.save(image, `${image} 2\n`);
}

describe('a container', () => {
  let unable: Promise<void> | undefined;

  it('without tar is given files all the same', async () => {
    await stage.save('tarless', 'tarless 2\n');
    await synced('tarless');
    await stage.workspace.write('apps/tarless/src/one', '1');
    await stage.workspace.write('apps/tarless/src/two', '2');
    await pods.show('tarless', 'two', '2');
    await pods.show('tarless', 'index.html', 'tarless 2\n');
    await builtNothing();
  });

  it('whose file system may not be written but for a volume is given them there', async () => {
    await pods.show('mounted', 'index.html', 'mounted 1\n');
    await stage.save('mounted', 'mounted 2\n');
    await synced('mounted');
    await pods.show('mounted', 'index.html', 'mounted 2\n');
    await builtNothing();
  });

  it.each(UNABLE)(
    '%s has its image built, and it is said why',
    async (_, image, why) => {
      // All at once: each is replaced.
      await (unable ??= saveUnable());
      const isBuilt = (event: ServeEvent) =>
        event.type === 'cycle' &&
        event.image === image &&
        event.result === 'ready' &&
        event.phases.some(({ name }) => name === 'sync');
      await eventually(
        `a build of ${image}`,
        () => serve.events.find(isBuilt),
        WAIT_MS,
      );
      const said = serve.events.flatMap((event) =>
        event.type === 'message' && event.image === image ? event.text : [],
      );
      expect(said).toContainEqual(expect.stringMatching(why));
      await pods.show(image, 'index.html', `${image} 2\n`);
    },
  );

  it('of another image is left alone by all that', async () => {
    const images = UNABLE.map(([, image]) => image);
    expect(await stage.log.taken()).toEqual([...images].sort());
  });

  it('in which a program serves a file serves no half of it, however often it is saved', async () => {
    const pod = await pods.one('tree');
    await stage.replace('apps/tree/src/big', body(0));
    await synced('tree');
    const reading = pods.sh(
      pod,
      'while [ ! -e /www/stop ]; do md5sum < /www/big; done | sort -u | cut -c-32',
    );
    for (let turn = 1; turn <= SAVES; turn++) {
      await stage.replace('apps/tree/src/big', body(turn));
      await synced('tree');
    }
    writeFileSync(at('tree/src/stop'), '');
    const all = Array.from({ length: SAVES + 1 }, (_, turn) => md5(body(turn)));
    const seen = (await reading).split('\n');
    expect(seen.filter((each) => !all.includes(each))).toEqual([]);
    expect(seen.length).toBeGreaterThan(1);
    await synced('tree');
    await builtNothing();
  });
});

const SAVES = 10;
/** No part of it is that of another. */
const body = (turn: number) => `${turn} `.repeat(500_000);
const md5 = (text: string | Buffer) =>
  createHash('md5').update(text).digest('hex');

/** All of it at once, as far as serve sees it. @param fill none: it goes */
function replaceFolder(name: string, fill?: (root: string) => void): void {
  const [next, last, now] = [
    at('tree/next'),
    at('tree/last'),
    at(`tree/src/${name}`),
  ];
  if (fill) {
    mkdirSync(next);
    fill(next);
  }
  if (existsSync(now)) renameSync(now, last);
  if (fill) renameSync(next, now);
  rmSync(last, { recursive: true, force: true });
}

/** The paths at which a container of it holds something else than src/ does. */
async function differing(pod: PodNow): Promise<string[]> {
  const there = await pods.tree(pod, '/www');
  const here = treeOf(at('tree/src'));
  return [...new Set([...Object.keys(there), ...Object.keys(here)])]
    .filter((path) => there[path] !== here[path])
    .map((path) => `${path}: ${there[path]}, not ${here[path]}`)
    .slice(0, 10);
}

describe('what is saved stands there as it is here:', () => {
  const isSame = async () => {
    const pod = await pods.one('tree');
    expect(await differing(pod)).toEqual([]);
    await builtNothing();
  };
  const put = async (name: string, fill: (root: string) => void) => {
    replaceFolder(name, fill);
    await synced('tree');
  };

  it('names that look like flags, that shells read otherwise, that are long', async () => {
    await put('names', (root) => {
      for (const name of NAMES) writeFileSync(join(root, name), name);
      const deep = join(root, ...Array<string>(20).fill('deep-and-deeper'));
      mkdirSync(deep, { recursive: true });
      writeFileSync(join(deep, 'file'), 'deep');
    });
    await isSame();
  });

  it('links, hard links, holes, modes', async () => {
    await put('kinds', (root) => {
      writeFileSync(join(root, 'file'), 'file');
      linkSync(join(root, 'file'), join(root, 'hard'));
      symlinkSync('file', join(root, 'link'));
      symlinkSync('/nowhere', join(root, 'broken'));
      writeFileSync(join(root, 'holes'), '');
      truncateSync(join(root, 'holes'), 3_000_000);
      for (const mode of [0o755, 0o700, 0o600, 0o444]) {
        writeFileSync(join(root, `mode-${mode}`), 'mode');
        chmodSync(join(root, `mode-${mode}`), mode);
      }
    });
    await isSame();
    chmodSync(at('tree/src/kinds/file'), 0o755);
    await synced('tree');
    await isSame();
  });

  it('folders that were files, and files that were folders', async () => {
    await put('turn', (root) => {
      writeFileSync(join(root, 'one'), 'file');
      mkdirSync(join(root, 'two/deep'), { recursive: true });
      writeFileSync(join(root, 'two/deep/file'), 'deep');
    });
    await put('turn', (root) => {
      mkdirSync(join(root, 'one/deep'), { recursive: true });
      writeFileSync(join(root, 'one/deep/file'), 'deep');
      writeFileSync(join(root, 'two'), 'file');
    });
    await isSame();
  });

  it('and nowhere else: no link in the container is followed', async () => {
    const pod = await pods.one('tree');
    const lead = () =>
      pods.sh(pod, 'rm -rf /www/out && ln -s /outside /www/out');
    await pods.sh(pod, 'mkdir /outside && echo mine > /outside/file');
    await lead();
    await put('out', (root) => writeFileSync(join(root, 'file'), 'ours'));
    await isSame();
    await lead();
    replaceFolder('out');
    await synced('tree');
    expect(await pods.sh(pod, 'ls /outside; cat /outside/file')).toBe(
      'file\nmine',
    );
    await pods.sh(pod, 'rm -f /www/out');
    await isSame();
  });
});

const NAMES = [
  ...['-rf', '--', '-', '--help', "it's", 'a  b', 'new\nline', '$(touch x)'],
  ...['`touch x`', '$HOME', '*', '[a]', '"', '\\', '\\n', ';', '&', '|', '#'],
  ...[' ', 'ü', '日本', '.hidden', '!', '%', '=', '~x'],
  ...['x'.repeat(101), 'y'.repeat(255)],
];

describe('thousands of files at once are there in the end when', () => {
  let turn = 0;
  let names: readonly string[];
  const fill = (count: number) => {
    turn += 1;
    names = Array.from({ length: count }, (_, file) => `file-${file}`).sort();
    replaceFolder('many', (root) => {
      for (const name of names) {
        writeFileSync(join(root, name), `${turn} ${name}`);
      }
    });
  };
  const begun = (pod: PodNow) =>
    pods.sh(pod, 'until ls -A /www/many | grep -q nx-slipway; do :; done');
  const arrives = async () => {
    const pod = await pods.one('tree');
    const expected = md5(names.map((name) => `${turn} ${name}`).join(''));
    await stage.until('all of them', async () => {
      const found = await pods
        .sh(pod, 'cd /www/many && cat * | md5sum')
        .catch(String);
      return found.startsWith(expected);
    });
    await builtNothing();
    return pods.one('tree');
  };

  it('nothing comes between', async () => {
    fill(MANY);
    const { live } = await synced('tree');
    expect(live?.files).toBe(MANY);
    await arrives();
  });

  it('the connection breaks meanwhile', async () => {
    const pod = await pods.one('tree');
    const isBegun = begun(pod);
    fill(SOME);
    await isBegun;
    await api.shut();
    await api.open();
    await synced('tree');
    expect((await arrives()).uid).toBe(pod.uid);
  });

  it('the container is started again meanwhile', async () => {
    const pod = await pods.one('tree');
    const isEnded = pods
      .sh(
        pod,
        'until ls -A /www/many | grep -q nx-slipway; do :; done; kill 1; sleep 9',
      )
      .catch(() => undefined);
    fill(SOME);
    await isEnded;
    const after = await arrives();
    expect([after.uid, after.containers[0]?.restarts]).toEqual([pod.uid, 1]);
  });

  it('the pod is replaced meanwhile', async () => {
    const pod = await pods.one('tree');
    const isBegun = begun(pod);
    fill(SOME);
    await isBegun;
    await pods.delete(pod);
    expect((await arrives()).uid).not.toBe(pod.uid);
  });

  it('and none of them when all are deleted', async () => {
    replaceFolder('many');
    await synced('tree');
    const pod = await pods.one('tree');
    expect(await differing(pod)).toEqual([]);
    await builtNothing();
  });
});
