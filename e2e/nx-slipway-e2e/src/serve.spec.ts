import { chmod, open, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  eventually,
  isAlive,
} from '../../../packages/nx-slipway/src/testing/wait';
import type { NxProcess } from './support/serve-process';
import { whyNotInSchema } from './support/serve-schema';
import {
  DOCKER_BUILD,
  LAYER,
  ServeStage,
  configMap,
  deployment,
  webServer,
  type Written,
} from './support/serve-stage';

let stage: ServeStage;

beforeAll(async () => {
  stage = await ServeStage.create();
});

afterAll(() => stage.remove());

/** `Kind/name` of those that are others than before, new or gone. */
function changedIn(
  before: Record<string, Written>,
  after: Record<string, Written>,
): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const isOther = (name: string) =>
    JSON.stringify(before[name]) !== JSON.stringify(after[name]);
  return [...names].filter(isOther).sort();
}

describe('nx serve of two images', () => {
  const API = 'apps/shop/k8s/backend.yaml';
  const backend = (size: number) =>
    `${deployment('backend')}---\n${configMap('settings', size)}`;
  let serve: NxProcess;

  beforeAll(async () => {
    await stage.addImage('front', { command: DOCKER_BUILD });
    await stage.addImage('backend');
    await stage.addImage('extra');
    await stage.addProject('shop', {
      'front.yaml': webServer('front'),
      'backend.yaml': backend(1),
    });
    await stage.workspace.commitAll();
    serve = stage.serve('shop');
  });

  afterAll(() => serve.stop());

  beforeEach(() => serve.skip());

  const written = () => stage.written('shop');
  const textOf = (name: string) => stage.textOf('shop', `Deployment/${name}`);

  /** Until a save of the other image has arrived: what came before is heard. */
  const throughApi = async (text: string) => {
    await stage.save('backend', text);
    await serve.cycle('backend', 'ready');
  };

  it('makes the namespace, builds what is missing, deploys it, and says that all is up to date', async () => {
    const start = await serve.next('start');
    await serve.upToDate();
    const { registry } = stage.workspace.sandbox;
    expect(start).toMatchObject({
      context: stage.context,
      registry: registry.host,
      projects: [{ name: 'shop' }],
      trigger: 'auto',
    });
    expect([...start.images].sort()).toEqual(['backend', 'front']);
    expect(await stage.log.taken()).toEqual(['backend', 'front']);
    expect(Object.keys(await written()).sort()).toEqual([
      'ConfigMap/settings',
      'Deployment/backend',
      'Deployment/front',
    ]);
    expect(await textOf('front')).toBe('front 1');
  });

  it('a save builds that image alone, and changes one object of the cluster', async () => {
    const before = await written();
    await stage.save('front', 'front 2\n');
    await serve.cycle('front', 'ready');
    await serve.upToDate();
    expect(await stage.log.taken()).toEqual(['front']);
    const after = await written();
    expect(changedIn(before, after)).toEqual(['Deployment/front']);
    expect(after['Deployment/front']?.generation).toBe(2);
    expect(await textOf('front')).toBe('front 2');
  });

  it('of a touch, the same bytes, the same mode and a checkout nothing is built', async () => {
    const file = join(stage.workspace.root, 'apps/front/src/index.html');
    const now = new Date();
    await stage.workspace.commitAll();
    await utimes(file, now, now);
    await stage.save('front', await readFile(file, 'utf8'));
    await chmod(file, 0o644);
    await utimes(file, now, now);
    await stage.workspace.git('checkout', '-f', '--', 'apps/front/src');
    await throughApi('backend 2\n');
    expect(await stage.log.taken()).toEqual(['backend']);
  });

  it('bytes that were built before are deployed, and not built again', async () => {
    await stage.save('front', 'front 1\n');
    await serve.cycle('front', 'ready');
    expect(await textOf('front')).toBe('front 1');
    expect(await stage.log.taken()).toEqual([]);
  });

  it('a build that fails is told in full, leaves the cluster as it is, and is tried with the next save', async () => {
    const before = await written();
    const mend = await stage.put('front', 'fail');
    await stage.save('front', 'front 3\n');
    const { fault } = await serve.cycle('front', 'failed');
    expect(fault?.code).toBe('SLIPWAY_E_COMMAND_FAILED');
    const lines = serve.events.flatMap((event) =>
      event.type === 'output' && event.image === 'front' ? event.line : [],
    );
    for (let at = 1; at <= 20; at++) expect(lines).toContain(`line ${at}`);
    await throughApi('backend 3\n');
    expect(changedIn(before, await written())).toEqual(['Deployment/backend']);
    const [status] = await stage.status();
    expect(status).toMatchObject({ isUpToDate: false });
    const states = status?.images.map(({ name, state }) => [name, state]);
    expect(states).toEqual(
      expect.arrayContaining([
        ['front', 'failed'],
        ['backend', 'current'],
      ]),
    );
    await mend();
    await stage.save('front', 'front 4\n');
    await serve.cycle('front', 'ready');
    await serve.upToDate();
    expect(await textOf('front')).toBe('front 4');
    expect(await stage.log.taken()).toEqual(['backend', 'front', 'front']);
  });

  it('a save kills a build that is under way, with all that it has started', async () => {
    const release = await stage.put('backend', 'slow');
    await stage.save('backend', 'backend 4\n');
    const [first = []] = await stage.held('backend', 1);
    await stage.save('backend', 'backend 5\n');
    await stage.held('backend', 2);
    await eventually('its end', () => !first.some(isAlive));
    await release();
    await serve.cycle('backend', 'ready');
    expect(await textOf('backend')).toBe('backend 5');
    expect(await stage.log.taken()).toEqual(['backend', 'backend']);
  });

  it('twice in a row at most: the third arrives, and the newest after it', async () => {
    const release = await stage.put('backend', 'slow');
    const before = (await stage.held('backend', 2)).length;
    for (const at of [1, 2, 3]) {
      await stage.save('backend', `backend 5.${at}\n`);
      await stage.held('backend', before + at);
    }
    await stage.save('backend', 'backend 6\n');
    await stage.save('front', 'front 5\n');
    await serve.cycle('front', 'ready');
    const [third = []] = (await stage.held('backend', before + 3)).slice(-1);
    expect(third.every(isAlive)).toBe(true);
    await release();
    await serve.cycle('backend', 'ready');
    await serve.upToDate();
    expect(await textOf('backend')).toBe('backend 6');
    const log = await stage.log.taken();
    expect(log.filter((name) => name === 'backend')).toHaveLength(4);
  });

  it('a build that takes longer than the time between saves arrives', async () => {
    let hasArrived = false;
    const arrives = serve.cycle('backend', 'ready').then(() => {
      hasArrived = true;
    });
    const hurry = await stage.put('backend', 'pause');
    for (let at = 0; !hasArrived && at < 100; at++) {
      await stage.save('backend', `backend 7.${at}\n`);
      await sleep(200);
    }
    await arrives;
    await hurry();
    await stage.save('backend', 'backend 7\n');
    await stage.arrives('shop', 'Deployment/backend', 'backend 7');
    await stage.log.taken();
  });

  it.each([
    ['backend', 'push'],
    ['backend', 'apply'],
    ['front', 'ready'],
  ] as const)(
    'a save while %s is in the phase %s is what it ends with',
    async (name, phase) => {
      await stage.save(name, `${name} before ${phase}\n`);
      await serve.next(
        'phase',
        (event) => event.image === name && event.phase === phase,
      );
      await stage.save(name, `${name} after ${phase}\n`);
      const text = `${name} after ${phase}`;
      await stage.arrives('shop', `Deployment/${name}`, text);
      await serve.upToDate();
      await stage.log.taken();
    },
  );

  it('manifests that are edited are applied, and what has left them is pruned', async () => {
    const before = await written();
    await stage.replace(API, backend(2));
    await serve.cycle('shop', 'ready');
    const after = await written();
    expect(changedIn(before, after)).toEqual(['ConfigMap/settings']);
    await stage.replace(API, deployment('backend'));
    await serve.cycle('shop', 'ready');
    expect(changedIn(after, await written())).toEqual(['ConfigMap/settings']);
    expect(await written()).not.toHaveProperty('ConfigMap/settings');
    expect(await stage.log.taken()).toEqual([]);
  });

  it('a file of manifests that is empty for a moment, as it is saved, takes nothing away', async () => {
    const before = await written();
    const file = await open(join(stage.workspace.root, API), 'w');
    // As long as a slow editor may take, less than what is waited for.
    await sleep(100);
    await file.writeFile(
      `${deployment('backend')}---\n${configMap('settings', 2)}`,
    );
    await file.close();
    await serve.cycle('shop', 'ready');
    expect(changedIn(before, await written())).toEqual(['ConfigMap/settings']);
  });

  it('broken YAML is told with file and line, and the rest goes on until it is mended', async () => {
    await stage.replace(API, `${deployment('backend')}---\na: b: c\n`);
    const { fault } = await serve.cycle('shop', 'failed');
    expect(fault?.code).toBe('SLIPWAY_E_MANIFEST');
    expect(fault?.message).toMatch(/apps\/shop\/k8s\/backend\.yaml:\d+:\d+/);
    await throughApi('backend 8\n');
    expect(await textOf('backend')).toBe('backend 8');
    await stage.replace(API, backend(3));
    await serve.cycle('shop', 'ready');
    await serve.upToDate();
    expect(await written()).toHaveProperty('ConfigMap/settings');
    expect(await stage.log.taken()).toEqual(['backend']);
  });

  it('a new file of manifests is applied, and the image that is new in it built', async () => {
    await stage.workspace.write(
      'apps/shop/k8s/extra.yaml',
      deployment('extra'),
    );
    await serve.cycle('extra', 'ready');
    expect(await textOf('extra')).toBe('extra 1');
    expect(await stage.log.taken()).toEqual(['extra']);
  });

  it('options of an image are read again, and stay while project.json is broken', async () => {
    const path = 'apps/extra/project.json';
    const before = await stage.workspace.read(path);
    const edited = before
      .replace('echo extra', 'echo edited')
      .replace('"Dockerfile"', '"Dockerfile", "notes.txt"');
    await stage.workspace.write('apps/extra/notes.txt', '1');
    await stage.replace(path, edited);
    await serve.upToDate();
    expect(await stage.log.taken()).toEqual(['edited']);
    await stage.replace('apps/extra/notes.txt', '2');
    await serve.cycle('extra', 'done');
    expect(await stage.log.taken()).toEqual(['edited']);
    await stage.replace(path, '{ "name": }');
    const told = await serve.next('message', ({ level }) => level === 'error');
    expect(told.text).toContain('apps/extra/project.json');
    await stage.save('extra', 'extra 2\n');
    await serve.cycle('extra', 'ready');
    expect(await textOf('extra')).toBe('extra 2');
    await stage.replace(path, edited);
    await throughApi('backend 9\n');
    expect(await stage.log.taken()).toEqual(['backend', 'edited']);
  });

  it('a project that is new builds the image that manifests come to name', async () => {
    await stage.addImage('latest');
    await stage.workspace.write(
      'apps/shop/k8s/latest.yaml',
      deployment('latest'),
    );
    await serve.cycle('latest', 'ready');
    expect(await textOf('latest')).toBe('latest 1');
    await stage.save('latest', 'latest 2\n');
    await serve.cycle('latest', 'ready');
    expect(await textOf('latest')).toBe('latest 2');
    expect(await stage.log.taken()).toEqual(['latest', 'latest']);
  });

  it('what others change is told once, and left until the next change of ours', async () => {
    const patch = JSON.stringify({ data: { size: '9' } });
    await stage.kubectl('shop', 'patch', 'configmap/settings', '-p', patch);
    const first = await serve.next('drift');
    expect(first.object).toBe('configmap/settings');
    expect(first.message).toContain('data.size');
    await stage.kubectl('shop', 'scale', 'deployment/backend', '--replicas=1');
    const second = await serve.next('drift');
    expect(second.object).toBe('deployment/backend');
    await throughApi('backend 10\n');
    const replicas = () =>
      stage.kubectl(
        'shop',
        'get',
        'deployment/backend',
        '-o',
        'jsonpath={.spec.replicas}',
      );
    expect(await replicas()).toBe('0');
    const size = () =>
      stage.kubectl(
        'shop',
        ...['get', 'configmap/settings', '-o', 'jsonpath={.data.size}'],
      );
    expect(await size()).toBe('9');
    await stage.replace(API, backend(4));
    await serve.cycle('shop', 'ready');
    expect(await size()).toBe('4');
    const told = serve.events.filter(({ type }) => type === 'drift');
    expect(told).toHaveLength(2);
    await stage.log.taken();
  });

  it('started again with nothing changed it builds, pushes and writes nothing', async () => {
    await serve.stop();
    const before = await written();
    serve = stage.serve('shop', ['--onChange=finish', '--logs=none']);
    await serve.upToDate();
    expect(changedIn(before, await written())).toEqual([]);
    expect(await stage.log.taken()).toEqual([]);
    const phases = serve.events.flatMap((event) =>
      event.type === 'phase' ? event.phase : [],
    );
    expect(phases).not.toContain('build');
    expect(phases).not.toContain('push');
    expect(serve.events.some(({ type }) => type === 'objects')).toBe(false);
  });

  it('with --onChange=finish a build ends before the newer one begins', async () => {
    const release = await stage.put('backend', 'slow');
    const before = (await stage.held('backend', 1)).length;
    await stage.save('backend', 'backend 11\n');
    await stage.held('backend', before + 1);
    await stage.save('backend', 'backend 12\n');
    await stage.save('front', 'front 6\n');
    await serve.cycle('front', 'ready');
    expect(await stage.held('backend', 1)).toHaveLength(before + 1);
    await release();
    await serve.cycle('backend', 'ready');
    await serve.upToDate();
    expect(await textOf('backend')).toBe('backend 12');
    expect(await stage.log.taken()).toEqual(['backend', 'backend', 'front']);
  });

  it('with --logs=none shows no logs', () => {
    expect(serve.events.some(({ type }) => type === 'log')).toBe(false);
  });
});

