import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureSandbox } from '@nx-slipway/sandbox';
import type { RegistryClient } from '../../../packages/nx-slipway/src/registry';
import { buildHere } from './support/in-process';
import { openRegistry } from './support/registry';
import {
  ATTESTATION,
  KINDS,
  pushImage,
  pushIndex,
} from './support/registry-images';
import { TestRegistry } from './support/test-registry';

type Kind = keyof typeof KINDS;
const ALL = Object.keys(KINDS) as Kind[];

/** Where a builder of its own store has pushed to: it always uses this tag. */
const TAG = 'dev';

describe('skipsLocalDocker', () => {
  let root: string;
  let registry: TestRegistry;
  let client: RegistryClient;

  beforeAll(async () => {
    await ensureSandbox();
    root = await mkdtemp(join(tmpdir(), 'slipway-skips-'));
    registry = await TestRegistry.start();
    client = openRegistry(registry.host);
  });

  afterAll(async () => {
    await client.close();
    await registry.stop();
    await rm(root, { recursive: true, force: true });
  });

  /** Docker must not be asked: there is none. */
  const env = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };

  const build = (name: string) =>
    buildHere({
      root,
      name,
      host: registry.host,
      command: 'true',
      env,
      plan: { store: 'registry', source: { kind: 'tag', tag: TAG } },
    });

  it.each(ALL)(
    'tags %s images by content, the same each time',
    async (kind) => {
      const name = `one-${ALL.indexOf(kind)}`;
      const pushed = await pushImage(client, name, KINDS[kind], 'amd64', TAG);
      const first = await build(name);
      const { local } = first.image.deployRef;
      expect(local).toMatchObject({
        path: name,
        tag: `nx-${pushed.id.slice(7, 23)}`,
        digest: pushed.entry.digest,
      });
      const found = await client.headManifest(name, local.tag ?? '');
      expect(found?.digest).toBe(pushed.entry.digest);
      expect((await build(name)).image.deployRef).toEqual(
        first.image.deployRef,
      );
    },
  );

  it('keeps what stands: the same content with other layers bytes is the same ref', async () => {
    const name = 'repacked';
    await pushImage(client, name, KINDS.OCI, 'amd64', TAG);
    const { image } = await build(name);
    await pushImage(client, name, KINDS['OCI, zstd'], 'amd64', TAG);
    expect((await build(name)).image.deployRef).toEqual(image.deployRef);
  });

  it.each(['OCI', 'Docker'] as const)(
    'tags an index of %s images whole, under an id of its own',
    async (kind) => {
      const name = `index-${kind.toLowerCase()}`;
      const attested = kind === 'OCI' ? [await attestation(name)] : [];
      const pushed = await pushIndex(
        ...([client, name, TAG, kind, ['amd64', 'arm64'], attested] as const),
      );
      const { deployRef, contentId } = (await build(name)).image;
      expect(contentId).toBe(pushed.id);
      expect(deployRef.local).toMatchObject({
        tag: `nx-${pushed.id.slice(7, 23)}`,
        digest: pushed.digest,
      });
      const tagged = await client.getManifest(name, deployRef.local.tag ?? '');
      expect(tagged?.mediaType).toBe(pushed.mediaType);
    },
  );

  /** As buildx adds it; what is in it does not matter. */
  async function attestation(name: string): Promise<object> {
    const { entry } = await pushImage(client, name, KINDS.OCI, 'unknown');
    return { ...ATTESTATION, ...entry };
  }

  it('wants the platform in the index', async () => {
    await pushIndex(client, 'arm', TAG, 'OCI', ['arm64', 's390x']);
    await expect(build('arm')).rejects.toMatchObject({
      code: 'SLIPWAY_E_IMAGE_PLATFORM',
      message: expect.stringContaining('linux/arm64, linux/s390x') as unknown,
    });
  });

  it('says that nothing was pushed, and which option would fix it', async () => {
    await expect(build('nothing')).rejects.toMatchObject({
      code: 'SLIPWAY_E_IMAGE_NOT_PUSHED',
      hint: expect.stringContaining('leave out skipsLocalDocker') as unknown,
    });
  });

  it('writes a content tag again that somebody has overwritten', async () => {
    const name = 'forged';
    await pushImage(client, name, KINDS.OCI, 'amd64', TAG);
    const { image } = await build(name);
    const tag = image.deployRef.local.tag ?? '';
    await pushImage(client, name, KINDS.OCI, 's390x', tag);
    const { image: again, reporter } = await build(name);
    expect(again.deployRef).toEqual(image.deployRef);
    expect(reporter.warnings).toEqual([
      expect.stringContaining('something else stands under'),
    ]);
    const standing = await client.headManifest(name, tag);
    expect(standing?.digest).toBe(image.deployRef.local.digest);
  });
});
