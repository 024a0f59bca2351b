import fc from 'fast-check';
import {
  contentTag,
  familiarName,
  formatReference,
  mapToRegistry,
  parseReference,
  tagUnder,
  type ImageReference,
  type Registry,
} from '../../image';
import type { RegistryImage } from '../../registry';
import { SlipwayError } from '../../report';
import { slipwayError } from '../../testing/slipway-error';
import { twoNames } from '../../testing/registry-option';
import { imageName } from '../../testing/arbitraries';
import type { DeployNaming } from '../../settings';
import type { Delivery } from './builds';
import { refOfContent, refOfRecord } from './deploy-ref';

const ID = `sha256:${'1'.repeat(64)}`;
const OTHER_ID = `sha256:${'2'.repeat(64)}`;
const DIGEST = `sha256:${'d'.repeat(64)}`;
const TAG = 'nx-1111111111111111';

/** Refs that stand in registries, and the content of each. */
type Standing = Readonly<Record<string, string>>;

function look(naming: Partial<DeployNaming> = {}, standing: Standing = {}) {
  const warnings: string[] = [];
  const asked: string[] = [];
  const read = ({ domain, path }: ImageReference, reference: string) => {
    const ref = `${domain}/${path} ${reference}`;
    asked.push(ref);
    const contentId = standing[ref];
    const image = { contentId, digest: DIGEST, children: [] };
    return Promise.resolve(
      contentId === undefined ? undefined : (image as unknown as RegistryImage),
    );
  };
  const looking = {
    naming: { tagPrefix: 'nx', pin: 'both' as const, ...naming },
    registries: { read },
    warn: (line: string) => void warnings.push(line),
  };
  return { looking, warnings, asked };
}

async function refs(
  ref: string,
  naming: Partial<DeployNaming> = {},
  standing?: Standing,
) {
  const { looking } = look(naming, standing);
  const found = await refOfContent(parseReference(ref), ID, looking);
  return [formatReference(found.local), formatReference(found.cluster)];
}

describe('the ref of a content', () => {
  const there = { [`localhost:5000/web ${TAG}`]: ID };

  it('is the name with the content tag without a registry', async () => {
    expect(await refs('gcr.io/acme/web:dev')).toEqual([
      `gcr.io/acme/web:${TAG}`,
      `gcr.io/acme/web:${TAG}`,
    ]);
  });

  it.each([
    'web',
    'web:dev',
    'localhost:5000/web:nx-build-0123456789abcdef',
    'registry:5000/web:1',
  ])('has each side with its own host for %s', async (ref) => {
    expect(await refs(ref, { registry: twoNames })).toEqual([
      `localhost:5000/web:${TAG}`,
      `registry:5000/web:${TAG}`,
    ]);
  });

  it.each([
    ['both', `:${TAG}@${DIGEST}`],
    ['digest', `@${DIGEST}`],
    ['tag', `:${TAG}`],
  ] as const)('is pinned by %s where the registry has it', async (pin, end) => {
    expect(await refs('web', { registry: twoNames, pin }, there)).toEqual([
      `localhost:5000/web${end}`,
      `registry:5000/web${end}`,
    ]);
  });

  it('asks no registry that it does not need', async () => {
    const { looking, asked } = look({ registry: twoNames, pin: 'tag' }, there);
    await refOfContent(parseReference('web'), ID, looking);
    expect(asked).toEqual([]);
  });

  it('takes no digest of something else, and says so', async () => {
    const wrong = { [`localhost:5000/web ${TAG}`]: OTHER_ID };
    const { looking, warnings } = look({ registry: twoNames }, wrong);
    const { local } = await refOfContent(parseReference('web'), ID, looking);
    expect(local).toMatchObject({ tag: TAG, digest: undefined });
    expect(warnings).toEqual([expect.stringMatching(/is not that image/)]);
  });

  it('need not be in the registry yet', async () => {
    const { looking, asked, warnings } = look({ registry: twoNames });
    await refOfContent(parseReference('web'), ID, looking);
    expect([asked.length, warnings]).toEqual([1, []]);
  });

  it('has the tag alone when the registry cannot be asked', async () => {
    const { looking, warnings } = look({ registry: twoNames });
    const down = new SlipwayError({
      code: 'SLIPWAY_E_REGISTRY_UNREACHABLE',
      message: 'it is down.',
    });
    const registries = { read: () => Promise.reject(down) };
    const asking = { ...looking, registries };
    const { local } = await refOfContent(parseReference('web'), ID, asking);
    expect(local).toMatchObject({ tag: TAG, digest: undefined });
    expect(warnings).toEqual([expect.stringMatching(/it is down\./)]);
  });
});

