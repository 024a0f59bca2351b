import { createHash } from 'node:crypto';
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { connectDocker, type DockerEngine } from '../docker';
import { contentId, formatReference, identityOfInspect } from '../image';
import {
  connectRegistry,
  dockerCredentials,
  noCredentials,
  type RegistryClient,
} from '../registry';
import { Secrets } from '../report';
import { parseRegistry } from '../settings';
import { ledgerFolder, lockFolder, openLedger, withLock } from '../state';
import { inspectOf, useDockerApi } from '../testing/docker-api';
import { defaultPlan } from '../testing/build-plan';
import { useHttpServer } from '../testing/http-server';
import { recordingReporter } from '../testing/recording-reporter';
import { errorOf, slipwayError } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { eventually } from '../testing/wait';
import { buildImage, hashInputs } from './build-image';
import { currentImage } from './current-image';
import { expectedRef } from './expected-ref';
import type { BuildPlan } from './plan';
import type { BuildSystems } from './systems';

const folder = useTempFolder();
const api = useDockerApi(folder);
const registry = useHttpServer();
const DIGEST = `sha256:${'d'.repeat(64)}`;
const PUSHED = [{ status: 'Pushing' }, { aux: { Digest: DIGEST } }];

const clients: RegistryClient[] = [];
let docker: DockerEngine;
/** What the next image that a command builds holds. */
let layer: string;

beforeEach(async () => {
  docker = connectDocker({ DOCKER_HOST: api.address });
  layer = digestOf('one');
  api.intercept = buildOnDemand;
  registry.answer = (_request, response) => response.writeHead(404).end();
  await folder.write({ 'app/src.txt': 'one' });
});
afterEach(async () => {
  docker.close();
  for (const client of clients.splice(0)) await client.close();
});

/** The image is there when it is asked for, as if the command had built it. */
const buildOnDemand: typeof api.intercept = ({ url = '' }) => {
  const ref = /^\/images\/(.*-build-[0-9a-f]{16})\/json$/.exec(url)?.[1];
  const isNew = ref && !api.images.some(({ tags }) => tags.includes(ref));
  if (isNew) api.add({ tags: [ref], layers: [layer] });
  return false;
};

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function planOf(parts: Partial<BuildPlan> = {}): BuildPlan {
  const root = folder.path;
  const { deps, ...plan } = defaultPlan({
    root,
    name: 'web',
    command: 'true',
    host: registry.host,
  });
  return {
    ...plan,
    deps: { ...deps, deps: [{ path: folder.at('app') }] },
    platform: { os: 'linux', architecture: 'amd64' },
    registry: undefined,
    push: false,
    recordFile: folder.at('web.json'),
    ...parts,
  };
}

const pushing = () =>
  planOf({ push: true, registry: parseRegistry(registry.host, 'registry') });

function systemsOf(signal = new AbortController().signal) {
  const reporter = recordingReporter();
  const secrets = new Secrets({});
  const systems: BuildSystems = {
    docker,
    connectRegistry: (host) => {
      const client = connectRegistry(host, {
        insecure: false,
        caFile: '',
        credentials: noCredentials,
        env: {},
        signal,
        onSecret: () => undefined,
        reporter,
      });
      clients.push(client);
      return client;
    },
    credentials: dockerCredentials(
      { DOCKER_CONFIG: folder.path },
      { homedir: folder.path, onSecret: (value) => secrets.add(value) },
    ),
    ledger: openLedger(ledgerFolder(folder.path)),
    place: { machine: 'here', workspace: folder.path },
    env: { PATH: process.env.PATH },
    toolFolders: () => Promise.resolve([]),
    now: () => performance.now(),
    reporter,
    secrets: () => secrets.all,
    signal,
  };
  return { ...systems, reporter };
}

const build = (plan = planOf(), systems = systemsOf()) =>
  buildImage(plan, [], systems);
