import { createHash } from 'node:crypto';
import {
  contentId,
  identityOfConfig,
  indexContentId,
  type OciImageConfig,
} from '../image';
import { slipwayError } from '../testing/slipway-error';
import { readImage } from './read-image';
import { useClients } from './testing/connect';
import { useServers } from './testing/servers';

const OCI = 'application/vnd.oci.image.manifest.v1+json';
const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
const DOCKER = 'application/vnd.docker.distribution.manifest.v2+json';
const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
const GZIP = 'application/vnd.oci.image.layer.v1.tar+gzip';
const ZSTD = 'application/vnd.oci.image.layer.v1.tar+zstd';

const serve = useServers();
const connect = useClients();

const digestOf = (bytes: Uint8Array | string) =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const imageConfig = (architecture: string, cmd = 'sh'): OciImageConfig => ({
  architecture,
  os: 'linux',
  config: { Cmd: [cmd] },
  rootfs: { diff_ids: [digestOf('layer')] },
});

const idOf = (config: OciImageConfig) => contentId(identityOfConfig(config));

/** A registry that holds what is put into it, each thing by its digest. */
async function holding() {
  const things = new Map<string, { type: string; text: string }>();
  const server = await serve((request, response) => {
    const name = request.url?.split('/').at(-1) ?? '';
    const thing = things.get(name);
    if (thing) {
      response.writeHead(200, { 'content-type': thing.type }).end(thing.text);
    } else response.writeHead(404).end();
  });
  const put = (type: string, value: unknown, name?: string) => {
    const text = JSON.stringify(value);
    const digest = digestOf(text);
    things.set(digest, { type, text });
    if (name) things.set(name, { type, text });
    return { mediaType: type, digest, size: text.length };
  };
  const image = (
    config: unknown,
    { type = OCI, layer = GZIP, name = '' } = {},
  ) =>
    put(
      type,
      {
        schemaVersion: 2,
        mediaType: type,
        config: put('application/vnd.oci.image.config.v1+json', config),
        layers: [{ mediaType: layer, digest: digestOf(layer), size: 5 }],
      },
      name,
    );
  const index = (manifests: unknown[], type = OCI_INDEX) =>
    put(type, { schemaVersion: 2, mediaType: type, manifests }, 'tag');
  const read = () => readImage(connect(server.host), 'acme/x', 'tag');
  return { server, image, index, put, read };
}

const unusable = (why: RegExp) =>
  slipwayError('SLIPWAY_E_REGISTRY_FAILED', why);

describe('readImage', () => {
  it.each([
    [OCI, GZIP],
    [OCI, ZSTD],
    [DOCKER, 'application/vnd.docker.image.rootfs.diff.tar.gzip'],
  ])('reads an image of %s with %s, and no layer', async (type, layer) => {
    const { image, read, server } = await holding();
    const config = imageConfig('amd64');
    const { digest } = image(config, { type, layer, name: 'tag' });
    expect(await read()).toMatchObject({
      digest,
      mediaType: type,
      contentId: idOf(config),
      platforms: [{ os: 'linux', architecture: 'amd64' }],
      children: [],
      config,
    });
    expect(server.lines).toHaveLength(2);
  });

  it.each([OCI_INDEX, DOCKER_LIST])('reads an index of %s', async (type) => {
    const { image, index, read } = await holding();
    const configs = ['arm64', 'amd64'].map((name) => imageConfig(name));
    const platforms = [
      { os: 'linux', architecture: 'arm64', variant: 'v8' },
      { os: 'linux', architecture: 'amd64' },
    ];
    const entries = configs.map((config, at) => ({
      ...image(config),
      platform: platforms[at],
    }));
    const attestation = {
      ...image({ predicate: 'slsa' }),
      platform: { os: 'unknown', architecture: 'unknown' },
    };
    const { digest } = index([...entries, attestation], type);
    const found = await read();
    expect(found).toMatchObject({ digest, mediaType: type });
    expect(found?.contentId).toBe(indexContentId(configs.map(idOf)));
    expect(found?.platforms).toEqual(platforms);
    expect(found?.children).toEqual(
      entries.map((entry, at) => ({
        digest: entry.digest,
        contentId: idOf(configs[at] ?? {}),
        platform: platforms[at],
      })),
    );
    expect(found?.config).toBeUndefined();
  });

  it('has one content id for one content, however it is packed', async () => {
    const config = imageConfig('amd64');
    const ids = [GZIP, ZSTD].map(async (layer) => {
      const { image, read } = await holding();
      image({ ...config, created: layer }, { layer, name: 'tag' });
      return (await read())?.contentId;
    });
    const [gzip, zstd] = await Promise.all(ids);
    expect(gzip).toBe(zstd);
  });

  it('takes the platform of the config where the index names none', async () => {
    const { image, index, read } = await holding();
    index([image(imageConfig('s390x'))]);
    expect((await read())?.platforms).toEqual([
      { os: 'linux', architecture: 's390x' },
    ]);
  });

  it('finds nothing where there is nothing', async () => {
    const { read } = await holding();
    expect(await read()).toBeUndefined();
  });

  it.each([
    ['no object', 'null'],
    ['no layers in it', { architecture: 'amd64', os: 'linux' }],
    ['a chart', { name: 'chart', version: '1.0.0' }],
    ['layers that are none', { rootfs: { diff_ids: ['x'] } }],
    ['an os that is none', { os: 7, rootfs: {} }],
    ['a config that is none', { config: [], rootfs: {} }],
  ])('refuses a config with %s', async (_what, config) => {
    const { image, read } = await holding();
    image(config, { name: 'tag' });
    await expect(read()).rejects.toEqual(
      unusable(/not that of a container image/),
    );
  });

  it('refuses an image whose config is missing', async () => {
    const { put, read } = await holding();
    const config = { mediaType: 'x', digest: digestOf('gone'), size: 1 };
    put(OCI, { schemaVersion: 2, config, layers: [] }, 'tag');
    await expect(read()).rejects.toEqual(unusable(/config .* is not there/));
  });

  it('refuses an index that is not whole, nested, empty or too long', async () => {
    const { image, index, read, put } = await holding();
    const gone = { mediaType: OCI, digest: digestOf('gone'), size: 1 };
    index([image(imageConfig('amd64')), gone]);
    await expect(read()).rejects.toEqual(unusable(/names, is not there/));
    index([put(OCI_INDEX, { schemaVersion: 2, manifests: [gone] })]);
    await expect(read()).rejects.toEqual(unusable(/is an index itself/));
    index([]);
    await expect(read()).rejects.toEqual(unusable(/index of no image/));
    index(Array.from({ length: 65 }, () => gone));
    await expect(read()).rejects.toEqual(unusable(/more than 64 images/));
  });
});
