import { ensureSandbox } from '@nx-slipway/sandbox';
import {
  connectRegistry,
  noCredentials,
  readImage,
  type CredentialSource,
  type RegistryClient,
} from '../../../packages/nx-slipway/src/registry';
import {
  KINDS,
  OCI,
  OCI_CONFIG,
  digestOf,
  jsonOf,
  pushImage,
  pushIndex,
} from './support/registry-images';
import { TestRegistry } from './support/test-registry';

const login: CredentialSource = {
  credentialsFor: () =>
    Promise.resolve({ kind: 'basic', ...TestRegistry.login, source: 'a test' }),
  forget: () => undefined,
};

function connect(
  { host, caFile }: TestRegistry,
  credentials: CredentialSource,
  trust: { insecure?: boolean; caFile?: string } = {},
): RegistryClient {
  return connectRegistry(host, {
    insecure: false,
    caFile,
    credentials,
    env: {},
    signal: new AbortController().signal,
    onSecret: () => undefined,
    reporter: { warn: () => undefined },
    ...trust,
  });
}

// The sandbox brings the program.
beforeAll(() => ensureSandbox());

describe.each([
  ['for everybody', {}, noCredentials],
  ['with passwords', { auth: 'basic' }, login],
  ['with passwords over TLS', { auth: 'basic', tls: true }, login],
  ['with tokens', { auth: 'token' }, login],
] as const)('a registry %s', (_what, options, credentials) => {
  let registry: TestRegistry;
  let client: RegistryClient;

  beforeAll(async () => {
    registry = await TestRegistry.start(options);
    client = connect(registry, credentials);
  });

  afterAll(async () => {
    await client?.close();
    await registry?.stop();
  });

  it('holds blobs', async () => {
    const blob = Buffer.from('a blob');
    expect(await client.getBlob('team/blobs', digestOf(blob))).toBeUndefined();
    expect(await client.putBlob('team/blobs', blob)).toBe(digestOf(blob));
    expect(await client.getBlob('team/blobs', digestOf(blob))).toEqual(blob);
  });

  it.each(['OCI', 'Docker'] as const)('holds %s images', async (kind) => {
    const path = `team/${kind.toLowerCase()}`;
    expect(await client.headManifest(path, 'v1')).toBeUndefined();
    expect(await readImage(client, path, 'v1')).toBeUndefined();
    const { bytes, entry, id } = await pushImage(client, path, KINDS[kind]);
    const { digest, mediaType } = entry;
    const tagged = await readImage(client, path, digest);
    expect(tagged).toMatchObject({ digest, mediaType, contentId: id });
    expect(await client.putManifest(path, 'v1', tagged!)).toBe(digest);
    for (const reference of ['v1', digest]) {
      expect(await client.headManifest(path, reference)).toEqual({
        digest,
        mediaType,
      });
      const manifest = await client.getManifest(path, reference);
      expect(manifest).toEqual({ digest, mediaType, bytes });
    }
    expect((await readImage(client, path, 'v1'))?.contentId).toBe(id);
  });

  it.each(['OCI', 'Docker'] as const)(
    'holds indexes of %s images',
    async (kind) => {
      const path = `team/index-${kind.toLowerCase()}`;
      const index = await pushIndex(client, path, 'v1', kind, [
        'amd64',
        'arm64',
      ]);
      expect(await readImage(client, path, 'v1')).toMatchObject({
        digest: index.digest,
        mediaType: index.mediaType,
        contentId: index.id,
        platforms: [
          { os: 'linux', architecture: 'amd64' },
          { os: 'linux', architecture: 'arm64' },
        ],
      });
    },
  );

  it('takes no manifest whose parts it has not', async () => {
    const config = {
      mediaType: OCI_CONFIG,
      digest: digestOf(jsonOf(1)),
      size: 1,
    };
    const bytes = jsonOf({
      schemaVersion: 2,
      mediaType: OCI,
      config,
      layers: [],
    });
    await expect(
      client.putManifest('team/torn', 'v1', { mediaType: OCI, bytes }),
    ).rejects.toMatchObject({
      code: 'SLIPWAY_E_REGISTRY_FAILED',
      message: expect.stringMatching(/HTTP 40[04].*MANIFEST_/) as unknown,
    });
  });
});

describe.each(['basic', 'token'] as const)('a registry with %s', (auth) => {
  let registry: TestRegistry;

  beforeAll(async () => {
    registry = await TestRegistry.start({ auth });
  });

  afterAll(() => registry?.stop());

  it.each([
    ['nobody', noCredentials, /without credentials/],
    [
      'a wrong password',
      {
        ...login,
        credentialsFor: () =>
          Promise.resolve({
            kind: 'basic',
            username: 'tester',
            password: 'wrong-password',
            source: 'a wrong test',
          } as const),
      },
      /with the credentials of a wrong test/,
    ],
  ])('refuses %s', async (_who, credentials, why) => {
    const client = connect(registry, credentials);
    try {
      await expect(client.headManifest('x', 'v1')).rejects.toMatchObject({
        code: 'SLIPWAY_E_REGISTRY_REFUSED',
        message: expect.stringMatching(why) as unknown,
      });
    } finally {
      await client.close();
    }
  });
});

it('asks for tokens for what it does, and once for each', async () => {
  const registry = await TestRegistry.start({ auth: 'token' });
  const client = connect(registry, login);
  try {
    await client.headManifest('x', 'v1');
    await client.headManifest('x', 'v2');
    await client.putBlob('x', Buffer.from('a blob'));
    expect(registry.tokens?.scopes).toEqual([
      'repository:x:pull',
      'repository:x:pull,push',
    ]);
  } finally {
    await client.close();
    await registry.stop();
  }
});

// Go answers 400 to HTTP there, and to a HEAD with a text that must not be.
it('finds out that a registry on loopback speaks TLS', async () => {
  const registry = await TestRegistry.start({ tls: true });
  const insecure = connect(registry, noCredentials, {
    insecure: true,
    caFile: '',
  });
  const strict = connect(registry, noCredentials, { caFile: '' });
  try {
    expect(await insecure.headManifest('x', 'v1')).toBeUndefined();
    expect(await insecure.getManifest('x', 'v1')).toBeUndefined();
    await expect(strict.headManifest('x', 'v1')).rejects.toMatchObject({
      code: 'SLIPWAY_E_REGISTRY_TLS',
    });
  } finally {
    await insecure.close();
    await strict.close();
    await registry.stop();
  }
});

it('waits for a registry that is starting again', async () => {
  const first = await TestRegistry.start();
  const client = connect(first, noCredentials);
  const port = Number(first.host.split(':')[1]);
  expect(await client.headManifest('x', 'v1')).toBeUndefined();
  await first.stop();
  const asked = client.headManifest('x', 'v1');
  const second = await TestRegistry.start({ port });
  try {
    expect(await asked).toBeUndefined();
  } finally {
    await client.close();
    await second.stop();
  }
});
