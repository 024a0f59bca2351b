import { randomBytes } from 'node:crypto';
import { ensureSandbox, sandboxEnv, type Sandbox } from '@nx-slipway/sandbox';
import { pruneDocker } from '../../../packages/nx-slipway/src/build/prune-docker';
import { dropOldTags } from '../../../packages/nx-slipway/src/build/retention';
import {
  connectDocker,
  type DockerEngine,
} from '../../../packages/nx-slipway/src/docker';
import {
  contentId,
  contentTag,
  identityOfInspect,
} from '../../../packages/nx-slipway/src/image';
import { recordingReporter } from '../../../packages/nx-slipway/src/testing/recording-reporter';
import { run } from './support/run';

describe("Docker's images", () => {
  // Nobody else's in this Docker: prune looks at all repositories.
  const tagPrefix = `e2e${randomBytes(4).toString('hex')}`;
  let sandbox: Sandbox;
  let docker: DockerEngine;
  let repository: string;
  let base: string;

  beforeAll(async () => {
    sandbox = await ensureSandbox();
    docker = connectDocker(sandboxEnv(sandbox));
    // Not the others' base, nor made of it at once (support/project.ts).
    base = await buildOn('busybox:1.35');
  });

  beforeEach(() => {
    const name = `retention-${randomBytes(4).toString('hex')}`;
    repository = `${sandbox.registry.host}/${name}`;
  });

  afterEach(async () => {
    for (const { tags } of await docker.taggedImages(repository)) {
      for (const tag of tags) await docker.untag(tag);
    }
  });

  afterAll(async () => {
    await docker.untag(base);
    docker.close();
  });

  const cli = (args: string[], input?: string) =>
    run('docker', args, { env: sandboxEnv(sandbox), input });

  /** An image of new content, under its content tag. @returns its ref */
  async function build(): Promise<string> {
    return tagged(await buildOn(base));
  }

  /** @returns the image's id */
  async function buildOn(from: string): Promise<string> {
    const label = randomBytes(8).toString('hex');
    const dockerfile = `FROM ${from}\nARG RETENTION\nLABEL retention=${label}\n`;
    return (await cli(['build', '-q', '-'], dockerfile)).trim();
  }

  async function tagged(id: string): Promise<string> {
    const image = await docker.inspect(id);
    const own = contentId(identityOfInspect(image ?? {}));
    const tag = contentTag(own, tagPrefix);
    await docker.tag(id, repository, tag);
    return `${repository}:${tag}`;
  }

  async function refs(): Promise<string[]> {
    const images = await docker.taggedImages(repository);
    return images.flatMap(({ tags }) => tags).sort();
  }

  async function drop(keep: number) {
    const reporter = recordingReporter();
    const removed = await dropOldTags({
      docker,
      repository,
      tagPrefix,
      keep,
      othersBuild: () => Promise.resolve(false),
      reporter,
    });
    expect(reporter.warnings).toEqual([]);
    return removed;
  }

  it('lose their old content tags, the first tagged first', async () => {
    const first = await build();
    const second = await build();
    await cli(['tag', second, `${repository}:v1`]);
    await cli(['tag', second, `${repository}:${tagPrefix}-0123456789abcdef`]);
    const third = await build();
    // The first content again makes it the newest.
    await tagged((await docker.inspect(first))?.Id ?? '');
    expect(await drop(2)).toEqual([second]);
    const others = ['v1', `${tagPrefix}-0123456789abcdef`];
    expect(await refs()).toEqual(
      [first, third, ...others.map((tag) => `${repository}:${tag}`)].sort(),
    );
    expect(await drop(2)).toEqual([]);
  });

  it('keep what a container uses, a stopped one too', async () => {
    const used = await build();
    const newest = await build();
    const container = (await cli(['create', used, 'true'])).trim();
    try {
      expect(await docker.imagesInUse()).toContain(used);
      expect(await drop(1)).toEqual([]);
      expect(await docker.untag(used)).toBe(false);
      expect(await refs()).toEqual([used, newest].sort());
    } finally {
      await cli(['rm', container]);
    }
    expect(await drop(1)).toEqual([used]);
  });

  it('are pruned over all repositories, as the dry run says', async () => {
    const old = await build();
    const kept = await build();
    const young = `${tagPrefix}-build-0123456789abcdef`;
    await cli(['tag', kept, `${repository}:${young}`]);
    const prune = (dryRun: boolean, now = Date.now) =>
      pruneDocker({ docker, tagPrefix, keep: 1, dryRun, now });
    const told = await prune(true);
    expect(told).toEqual([
      {
        repository,
        namePrefix: undefined,
        kept: [kept],
        removed: [old],
        inUse: [],
        transient: [],
        bytes: expect.any(Number) as number,
      },
    ]);
    expect(await prune(false)).toEqual(told);
    expect(await refs()).toEqual([kept, `${repository}:${young}`].sort());
    const inTwoDays = () => Date.now() + 2 * 24 * 60 * 60 * 1000;
    const [later] = await prune(false, inTwoDays);
    expect(later?.transient).toEqual([`${repository}:${young}`]);
    expect(await refs()).toEqual([kept]);
  });

  it('are pushed, and the digest is what the registry has', async () => {
    const [name = '', tag = ''] = (await build()).split(/:(?=[^:]*$)/);
    const digest = await docker.push(name, tag);
    const path = name.slice(sandbox.registry.host.length + 1);
    const url = `http://${sandbox.registry.host}/v2/${path}/manifests/${tag}`;
    const accept = 'application/vnd.docker.distribution.manifest.v2+json';
    const answer = await fetch(url, { method: 'HEAD', headers: { accept } });
    expect(answer.headers.get('docker-content-digest')).toBe(digest);
    // The same again, with a login that this registry does not ask for.
    const login = { username: 'me', password: 'x', serveraddress: name };
    expect(await docker.push(name, tag, login)).toBe(digest);
  });

  it.each([
    ['an image that is gone', 'gone', 'SLIPWAY_E_IMAGE_NOT_FOUND'],
    ['a registry that is not there', '', 'SLIPWAY_E_REGISTRY_UNREACHABLE'],
  ])('cannot be pushed: %s', async (_why, tag, code) => {
    const nowhere = 'localhost:1/retention';
    const name = tag ? repository : nowhere;
    if (!tag) await docker.tag('busybox:1.35', nowhere, 'x');
    await expect(docker.push(name, tag || 'x')).rejects.toMatchObject({ code });
    await docker.untag(`${nowhere}:x`);
  });

  it('are in a Docker that tells what it is', async () => {
    expect(await docker.info()).toMatchObject({
      version: expect.stringMatching(/^\d+\./) as string,
      apiVersion: expect.stringMatching(/^1\.\d+$/) as string,
      insecureRegistries: expect.arrayContaining(['127.0.0.0/8']) as string[],
    });
  });
});