const transientTags = () =>
  api.images.flatMap(({ tags }) => tags.filter((t) => t.includes('-build-')));

it('warns where the inputs changed and the image did not', async () => {
  const systems = systemsOf();
  await build(planOf(), systems);
  await build(planOf(), systems);
  expect(systems.reporter.warnings).toEqual([]);
  await folder.write({ 'app/src.txt': 'two' });
  await build(planOf(), systems);
  expect(systems.reporter.warnings).toEqual([
    expect.stringMatching(/inputs changed, but the image did not/),
  ]);
});

it('keeps as many of what goes by a ref that the command writes', async () => {
  const plan = planOf({
    source: { kind: 'file', path: folder.at('ref.txt') },
    command: 'echo own/web:dev > ref.txt',
    keep: 1,
  });
  for (const text of ['one', 'two', 'three']) {
    api.images.forEach(({ tags }) => tags.splice(0, 1));
    api.add({ tags: ['own/web:dev'], layers: [digestOf(text)] });
    await folder.write({ 'app/src.txt': text });
    await build(plan);
  }
  expect(api.images.flatMap(({ tags }) => tags)).toEqual([
    'own/web:dev',
    expect.stringMatching(/^own\/web:nx-[0-9a-f]{16}$/),
  ]);
});

it('removes old images when no other image is being built', async () => {
  const next = async (text: string) => {
    layer = digestOf(text);
    await folder.write({ 'app/src.txt': text });
    return build(planOf({ keep: 1 }));
  };
  await next('one');
  const { signal } = new AbortController();
  const other = lockFolder(folder.path, 'api');
  await withLock(other, { signal }, () => next('two'));
  expect(api.images).toHaveLength(2);
  await next('three');
  expect(api.images).toHaveLength(1);
});

it('leaves the tidying to who has better times for it, and lists no image', async () => {
  const due: (() => Promise<unknown>)[] = [];
  for (const text of ['one', 'two']) {
    layer = digestOf(text);
    await folder.write({ 'app/src.txt': text });
    const tidyLater = (tidy: () => Promise<unknown>) => due.push(tidy);
    await buildImage(planOf({ keep: 1 }), [], systemsOf(), { tidyLater });
  }
  const lists = () => api.requests.filter((url) => /images\/json/.test(url));
  expect(lists()).toEqual([]);
  expect(api.images).toHaveLength(2);
  await due[1]?.();
  expect(api.images).toHaveLength(1);
  expect(lists()).toHaveLength(1);
});

describe('a transient tag', () => {
  it('goes from a Docker that a command has pushed from all the same', async () => {
    const plan = { ...pushing(), store: 'registry' as const };
    const { place } = systemsOf();
    const ref = expectedRef(plan, place, '');
    api.add({ tags: [formatReference(ref!)], layers: [layer] });
    const failed = await errorOf(build(plan));
    expect(failed.code).toBe('SLIPWAY_E_IMAGE_NOT_PUSHED');
    expect(transientTags()).toEqual([]);
  });

  it.each([
    ['ends well', 'true'],
    ['fails', 'false'],
  ])(
    'goes where a container uses the image of a command that %s',
    async (_how, command) => {
      // As if the command had built it, and made a container of it.
      api.intercept = ({ method, url = '' }) => {
        const ref = /^\/images\/(web:.*-build-[0-9a-f]{16})/.exec(url)?.[1];
        if (ref && api.images.length === 0) {
          const { id } = api.add({ tags: [ref], layers: [layer] });
          api.containers.push({ ImageID: id, Image: ref });
        }
        return method === 'never';
      };
      await build(planOf({ command })).catch(() => undefined);
      expect(api.images.map(({ tags }) => tags)).toEqual([
        [expect.stringMatching(/^web:nx-[0-9a-f]{16}$/)],
      ]);
    },
  );

  it('that may come after a build was cut off is left to the next process', async () => {
    const notes = async () => {
      const names = await readdir(lockFolder(folder.path, 'web'));
      return names.filter((name) => name.startsWith('note-'));
    };
    await build();
    expect(await notes()).toEqual([]);
    const slow = { ...planOf(), command: 'sleep 600', timeout: 100 };
    const failed = await errorOf(build(slow));
    expect(failed.code).toBe('SLIPWAY_E_COMMAND_TIMEOUT');
    const [note = ''] = await notes();
    const path = join(lockFolder(folder.path, 'web'), note);
    expect(await readFile(path, 'utf8')).toMatch(/"web:nx-build-[0-9a-f]{16}"/);
  });
});

