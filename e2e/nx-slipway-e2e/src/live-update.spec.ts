import {
  appendFileSync,
  mkdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../../packages/nx-slipway/src/testing/wait';
import type { NxProcess } from './support/serve-process';
import { whyNotInSchema } from './support/serve-schema';
import { dockerfile } from './support/project';
import { DOCKER_BUILD, ServeStage } from './support/serve-stage';
import {
  ServedPods,
  serving,
  servingPods,
  type PodNow,
} from './support/served-pods';

const WWW = { sync: { from: 'src', to: '/www' } };
/** Says what it has made of the page; broken it fails. */
const MAKE = `echo "made of $(cat /www/index.html)" > /www/made.html\n`;
const BROKEN = 'echo cannot make >&2; exit 3\n';
/** The last of its command fails while there is a file. */
const FRAIL = (port: number) =>
  `trap 'exit 1' TERM; httpd -f -p ${port} -h /www & while [ ! -e /www/crash ]; do sleep 0.05; done; exit 1`;

/**
 * What has just been started again, and is given what is saved, may end before it
 * has it: it is given that once the kubelet starts it again, the third time
 * after 40 s.
 */
const BACK_OFF_MS = 120_000;

const USER = 1000;
/** Shows what there was when it was started, and how often it was. */
const STARTING =
  'cd /state; cp /www/index.html seen; echo . >> starts; exec httpd -f -p $PORT -h /state';

let stage: ServeStage;
let serve: NxProcess;
let pods: ServedPods;
/** Another namespace than that of the project. */
let far: string;
/** Nobody builds it. */
let busybox: string;
/** Of what made a container crash. */
let mended: Promise<void>;

beforeAll(async () => {
  stage = await ServeStage.create();
  const { workspace } = stage;
  const { hostFromCluster } = workspace.sandbox.registry;
  busybox = `${hostFromCluster}/busybox`;
  await stage.addProject('shop', {});
  const { name } = await stage.addProject('desk', {});
  far = `${name}-far`;
  pods = new ServedPods(stage, 'shop', [far]);
  await addImage('web', {
    ignore: ['**/*.ignored'],
    liveUpdate: [{ fallBackOn: ['src/config.json'] }, WWW],
  });
  await workspace.write('apps/web/note.txt', '1');
  await workspace.write('apps/web/src/config.json', '1');
  await workspace.write('apps/web/src/folder/deep/page.html', '1');
  await workspace.write('apps/web/src/.dockerignore', '**/*.docker\n');
  await addImage('steps', {
    liveUpdate: [
      { initialSync: { ignore: ['**/*.map'] } },
      WWW,
      { run: 'sh /www/make.sh' },
      { run: 'echo . >> /www/installed', trigger: ['src/packages.txt'] },
    ],
  });
  await workspace.write('apps/steps/src/make.sh', MAKE);
  await workspace.write('apps/steps/src/packages.txt', '1');
  await addImage('frail', { liveUpdate: [WWW] });
  await addImage('base');
  await addImage('child', {
    imageDeps: ['base'],
    liveUpdate: [
      WWW,
      { sync: { from: '{workspaceRoot}/apps/base/src', to: '/www/base' } },
    ],
  });
  const own = (name: string, ...steps: string[]) =>
    workspace.write(
      `apps/${name}/Dockerfile`,
      dockerfile(workspace, name, ...steps),
    );
  await own('base', 'COPY src /www/base');
  await workspace.write(
    'apps/child/Dockerfile',
    'ARG BASE\nFROM $BASE\nCOPY src /www\n',
  );
  await addImage('fed', {
    deps: ['Dockerfile'],
    liveUpdate: [{ sync: { target: 'compile', from: 'dist', to: '/www' } }],
  });
  await own('fed', 'COPY dist /www');
  await workspace.editJson('apps/fed/project.json', ({ targets }) => {
    Object.assign(targets as object, {
      compile: {
        command:
          'mkdir -p dist && sed s/^/compiled:/ src/index.html > dist/index.html',
        options: { cwd: '{projectRoot}' },
        inputs: ['{projectRoot}/src/**/*'],
        outputs: ['{projectRoot}/dist'],
        cache: true,
      },
    });
  });
  await addImage('proc', {
    entrypoint: ['sh', '-c', STARTING],
    liveUpdate: [WWW, { restart: true }],
  });
  await own(
    'proc',
    'COPY src /www',
    `RUN mkdir /state && chown -R ${USER} /www /state`,
  );
  await addImage('plain', {
    ref: `${busybox}:1.35`,
    command: ':',
    deps: ['src', 'special.txt'],
    liveUpdate: [{ initialSync: true }, WWW],
  });
  await workspace.write('apps/plain/special.txt', '1');
  const manifests = {
    'shop/k8s/web': servingPods('web', { replicas: 2, containers: 2 }),
    'desk/k8s/far': `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${far} }\n`,
    'desk/k8s/web': servingPods('web', { namespace: far }),
    'shop/k8s/steps': servingPods('steps'),
    'shop/k8s/frail': servingPods('frail', { script: FRAIL }),
    'shop/k8s/child': servingPods('child'),
    'shop/k8s/fed': servingPods('fed'),
    'shop/k8s/proc': servingPods('proc', {
      containers: 2,
      script: () => 'exit 1',
      spec: { securityContext: { runAsUser: USER } },
    }),
    'shop/k8s/plain': servingPods('plain', {
      image: `${busybox}:1.35`,
      script: (port) => `mkdir /www; ${serving('/www', port)}`,
    }),
  };
  for (const [path, text] of Object.entries(manifests)) {
    await workspace.write(`apps/${path}.yaml`, text);
  }
  serve = stage.serve('shop', ['--logs=none', '--projects=shop,desk']);
  await serve.upToDate();
  expect(await stage.log.taken()).toEqual([
    ...['base', 'child', 'fed', 'frail', 'proc', 'steps', 'web'],
  ]);
  await workspace.write('apps/frail/src/crash', '1');
  await synced('frail');
  mended = mendFrail();
  // The test that waits for it tells of it, and no other.
  mended.catch(() => undefined);
});

afterAll(async () => {
  await stage.kubectl(
    'shop',
    ...['delete', 'namespace', far, '--wait=false', '--ignore-not-found'],
  );
  await stage.remove();
});

beforeEach(() => serve.skip());

async function addImage(name: string, options: object = {}): Promise<void> {
  const command = name === 'child' ? CHILD_BUILD : DOCKER_BUILD;
  await stage.addImage(name, { command, options: { ...options } });
}

const CHILD_BUILD = DOCKER_BUILD.replace(
  '-t',
  '--build-arg BASE=$SLIPWAY_IMAGE_0 -t',
);

const at = (path: string) => join(stage.workspace.root, 'apps', path);

/** Has the containers of an image been given what is saved, and no more done. */
const synced = (image: string, containers = 1) =>
  serve.next(
    'cycle',
    ({ image: of, result, live }) =>
      of === image && result === 'done' && live?.containers === containers,
    `${containers} containers of ${image} with what is saved`,
  );

/** The containers that have started since are given it. */
const caughtUp = (image: string) =>
  serve.next('live-update', (event) => event.image === image);

/** It takes the kubelet ten seconds to call that a crash loop, and a moment to try again. */
async function mendFrail(): Promise<void> {
  for (let isBuilt = false; !isBuilt;) {
    await stage.workspace.write('apps/frail/src/crash', '1');
    await stage.until('a crash loop', async () => {
      const [pod] = await pods.of('frail');
      return pod?.containers[0]?.waiting === 'CrashLoopBackOff';
    });
    const before = serve.events.length;
    unlinkSync(at('frail/src/crash'));
    await stage.save('frail', 'frail 2\n');
    const { phases } = await eventually(
      'the end of it',
      () =>
        serve.events
          .slice(before)
          .filter((event) => event.type === 'cycle')
          .find(({ image }) => image === 'frail'),
      BACK_OFF_MS,
    );
    isBuilt = phases.some(({ name }) => name === 'build');
  }
}

const identity = (all: readonly PodNow[]) =>
  all.map(({ uid, containers }) => [
    uid,
    containers.map(({ restarts }) => restarts),
  ]);

const said = (image: string, text: RegExp) =>
  serve.next(
    'message',
    (event) => event.image === image && text.test(event.text),
    String(text),
  );

/** But for the one that comes to it in its own time. */
const built = async () =>
  (await stage.log.taken()).filter((name) => name !== 'frail');

const builtNothing = async () => expect(await built()).toEqual([]);

describe('a save that a sync takes', () => {
  it('is in all containers of all pods, in each namespace, and nothing is built', async () => {
    const before = identity(await pods.of('web'));
    await stage.save('web', 'web 2\n');
    const { live } = await synced('web', 5);
    expect(live?.files).toBe(1);
    expect(await pods.texts('web', 'index.html')).toEqual(
      Array(5).fill('web 2\n'),
    );
    expect(identity(await pods.of('web'))).toEqual(before);
    await builtNothing();
  });

  it('deletes what is deleted, a file and a folder', async () => {
    unlinkSync(at('web/src/folder/deep/page.html'));
    await synced('web', 5);
    await pods.show('web', 'folder/deep/page.html', undefined);
    mkdirSync(at('web/src/whole/below'), { recursive: true });
    writeFileSync(at('web/src/whole/below/page.html'), 'whole\n');
    await synced('web', 5);
    await pods.show('web', 'whole/below/page.html', 'whole\n');
    rmSync(at('web/src/whole'), { recursive: true });
    await synced('web', 5);
    const [pod] = await pods.of('web');
    if (!pod) throw new Error('no pod');
    expect(await pods.sh(pod, 'ls /www')).toBe('config.json\nindex.html');
    await builtNothing();
  });

  it('is nothing if it is ignored, whoever ignores it', async () => {
    const ignored = ['own.ignored', 'of.docker', 'index.html.swp'];
    for (const name of ignored) writeFileSync(at(`web/src/${name}`), '1');
    await stage.save('web', 'web 3\n');
    const { live } = await synced('web', 5);
    expect(live?.files).toBe(1);
    for (const name of ignored) await pods.show('web', name, undefined);
    await builtNothing();
  });

  it('is there again once a container of the pod has been started again', async () => {
    const [pod] = await pods.of('web');
    if (!pod) throw new Error('no pod');
    await pods.end(pod, 'c1');
    await caughtUp('web');
    const [after] = await pods.of('web');
    expect(after?.uid).toBe(pod.uid);
    expect(after?.containers.map(({ restarts }) => restarts)).toEqual([0, 1]);
    await pods.show('web', 'index.html', 'web 3\n');
    await builtNothing();
  });

  it('is in the pod that takes the place of one that is deleted, and so is the next', async () => {
    const [pod] = await pods.of('web');
    if (!pod) throw new Error('no pod');
    await pods.delete(pod);
    await caughtUp('web');
    await caughtUp('web');
    await pods.show('web', 'index.html', 'web 3\n');
    await stage.save('web', 'web 4\n');
    await synced('web', 5);
    await pods.show('web', 'index.html', 'web 4\n');
    await builtNothing();
  });

  it('waits while serve is paused', async () => {
    await stage.slipway('pause');
    await stage.save('web', 'web 5\n');
    await serve.state('web', 'changed');
    await pods.show('web', 'index.html', 'web 4\n');
    await stage.slipway('resume');
    await synced('web', 5);
    await pods.show('web', 'index.html', 'web 5\n');
    await builtNothing();
  });
});

describe('a save that no sync takes', () => {
  it.each([
    [
      'fallBackOn names it',
      'web/src/config.json',
      /apps\/web\/src\/config\.json changed, and fallBackOn "src\/config\.json"/,
    ],
    [
      'there is none for it',
      'web/Dockerfile',
      /apps\/web\/Dockerfile changed, and no sync takes it/,
    ],
  ])(
    'is built where %s, and it is said which file and why',
    async (_, path, why) => {
      const before = await pods.of('web');
      appendFileSync(at(path), '\nLABEL more=1\n');
      await said('web', why);
      await serve.cycle('web', 'ready');
      expect(await built()).toEqual(['web']);
      await pods.show('web', 'index.html', 'web 5\n');
      const old = before.map(({ uid }) => uid);
      expect((await pods.of('web')).some(({ uid }) => old.includes(uid))).toBe(
        false,
      );
    },
  );

  it('leaves the pods of the new image for syncs to go on with', async () => {
    await stage.save('web', 'web 6\n');
    await synced('web', 5);
    await pods.show('web', 'index.html', 'web 6\n');
    await builtNothing();
  });
});

describe('an image that nobody builds', () => {
  it('holds from the start what the workspace has', async () => {
    await pods.show('plain', 'index.html', 'plain 1\n');
  });

  it('is given what a sync takes, and replaced for what none takes', async () => {
    const before = await pods.one('plain');
    await stage.save('plain', 'plain 2\n');
    await synced(busybox);
    await pods.show('plain', 'index.html', 'plain 2\n');
    expect(identity(await pods.of('plain'))).toEqual(identity([before]));
    writeFileSync(at('plain/special.txt'), '2');
    await said(
      busybox,
      /apps\/plain\/special\.txt changed, and no sync takes it/,
    );
    await caughtUp(busybox);
    const after = await pods.one('plain');
    expect(after.uid).not.toBe(before.uid);
    await pods.show('plain', 'index.html', 'plain 2\n');
    await stage.save('plain', 'plain 3\n');
    await synced(busybox);
    await pods.show('plain', 'index.html', 'plain 3\n');
    expect(identity(await pods.of('plain'))).toEqual(identity([after]));
    await builtNothing();
  });
});

describe('a run', () => {
  const installed = async () => (await pods.texts('steps', 'installed'))[0];

  it('has run in a container that is new, of what initialSync has given it', async () => {
    await pods.show('steps', 'made.html', 'made of steps 1\n');
    expect(await installed()).toBe('.\n');
  });

  it('without a trigger runs at each save, one with a trigger when its file has changed', async () => {
    await stage.save('steps', 'steps 2\n');
    await synced('steps');
    await pods.show('steps', 'made.html', 'made of steps 2\n');
    expect(await installed()).toBe('.\n');
    await stage.replace('apps/steps/src/packages.txt', '2');
    await synced('steps');
    expect(await installed()).toBe('.\n.\n');
    await builtNothing();
  });

  it('that fails is told with what it says, and run again in the same pod once it is mended', async () => {
    const before = await pods.one('steps');
    await stage.replace('apps/steps/src/make.sh', BROKEN);
    const { fault } = await serve.cycle('steps', 'failed');
    expect(fault).toMatchObject({
      code: 'SLIPWAY_E_LIVE_RUN',
      message: expect.stringContaining('ended with 3') as unknown,
    });
    expect(serve.events).toContainEqual(
      expect.objectContaining({
        type: 'output',
        phase: 'run',
        line: 'cannot make',
      }),
    );
    await stage.save('steps', 'steps 3\n');
    await serve.cycle('steps', 'failed');
    await stage.replace('apps/steps/src/make.sh', MAKE);
    await synced('steps');
    await pods.show('steps', 'made.html', 'made of steps 3\n');
    expect(identity(await pods.of('steps'))).toEqual(identity([before]));
    await builtNothing();
  });

  it('runs in a pod that is new', async () => {
    await pods.delete(await pods.one('steps'));
    await caughtUp('steps');
    await pods.show('steps', 'made.html', 'made of steps 3\n');
    await builtNothing();
  });
});

describe('a container that', () => {
  it('is built on another image is given what changes in that, and neither is built', async () => {
    const before = identity(await pods.of('child'));
    await stage.save('base', 'base 2\n');
    await synced('child');
    await pods.show('child', 'base/index.html', 'base 2\n');
    await stage.save('child', 'child 2\n');
    await synced('child');
    await pods.show('child', 'index.html', 'child 2\n');
    expect(identity(await pods.of('child'))).toEqual(before);
    await builtNothing();
  });

  it('is given what an Nx target makes, is given it once that has made it', async () => {
    const before = identity(await pods.of('fed'));
    await stage.save('fed', 'fed 2\n');
    await synced('fed');
    await pods.show('fed', 'index.html', 'compiled:fed 2\n');
    expect(identity(await pods.of('fed'))).toEqual(before);
    await builtNothing();
  });

  it('crashes again and again of what it was given has its image built at the next save', async () => {
    await mended;
    await pods.show('frail', 'index.html', 'frail 2\n');
    await pods.one('frail');
    const told = serve.events.filter(
      (event) => 'image' in event && event.image === 'frail',
    );
    expect(told).toContainEqual(
      expect.objectContaining({
        type: 'message',
        text: expect.stringMatching(/built: .*CrashLoopBackOff/) as unknown,
      }),
    );
  });
});

describe('a process that is to start again', () => {
  it('does so in both containers of the pod, as their own user, by the entrypoint that the image is given', async () => {
    const before = identity(await pods.of('proc'));
    await pods.show('proc', 'seen', 'proc 1\n');
    await stage.save('proc', 'proc 2\n');
    const { phases } = await synced('proc', 2);
    expect(phases.map(({ name }) => name)).toContain('restart');
    await pods.show('proc', 'seen', 'proc 2\n');
    await pods.show('proc', 'starts', '.\n.\n');
    expect(identity(await pods.of('proc'))).toEqual(before);
    await builtNothing();
  });

  it('holds what was saved after its container was started again, too', async () => {
    const before = await pods.one('proc');
    await pods.end(before, 'c1');
    await caughtUp('proc');
    await pods.show('proc', 'seen', 'proc 2\n');
    expect(identity([await pods.one('proc')])).toEqual([[before.uid, [0, 1]]]);
    await builtNothing();
  });
});

describe('pods that a serve has left with what was saved', () => {
  beforeAll(async () => {
    await serve.kill();
    await stage.save('web', 'web 7\n');
    serve = stage.serve('desk', ['--logs=none', '--trigger=manual']);
  });

  const left = () => pods.one('web', far);

  it('are brought up to date by the next, which builds nothing', async () => {
    const before = await left();
    await serve.upToDate();
    await pods.show('web', 'index.html', 'web 7\n', far);
    expect(identity([await left()])).toEqual(identity([before]));
    await builtNothing();
  });

  it('are given what is saved when somebody asks for it, with --trigger=manual', async () => {
    await stage.save('web', 'web 8\n');
    await serve.state('web', 'changed');
    await pods.show('web', 'index.html', 'web 7\n', far);
    await stage.slipway('trigger');
    await synced('web');
    await pods.show('web', 'index.html', 'web 8\n', far);
    await builtNothing();
  });

  it('are replaced by a deploy', async () => {
    await serve.stop();
    const before = await left();
    expect(before.annotations).toHaveProperty(['nx-slipway.dev/live-update']);
    const { exitCode, output } = await stage.run('deploy', 'desk');
    expect([exitCode, output]).toEqual([0, output]);
    expect((await left()).uid).not.toBe(before.uid);
    await pods.show('web', 'index.html', 'web 8\n', far);
  });
});

it('steps that make no sense are refused before anything is built', async () => {
  await stage.addImage('bad', { options: { liveUpdate: [{ run: 'x' }, WWW] } });
  const { exitCode, output } = await stage.run('run', 'bad:custom-build');
  expect(exitCode).toBe(1);
  expect(output).toContain('SLIPWAY_E_OPTION_INVALID');
  expect(output).toContain(
    'step 2 of liveUpdate, sync, comes after step 1, run',
  );
});

it('tells in JSON nothing that is not in its schema', () => {
  const events = stage.started.flatMap((each) => each.events);
  expect(events.flatMap(whyNotInSchema)).toEqual([]);
});