describe('under singleName', () => {
  const registry = { ...twoNames, singleName: 'all' };

  it.each([
    ['an image name', 'gcr.io/acme/web:dev', 'gcr.io_acme_web'],
    [
      'a transient ref',
      'localhost:5000/all:web-nx-build-0123456789abcdef',
      'web',
    ],
    ['a content tag', 'localhost:5000/all:web-nx-0123456789abcdef', 'web'],
    ['the other side', 'registry:5000/all:web-nx-0123456789abcdef', 'web'],
  ])('takes the prefix of %s', async (_what, ref, prefix) => {
    expect(await refs(ref, { registry })).toEqual([
      `localhost:5000/all:${prefix}-${TAG}`,
      `registry:5000/all:${prefix}-${TAG}`,
    ]);
  });

  it('knows the image that is built by whatever tag it has', async () => {
    const imageName = parseReference('web');
    const ref = 'localhost:5000/all:web-dev';
    const [local] = await refs(ref, { registry, imageName });
    expect(local).toBe(`localhost:5000/all:web-${TAG}`);
  });

  it.each(['all:dev', 'all:nx-0123456789abcdef', 'all'])(
    'refuses %s, which may be any image',
    async (ref) => {
      await expect(refs(`localhost:5000/${ref}`, { registry })).rejects.toThrow(
        slipwayError('SLIPWAY_E_REF_INVALID', /singleName/),
      );
    },
  );
});

it('is the same for a name and for every ref that a build gives it', async () => {
  // A tag has no room for longer ones.
  const names = imageName.filter((name) => familiarName(name).length < 50);
  const registries = fc
    .record({
      singleName: fc.constantFrom('', 'all', 'team/all'),
      naming: fc.constantFrom('escape' as const, 'preserve' as const),
    })
    .map((parts) => ({ ...twoNames, ...parts }));
  await fc.assert(
    fc.asyncProperty(names, registries, async (name, registry) => {
      const build = tagUnder(name, registry, 'nx-build-0123456789abcdef');
      const content = tagUnder(name, registry, contentTag(ID, 'nx'));
      const { local, cluster } = mapToRegistry(name, registry);
      const expected = await refs(familiarName(name), { registry });
      for (const side of [local, cluster]) {
        for (const tag of [build, content]) {
          const ref = formatReference({ ...side, tag });
          expect(await refs(ref, { registry })).toEqual(expected);
        }
      }
    }),
  );
});