describe('a record', () => {
  it('that is torn is not used, said so, and replaced', async () => {
    await build();
    const good = await readFile(folder.at('web.json'), 'utf8');
    await folder.write({ 'web.json': good.slice(0, 99) });
    await rm(ledgerFolder(folder.path), { recursive: true });

    const systems = systemsOf();
    const hash = await hashInputs(planOf(), []);
    expect(await currentImage(planOf(), hash, systems)).toBeUndefined();
    await build(planOf(), systems);
    expect(systems.reporter.warnings[0]).toMatch(/web\.json is no .*not used/);
    expect(await readFile(folder.at('web.json'), 'utf8')).toBe(good);
  });

  it('of an image that is nowhere is not used', async () => {
    await build();
    api.images.length = 0;
    const hash = await hashInputs(planOf(), []);
    expect(await currentImage(planOf(), hash, systemsOf())).toBeUndefined();
  });
});

it('is known by the ref of its own build where a cache restores another', async () => {
  const plan = planOf({
    source: { kind: 'file', path: folder.at('ref.txt') },
    command: 'cat next.txt > ref.txt',
  });
  // Not reproducible: another content, and another ref, of the same inputs.
  const make = async (ref: string) => {
    api.images.length = 0;
    api.add({ tags: [ref] });
    await folder.write({ 'next.txt': ref });
    return build(plan);
  };
  await make('own/one:v1');
  const restored = await readFile(folder.at('web.json'), 'utf8');
  const { deployRef, record } = await make('own/two:v1');
  await folder.write({ 'web.json': restored });
  const found = await currentImage(plan, record.inputHash, systemsOf());
  expect(found).toMatchObject({ deployRef, record });
});

it('is built where nothing can be remembered, which is said', async () => {
  // In the place of the ledger's folder.
  await folder.write({ '.nx/slipway/state/ledger': 'a file' });
  const systems = systemsOf();
  await build(planOf(), systems);
  expect(systems.reporter.warnings).toEqual([
    expect.stringMatching(/state\/ledger.* could not be written/),
  ]);
});

describe('the password of the registry', () => {
  const auth = Buffer.from('me:open-sesame').toString('base64');
  const auths = () => JSON.stringify({ auths: { [registry.host]: { auth } } });

  it('is shown by no command that prints it', async () => {
    api.push = PUSHED;
    await folder.write({ 'config.json': auths() });
    const command = 'cat config.json; echo; echo open-sesame';
    const systems = systemsOf();
    await build({ ...pushing(), command }, systems);
    const { printed, lines } = systems.reporter;
    expect(printed.stdout).toContain('***\n');
    const all = JSON.stringify([printed, lines]);
    expect(all).not.toContain('open-sesame');
    expect(all).not.toContain(auth);
  });

  it('that cannot be had stops no command, but a push that needs it', async () => {
    const credHelpers = { [registry.host]: 'not-there' };
    await folder.write({ 'config.json': JSON.stringify({ credHelpers }) });
    api.push = [{ error: 'no basic auth credentials' }];
    const failed = build({ ...pushing(), command: 'echo ran > ran.txt' });
    await expect(failed).rejects.toEqual(
      slipwayError('SLIPWAY_E_CREDENTIALS', /docker-credential-not-there/),
    );
    expect(await readFile(folder.at('ran.txt'), 'utf8')).toBe('ran\n');
    api.push = PUSHED;
    const { deployRef } = await build(pushing());
    expect(deployRef.cluster.digest).toBe(DIGEST);
  });
});

