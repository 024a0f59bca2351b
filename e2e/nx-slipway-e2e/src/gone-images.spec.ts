import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestNamespace } from './support/cluster';
import { CommandLog } from './support/command-log';
import {
  addImage,
  addManifests,
  initPlugin,
} from './support/inferred-projects';
import { TestRegistry } from './support/test-registry';
import { TestWorkspace } from './support/workspace';

const HIT = /\[(?:local cache|existing outputs match the cache)/g;
/** Nothing of Docker's cache, and other bytes each time. */
const ANOTHER_EACH_TIME = {
  command: 'docker build -q --no-cache -t $EXPECTED_REF .',
  steps: ['COPY src /app', 'RUN head -c 8 /dev/urandom > /stamp'],
};
/** Each with whether its build gives the same image again. */
const IMAGES = [
  ['web', true],
  ['clock', false],
  ['local', true],
  ['local-clock', false],
] as const;
const ALL = IMAGES.map(([image]) => image);
const allHit = { built: [], hits: ALL.length };
const allBuilt = { built: [...ALL].sort(), hits: 0 };
const isLocal = (image: string) => image.startsWith('local');

const tagIn = (ref = '') => /:(nx-[0-9a-f]{16})/.exec(ref)?.[1] ?? '';

describe('a cache hit whose image is gone', () => {
  const name = `e2e-gone-${randomBytes(4).toString('hex')}`;
  let workspace: TestWorkspace;
  let registry: TestRegistry;
  let storage: string;
  let namespace: TestNamespace;
  let log: CommandLog;

  beforeAll(async () => {
    storage = await mkdtemp(join(tmpdir(), 'slipway-storage-'));
    registry = await TestRegistry.start({ storage });
    log = await CommandLog.create();
    workspace = await TestWorkspace.create();
    await initPlugin(workspace, { registry: registry.host, workspaceId: name });
    for (const [image, isSame] of IMAGES) {
      const { command = 'docker build -q -t $EXPECTED_REF .', steps } = isSame
        ? {}
        : ANOTHER_EACH_TIME;
      const push = isLocal(image) ? 'never' : 'auto';
      const options = { command: log.noting(image, command), push };
      await addImage(workspace, image, { steps, options });
    }
    const context = workspace.sandbox.cluster?.context;
    await addManifests(workspace, 'shop', ['web', 'clock'], {
      options: { context, namespace: name, wait: false },
    });
    await addManifests(workspace, 'local-shop', ['local', 'local-clock']);
    namespace = await TestNamespace.create(workspace.sandbox, name);
    expect(await buildAll()).toEqual(allBuilt);
  });

  afterAll(async () => {
    await namespace.remove();
    await workspace.remove();
    await registry.stop();
    await log.remove();
    await rm(storage, { recursive: true });
  });

  /** The content tag of what the record says was built. */
  async function recordedTag(image: string): Promise<string> {
    const record = await workspace.read(`.nx/slipway/${image}.json`);
    const { contentId } = JSON.parse(record) as { contentId: string };
    return `nx-${contentId.slice(7, 23)}`;
  }

  /** Neither the registry nor Docker has it, less what a build takes from its cache. */
  async function forget(image: string, tag: string): Promise<void> {
    const ref = `${registry.host}/${image}:${tag}`;
    await workspace.docker('rmi', '-f', '--no-prune', ref);
    if (!isLocal(image)) await registry.forget(image, tag);
  }

  /** @returns the refs that it printed, by image */
  async function run(task: string): Promise<Record<string, string>> {
    const args = ['run', task, '--output=json', '--output-style=static'];
    const { exitCode, output, stdout } = await workspace.nx(args);
    const json = /^\{"schema".*$/m.exec(stdout)?.[0];
    if (exitCode !== 0 || !json) throw new Error(output);
    // Whatever became of the images, Nx ran none of their targets.
    expect(output.match(HIT)?.length).toBe(2);
    const { images } = JSON.parse(json) as {
      images: { name: string; ref: string }[];
    };
    return Object.fromEntries(images.map((one) => [one.name, one.ref]));
  }

  it.each([
    ['render', 'shop:render', 'web', 'clock'],
    ['deploy', 'shop:deploy', 'web', 'clock'],
    ['render, in Docker alone,', 'local-shop:render', 'local', 'local-clock'],
  ])(
    'is built again by %s: once, also if it cannot be made the same again',
    async (_, task, same, other) => {
      const images = [same, other];
      const before = await run(task);
      expect(await log.taken()).toEqual([]);

      for (const image of images) await forget(image, tagIn(before[image]));
      const after = await run(task);
      expect(await log.taken()).toEqual(images.sort());
      expect(tagIn(after[same])).toBe(tagIn(before[same]));
      expect(tagIn(after[other])).not.toBe(tagIn(before[other]));

      // With the record that Nx has restored of the image that is gone for ever.
      expect(await run(task)).toEqual(after);
      expect(await log.taken()).toEqual([]);
      expect(tagIn(after[other])).not.toBe(await recordedTag(other));
    },
  );

  it('is pushed again by render, if Docker has it', async () => {
    const tag = await recordedTag('web');
    await registry.forget('web', tag);
    await run('shop:render');
    expect(await log.taken()).toEqual([]);
    expect(await registry.digestOf('web', tag)).toBeDefined();
  });

  async function buildAll(
    env: Record<string, string> = {},
  ): Promise<{ built: string[]; hits: number }> {
    const args = ['run-many', '-t', 'custom-build', '--output-style=static'];
    const { exitCode, output } = await workspace.nx(args, env);
    expect([exitCode, output]).toEqual([0, expect.any(String)]);
    return {
      built: await log.taken(),
      hits: output.match(HIT)?.length ?? 0,
    };
  }

  it('is a hit of custom-build alone, which nothing follows', async () => {
    const tag = await recordedTag('web');
    await forget('web', tag);
    expect(await buildAll()).toEqual(allHit);
    expect(await registry.digestOf('web', tag)).toBeUndefined();
    await run('shop:render');
    expect(await log.taken()).toEqual(['web']);
  });

  describe('with verify', () => {
    beforeAll(async () => {
      for (const image of ALL) {
        await workspace.editJson(`apps/${image}/project.json`, (project) => {
          const { targets } = project as {
            targets?: Record<string, { options: Record<string, unknown> }>;
          };
          Object.assign(targets?.['custom-build']?.options ?? {}, {
            verify: true,
          });
        });
      }
      expect(await buildAll()).toEqual(allBuilt);
    });

    it('is a hit while the image stands', async () => {
      expect(await buildAll()).toEqual(allHit);
    });

    it('is built again by custom-build: once, also if it cannot be made the same again', async () => {
      for (const image of ALL) await forget(image, await recordedTag(image));
      expect(await buildAll()).toEqual(allBuilt);
      expect(await buildAll()).toEqual(allHit);
      // With the records that Nx has restored.
      expect(await buildAll()).toEqual(allHit);
    });

    it('is a hit while nobody answers', async () => {
      const port = Number(registry.host.split(':')[1]);
      await registry.stop();
      const away = await buildAll({ DOCKER_HOST: 'unix:///nowhere.sock' });
      registry = await TestRegistry.start({ port, storage });
      expect(away).toEqual(allHit);
      expect(await buildAll()).toEqual(allHit);
    });
  });
});