describe('the ref of a record', () => {
  const task = 'p:build';
  const record = {
    schema: 1 as const,
    name: 'web',
    contentId: ID,
    platform: 'linux/amd64',
    inputHash: OTHER_ID,
  };

  async function of(
    ref: string | undefined,
    registry?: Registry,
    standing?: Standing,
    delivery: Omit<Delivery, 'task'> = { by: 'us' },
  ) {
    const { looking } = look({ registry }, standing);
    const found = await refOfRecord(
      { ...record, ref },
      { ...delivery, task },
      looking,
    );
    return [formatReference(found.local), formatReference(found.cluster)];
  }

  /** What is told when nothing of the kind stands anywhere. */
  async function told(
    ref: string | undefined,
    by: Delivery['by'],
    naming: Partial<DeployNaming> = {},
    standing?: Standing,
  ) {
    const { looking, warnings } = look(naming, standing);
    await refOfRecord({ ...record, ref }, { by, task }, looking);
    return warnings;
  }

  it.each([
    [undefined, 'us', twoNames, `localhost:5000/web:${TAG}`],
    [undefined, 'us', undefined, `web:${TAG}`],
    [undefined, 'command', twoNames, `localhost:5000/web:${TAG}`],
    ['other.test/own:v1', 'us', twoNames, `localhost:5000/web:${TAG}`],
    ['localhost:5000/own:v1', 'us', twoNames, `localhost:5000/web:${TAG}`],
    ['other.test/own:v1', 'command', undefined, 'other.test/own:v1'],
    [
      `other.test/own@${DIGEST}`,
      'command',
      undefined,
      `other.test/own@${DIGEST}`,
    ],
  ] as const)(
    'comes with a warning, once, where the registry does not have it: %s by %s',
    async (ref, by, registry, missing) => {
      expect(await told(ref, by, { registry })).toEqual([
        `the registry does not have ${missing}. nx run p:build --skip-nx-cache builds it again and pushes it to the registry of that task.`,
      ]);
    },
  );

  it('comes with no warning where nobody is to push it, or to ask', async () => {
    const registry = twoNames;
    expect(await told(undefined, 'nobody', { registry })).toEqual([]);
    expect(await told(undefined, 'us', { registry, pin: 'tag' })).toEqual([]);
    const standing = { [`localhost:5000/web ${TAG}`]: ID };
    const ref = 'localhost:5000/own:v1';
    expect(await told(ref, 'us', { registry }, standing)).toEqual([]);
  });

  it('goes by content', async () => {
    expect(await of(undefined, twoNames)).toEqual([
      `localhost:5000/web:${TAG}`,
      `registry:5000/web:${TAG}`,
    ]);
  });

  it('is the ref that the command wrote where a registry has it', async () => {
    const standing = { 'localhost:5000/own v1': ID };
    expect(await of('localhost:5000/own:v1', twoNames, standing)).toEqual([
      `localhost:5000/own:v1@${DIGEST}`,
      `registry:5000/own:v1@${DIGEST}`,
    ]);
  });

  it('goes by content where that ref is of another image by now', async () => {
    const standing = { 'localhost:5000/own v1': OTHER_ID };
    const [local] = await of('localhost:5000/own:v1', twoNames, standing);
    expect(local).toBe(`localhost:5000/web:${TAG}`);
  });

  it('goes by content where that ref is under another registry', async () => {
    const standing = { 'other.test/own v1': ID };
    const [local] = await of('other.test/own:v1', twoNames, standing);
    expect(local).toBe(`localhost:5000/web:${TAG}`);
    const pushed = await of('other.test/own:v1', twoNames, standing, {
      by: 'command',
    });
    expect(pushed[1]).toBe(`other.test/own:v1@${DIGEST}`);
  });

  it.each([
    ['own:v1', `own:${TAG}`],
    [`own@${DIGEST}`, `own@${DIGEST}`],
    [undefined, `localhost:5000/web:${TAG}`],
  ])('of what stays in Docker asks no registry: %s', async (ref, found) => {
    const standing = {
      [`localhost:5000/web ${TAG}`]: ID,
      'localhost:5000/own v1': ID,
    };
    const [local] = await of(ref, twoNames, standing, { by: 'nobody' });
    expect(local).toBe(found);
  });

  it('is under the full ref of tag that the command pushed to', async () => {
    const to = parseReference('localhost:5000/tools/web:dev');
    const standing = { [`localhost:5000/tools/web ${TAG}`]: ID };
    expect(
      await of(undefined, twoNames, standing, { by: 'command', to }),
    ).toEqual([
      `localhost:5000/tools/web:${TAG}@${DIGEST}`,
      `registry:5000/tools/web:${TAG}@${DIGEST}`,
    ]);
  });

  it('has the digest of the registry in the name itself', async () => {
    const standing = { [`docker.io/library/web ${TAG}`]: ID };
    const [local] = await of(undefined, undefined, standing);
    expect(local).toBe(`web:${TAG}@${DIGEST}`);
  });
});