describe('nx serve of an image that is built on another', () => {
  const SHARED = '{workspaceRoot}/libs/shared';
  let serve: NxProcess;

  beforeAll(async () => {
    const withShared = (label: string) =>
      LAYER.replace(
        'docker import',
        `docker import --change "LABEL shared=$(cat ../../libs/shared/x) ${label}"`,
      );
    await stage.workspace.write('libs/shared/x', '1');
    await stage.workspace.write('apps/base/notes.txt', '1');
    await stage.addImage('base', {
      command: withShared(''),
      options: { deps: ['src', 'notes.txt', SHARED] },
    });
    await stage.addImage('child', {
      command: withShared('base=$SLIPWAY_IMAGE_0'),
      options: { deps: ['src', SHARED], imageDeps: ['base'] },
    });
    await stage.addProject('stack', { 'child.yaml': deployment('child') });
    serve = stage.serve('stack');
    await serve.upToDate();
    await stage.log.taken();
  });

  afterAll(() => serve.stop());

  beforeEach(() => serve.skip());

  /** The images whose commands begin until all is up to date, in that order. */
  const built = async () => {
    const before = serve.events.length;
    await serve.upToDate();
    return serve.events.slice(before).flatMap((event) => {
      const isBegin = event.type === 'phase' && event.ms === undefined;
      return isBegin && event.phase === 'build' ? event.image : [];
    });
  };

  it.each([
    ['the base', 'apps/base/src/index.html'],
    ['a file that both read', 'libs/shared/x'],
  ])(
    'a change of %s builds the base, then the child, each once',
    async (_, path) => {
      await stage.replace(path, '2');
      expect(await built()).toEqual(['base', 'child']);
      expect(await stage.log.taken()).toEqual(['base', 'child']);
    },
  );

  it('a base that is the same after its build leaves the child alone', async () => {
    await stage.replace('apps/base/notes.txt', '2');
    await serve.upToDate();
    expect(await stage.log.taken()).toEqual(['base']);
  });
});