describe('a push', () => {
  it.each([
    [
      'the disk of Docker is full',
      'write /var/lib/docker/tmp/x: no space left on device',
      'SLIPWAY_E_DOCKER_FAILED',
      /docker system df/,
    ],
    [
      'the login has expired',
      'denied: Your authorization token has expired.',
      'SLIPWAY_E_REGISTRY_REFUSED',
      /docker login/,
    ],
  ] as const)(
    'fails where %s, and the next one ends well',
    async (_, error, code, hint) => {
      api.push = [{ error }];
      const failed = await errorOf(build(pushing()));
      expect(failed).toEqual(slipwayError(code, /could not push/));
      expect(failed.hint).toMatch(hint);
      expect(transientTags()).toEqual([]);
      await expect(readFile(folder.at('web.json'))).rejects.toThrow('ENOENT');

      api.push = PUSHED;
      const { deployRef } = await build(pushing());
      expect(deployRef.cluster.digest).toBe(DIGEST);
    },
  );

  it('ends when the run is cancelled, with nothing left in Docker', async () => {
    const cancel = new AbortController();
    api.intercept = (request, response) => {
      if (!request.url?.includes('/push'))
        return buildOnDemand(request, response);
      response.write('{"status":"Pushing"}\n', () => cancel.abort());
      return true;
    };
    const cancelled = build(pushing(), systemsOf(cancel.signal));
    await expect(cancelled).rejects.toEqual(
      slipwayError('SLIPWAY_E_CANCELLED'),
    );
    await eventually('no tag', () => transientTags().length === 0);
  });

  /** As the containerd store of Docker pushes: an index, with attestations. */
  it('of an index is known again by the image in it', async () => {
    api.push = PUSHED;
    const first = await build(pushing());
    const image = api.images[0] ?? api.add({});
    expect(first.contentId).toBe(
      contentId(identityOfInspect(inspectOf(image))),
    );
    const stored = containerdStore(image.layers ?? []);
    registry.answer = ({ url = '' }, response) => {
      const path = url.slice(url.lastIndexOf('/') + 1);
      const found = stored.blobs.get(path) ?? stored.index;
      response
        .writeHead(200, {
          'content-type': found.type,
          'docker-content-digest': digestOf(found.text),
        })
        .end(found.text);
    };
    const systems = systemsOf();
    const again = await build(pushing(), systems);
    expect(systems.reporter.lines.join('\n')).toMatch(/has web:nx-.* already/);
    expect(again.contentId).toBe(first.contentId);
    expect(again.deployRef.cluster.digest).toBe(digestOf(stored.index.text));
  });
});

/** What a registry has after such a push. */
function containerdStore(diffIds: readonly string[]) {
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: diffIds },
  });
  const descriptor = (type: string, text: string, more = {}) => ({
    mediaType: `application/vnd.oci.image.${type}`,
    digest: digestOf(text),
    size: text.length,
    ...more,
  });
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: descriptor('config.v1+json', config),
    layers: [descriptor('layer.v1.tar+gzip', 'layer')],
  });
  const index = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [
      descriptor('manifest.v1+json', manifest, {
        platform: { architecture: 'amd64', os: 'linux' },
      }),
      descriptor('manifest.v1+json', 'attestation', {
        annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
        platform: { architecture: 'unknown', os: 'unknown' },
      }),
    ],
  });
  const entry = (type: string, text: string) =>
    [
      digestOf(text),
      { type: `application/vnd.oci.image.${type}`, text },
    ] as const;
  const blobs = new Map([
    entry('config.v1+json', config),
    entry('manifest.v1+json', manifest),
  ]);
  const [, whole] = entry('index.v1+json', index);
  return { blobs, index: whole };
}
