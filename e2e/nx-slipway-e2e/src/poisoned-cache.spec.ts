import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TestNamespace } from './support/cluster';
import { CommandLog } from './support/command-log';
import {
  addImage,
  addManifests,
  initPlugin,
} from './support/inferred-projects';
import { openRegistry } from './support/registry';
import { KINDS, pushImage } from './support/registry-images';
import { RemoteCache } from './support/remote-cache';
import { TestRegistry } from './support/test-registry';
import { TestWorkspace } from './support/workspace';

interface Record {
  schema: number;
  name: string;
  contentId: string;
  platform: string;
  inputHash: string;
  ref?: string;
}

/** An image that nobody here built, and that somebody would like to see run. */
interface Evil {
  readonly id: string;
  readonly digest: string;
}

const HEX = 'e41'.padEnd(64, '0');
const FORGED = '.nx/slipway/state/ledger/forged.json';
const BUILD = 'docker build -q -t $EXPECTED_REF .';
const written = (name: string) => ({
  command: `ref=$REGISTRY_HOST/${name}:v1; docker build -q -t $ref . && echo $ref > ref.txt`,
  outputsImageRefTo: 'ref.txt',
});

interface Poison {
  /** What becomes of the record in the cache. */
  readonly edit?: (record: Record, evil: Evil, hosts: Hosts) => string;
  readonly how?: ReturnType<typeof written>;
  /** Why it is not used, as a warning says; undefined if it is used. */
  readonly why?: RegExp;
}

interface Hosts {
  readonly ours: string;
  readonly others: string;
}

/** As we write it, so that nothing but what it says is wrong. */
const asWritten = (record: object) => `${JSON.stringify(record, null, 2)}\n`;
const edited =
  (change: (evil: Evil, hosts: Hosts) => Partial<Record>): Poison['edit'] =>
  (record, evil, hosts) =>
    asWritten({ ...record, ...change(evil, hosts) });

const POISONS: { readonly [image: string]: Poison } = {
  untouched: {},
  'untouched-written': { how: written('untouched-written') },
  'bad-json': {
    edit: (record) => asWritten(record).slice(0, -5),
    why: /it is torn, or no record of this version/,
  },
  'other-schema': {
    edit: edited(() => ({ schema: 2 })),
    why: /it is torn, or no record of this version/,
  },
  'more-fields': {
    edit: (record) => asWritten({ ...record, host: 'evil.example' }),
    why: /it is torn, or no record of this version/,
  },
  huge: {
    edit: (record) => asWritten(record) + ' '.repeat(20_000_000),
    why: /it is longer than 4096 bytes/,
  },
  'other-name': {
    edit: edited(() => ({ name: 'evil' })),
    why: /it is of evil, not of other-name/,
  },
  'other-inputs': {
    edit: edited(() => ({ inputHash: `sha256:${HEX}` })),
    why: /it is of other inputs than there are now/,
  },
  'no-content': {
    edit: edited(() => ({ contentId: `sha256:${HEX}` })),
    why: /its image, nx-e410{13}, is not where it is deployed from/,
  },
  'content-elsewhere': {
    edit: edited(({ id }) => ({ contentId: id })),
    why: /its image, nx-\w+, is not where it is deployed from/,
  },
  'ref-of-nobody': {
    edit: edited(({ id }, { ours }) => ({
      contentId: id,
      ref: `${ours}/evil:v1`,
    })),
    why: /it names \S+\/evil:v1, which nobody wrote/,
  },
  'other-registry': {
    how: written('other-registry'),
    edit: edited(({ id }, { others }) => ({
      contentId: id,
      ref: `${others}/other-registry:v1`,
    })),
    why: /it names \S+\/other-registry:v1, which is no ref of other-registry/,
  },
  'other-repository': {
    how: written('other-repository'),
    edit: edited(({ id }, { ours }) => ({
      contentId: id,
      ref: `${ours}/evil:v1`,
    })),
    why: /it names \S+\/evil:v1, which is no ref of other-repository/,
  },
  'other-content': {
    how: written('other-content'),
    edit: edited((_, { ours }) => ({ ref: `${ours}/other-content:evil` })),
    why: /its image, nx-\w+, is not where it is deployed from/,
  },
};
const IMAGES = Object.keys(POISONS);
const REFUSED = IMAGES.filter((image) => POISONS[image]?.why);