describe('nx serve of an image whose build is broken', () => {
  let serve: NxProcess;

  beforeAll(async () => {
    for (const name of ['well', 'broken']) await stage.addImage(name);
    await stage.addProject('pair', {
      'pair.yaml': `${deployment('well')}---\n${deployment('broken')}`,
    });
  });

  afterAll(() => serve.stop());

  it('deploys the others, and that one when it is mended', async () => {
    const mend = await stage.put('broken', 'fail');
    serve = stage.serve('pair');
    await serve.cycle('well', 'ready');
    serve.skip();
    expect(Object.keys(await stage.written('pair'))).toEqual([
      'Deployment/well',
    ]);
    const [status] = await stage.status();
    expect(status?.images).toContainEqual(
      expect.objectContaining({ name: 'broken', state: 'failed' }),
    );
    await mend();
    await stage.save('broken', 'broken 2\n');
    await serve.cycle('broken', 'ready');
    await serve.upToDate();
    expect(await stage.textOf('pair', 'Deployment/broken')).toBe('broken 2');
    expect(await stage.log.taken()).toEqual(['broken', 'broken', 'well']);
  });
});

describe('nx serve of ten images with a file that all of them read', () => {
  const NAMES = Array.from({ length: 10 }, (_, at) => `ten-${at}`);
  let serve: NxProcess;

  beforeAll(async () => {
    await stage.workspace.write('libs/ten/x', '1');
    for (const name of NAMES) {
      await stage.addImage(name, {
        command: LAYER.replace(
          'docker import',
          'docker import --change "LABEL ten=$(cat ../../libs/ten/x)"',
        ),
        options: { deps: ['src', '{workspaceRoot}/libs/ten'] },
      });
    }
    await stage.addProject('ten', {
      'ten.yaml': NAMES.map((name) => deployment(name)).join('---\n'),
    });
    serve = stage.serve('ten');
    await serve.upToDate();
    await stage.log.taken();
  });

  afterAll(() => serve.stop());

  it('builds each once, and applies each object once', async () => {
    const from = serve.events.length;
    await stage.replace('libs/ten/x', '2');
    await serve.upToDate();
    expect(await stage.log.taken()).toEqual(NAMES);
    const changed = serve.events
      .slice(from)
      .flatMap((event) => (event.type === 'objects' ? event.objects : []))
      .map(({ action, name }) => `${action} ${name}`);
    expect(changed.sort()).toEqual(NAMES.map((name) => `changed ${name}`));
  });
});

it('tells in JSON nothing that is not in its schema', () => {
  const events = stage.started.flatMap((serve) => serve.events);
  expect(events.flatMap(whyNotInSchema)).toEqual([]);
});