describe('records that a remote cache was poisoned with', () => {
  const name = `e2e-poison-${randomBytes(4).toString('hex')}`;
  let registry: TestRegistry;
  let othersRegistry: TestRegistry;
  let cache: RemoteCache;
  let log: CommandLog;
  let namespace: TestNamespace;
  let first: TestWorkspace;
  /** Clones that have nothing but what the cache gives them. */
  let rendering: TestWorkspace;
  let deploying: TestWorkspace;
  let evil: Evil;

  beforeAll(async () => {
    registry = await TestRegistry.start();
    othersRegistry = await TestRegistry.start();
    cache = await RemoteCache.start();
    log = await CommandLog.create();
    first = await TestWorkspace.create();
    await initPlugin(first, { registry: registry.host, workspaceId: name });
    for (const image of IMAGES) {
      const { how = { command: BUILD } } = POISONS[image] ?? {};
      const command = log.noting(image, how.command);
      await addImage(first, image, { options: { ...how, command } });
    }
    await addManifests(first, 'shop', IMAGES, {
      options: {
        context: first.sandbox.cluster?.context,
        namespace: name,
        wait: false,
      },
    });
    namespace = await TestNamespace.create(first.sandbox, name);
    await first.commitAll();
    await run(first, 'render', '--file=shop.yaml');
    expect(await log.taken()).toEqual([...IMAGES].sort());
    await poison();
    rendering = await first.clone();
    deploying = await first.clone();
  });

  afterAll(async () => {
    await namespace.remove();
    for (const one of [first, rendering, deploying]) await one.remove();
    await cache.stop();
    await registry.stop();
    await othersRegistry.stop();
    await log.remove();
  });

  /** @returns what the target printed, less what its images' targets did */
  async function run(
    machine: TestWorkspace,
    target: string,
    ...args: string[]
  ): Promise<string> {
    const words = ['run', `shop:${target}`, '--output-style=static', ...args];
    const { exitCode, output } = await machine.nx(words, cache.env);
    if (exitCode !== 0) throw new Error(output);
    return output.slice(output.indexOf(`> nx run shop:${target}`));
  }

  /** All of it stands where the records say: only a check is in its way. */
  async function poison(): Promise<void> {
    evil = await pushEvil(registry, 'evil', 'v1');
    await pushEvil(registry, 'other-content', 'evil');
    await pushEvil(othersRegistry, 'other-registry', 'v1');
    const hosts = { ours: registry.host, others: othersRegistry.host };
    for (const hash of await cache.entries()) {
      await cache.rewriteRecord(hash, (text) => {
        const record = JSON.parse(text) as Record;
        return POISONS[record.name]?.edit?.(record, evil, hosts) ?? text;
      });
      await cache.rewriteEntry(hash, async (folder) => {
        await mkdir(join(folder, dirname(FORGED)), { recursive: true });
        await writeFile(join(folder, FORGED), '{}');
      });
    }
  }

  async function pushEvil(
    { host }: TestRegistry,
    path: string,
    tag: string,
  ): Promise<Evil> {
    const client = openRegistry(host);
    try {
      const kind = KINDS.Docker;
      const image = await pushImage(client, path, kind, 'amd64', tag);
      return { id: image.id, digest: image.entry.digest };
    } finally {
      await client.close();
    }
  }

  describe.each([
    ['render', () => run(rendering, 'render', '--file=shop.yaml')],
    ['deploy', () => run(deploying, 'deploy')],
  ] as const)('%s', (_, work) => {
    let output: string;

    beforeAll(async () => {
      output = await work();
    });

    it('builds again each image whose record is refused, and no other', async () => {
      expect(await log.taken()).toEqual([...REFUSED].sort());
    });

    it.each(REFUSED)('refuses it, and says why: %s', (image) => {
      const file = `.nx/slipway/${image}.json`;
      const warning = output
        .split('\n')
        .find((line) => /^warning: /.test(line) && line.includes(file));
      expect(warning).toMatch(POISONS[image]?.why as RegExp);
      expect(warning).toContain('not used');
    });
  });

  it('has no part in what is rendered: the refs are those of the first machine', async () => {
    const file = 'apps/shop/shop.yaml';
    const yaml = await rendering.read(file);
    expect(yaml).toBe(await first.read(file));
    for (const text of [evil.digest, othersRegistry.host, ':evil', 'nx-e41']) {
      expect(yaml).not.toContain(text);
    }
  });

  it('brings nothing but the record: no ledger of ours', async () => {
    await expect(rendering.read(FORGED)).rejects.toThrow('ENOENT');
  });

  it('has no part in what is deployed', async () => {
    const yaml = await first.read('apps/shop/shop.yaml');
    const path =
      '{range .items[*]}{.spec.template.spec.containers[*].image}{"\\n"}{end}';
    const args = ['get', 'deployments', '-o', `jsonpath=${path}`];
    const deployed = (await namespace.kubectl(...args)).trim().split('\n');
    const rendered = [...yaml.matchAll(/ image: (\S+)/g)].map(([, ref]) => ref);
    expect(deployed.sort()).toEqual(rendered.sort());
  });
});

/**
 * Not a promise but a limit (docs/security.md): of two images that this
 * workspace has pushed, nobody can tell from a record which one the inputs gave.
 */
describe('what cannot be told of a poisoned record', () => {
  let registry: TestRegistry;
  let cache: RemoteCache;
  let log: CommandLog;
  let first: TestWorkspace;
  let second: TestWorkspace;

  beforeAll(async () => {
    registry = await TestRegistry.start();
    cache = await RemoteCache.start();
    log = await CommandLog.create();
    first = await TestWorkspace.create();
    await initPlugin(first, { registry: registry.host });
    const command = log.noting('web', BUILD);
    await addImage(first, 'web', { options: { command } });
    await addManifests(first, 'shop', ['web']);
  });

  afterAll(async () => {
    await first.remove();
    await second.remove();
    await cache.stop();
    await registry.stop();
    await log.remove();
  });

  const imageOf = async (machine: TestWorkspace) => {
    const { stdout } = await machine.nx(['run', 'shop:render'], cache.env);
    return / image: (\S+)/.exec(stdout)?.[1];
  };

  it('is that it names an older image of the same name, which stands in its repository', async () => {
    const older = await imageOf(first);
    const [before = ''] = await cache.entries();
    const record = await first.read('.nx/slipway/web.json');
    const { contentId } = JSON.parse(record) as Record;
    await first.write('apps/web/src/index.html', 'newer');
    await first.commitAll();
    expect(await imageOf(first)).not.toBe(older);
    const [hash = ''] = (await cache.entries()).filter((one) => one !== before);
    await cache.rewriteRecord(hash, (text) =>
      asWritten({ ...(JSON.parse(text) as Record), contentId }),
    );
    second = await first.clone();
    await log.taken();
    expect(await imageOf(second)).toBe(older);
    expect(await log.taken()).toEqual([]);
  });
});
