import { randomBytes } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { down, ensureSandbox } from '@nx-slipway/sandbox';
import { TestNamespace } from './support/cluster';
import { CommandLog } from './support/command-log';
import {
  addImage,
  addManifests,
  initPlugin,
} from './support/inferred-projects';
import { deployRefOf } from './support/project';
import { RemoteCache } from './support/remote-cache';
import type { Ran } from './support/run';
import { TestRegistry } from './support/test-registry';
import { TestWorkspace } from './support/workspace';

const OTHER = 'two-machines';
const BUILD = 'docker build -q -t $EXPECTED_REF .';
const FROM_BASE =
  'docker build -q --build-arg BASE=$SLIPWAY_IMAGE_0 -t $EXPECTED_REF .';
/** An archive of the same bytes wherever it is made, creation time and all. */
const REPRODUCIBLE = `set -e
dir=$(mktemp -d)
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C src -cf $dir/layer.tar .
id=$(sha256sum $dir/layer.tar | cut -c 1-64)
cat > $dir/config.json <<EOF
{"architecture":"amd64","os":"linux","created":"1970-01-01T00:00:00Z","config":{"Cmd":["sh"]},"rootfs":{"type":"layers","diff_ids":["sha256:$id"]}}
EOF
echo '[{"Config":"config.json","RepoTags":["'$EXPECTED_REF'"],"Layers":["layer.tar"]}]' > $dir/manifest.json
tar -C $dir -cf - . | docker load -q
rm -r $dir
`;

/** Of the same layer, and made at another time. */
const SAME_CONTENT =
  'tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C src -c . | docker import - $EXPECTED_REF';
const AT_ONCE = {
  reproducible: REPRODUCIBLE,
  'same-content': SAME_CONTENT,
  'not-reproducible': BUILD,
};

interface Answer {
  images: { name: string; ref: string; built: boolean }[];
  objects: { action: string }[];
}

function answerOf({ exitCode, output, stdout }: Ran): Answer {
  const json = /^\{"schema".*$/m.exec(stdout)?.[0];
  if (exitCode !== 0 || !json) throw new Error(output);
  return JSON.parse(json) as Answer;
}

const tagOf = (ref: string) => /:(nx-\w+)@/.exec(ref)?.[1];
const refsOf = ({ images }: Answer) => images.map(({ ref }) => ref);

describe('two machines with one registry and one remote cache', () => {
  const name = `e2e-two-${randomBytes(4).toString('hex')}`;
  let registry: TestRegistry;
  let cache: RemoteCache;
  let log: CommandLog;
  let namespace: TestNamespace;
  let here: TestWorkspace;
  let there: TestWorkspace;
  /** Another Docker, which has nothing of what the first one built. */
  let thereEnv: Record<string, string>;

  beforeAll(async () => {
    const sandbox = await ensureSandbox({ name: OTHER, cluster: false });
    registry = await TestRegistry.start();
    cache = await RemoteCache.start();
    log = await CommandLog.create();
    thereEnv = { ...cache.env, DOCKER_HOST: sandbox.dockerHost };
    here = await TestWorkspace.create();
    await initPlugin(here, { registry: registry.host, workspaceId: name });
    for (const image of ['base', 'api']) {
      await addImage(here, image, {
        options: { command: log.noting(image, BUILD) },
      });
    }
    await addImage(here, 'web', {
      options: { command: log.noting('web', FROM_BASE), imageDeps: ['base'] },
    });
    await here.write(
      'apps/web/Dockerfile',
      'ARG BASE\nFROM $BASE\nCOPY src /app\n',
    );
    for (const [image, command] of Object.entries(AT_ONCE)) {
      await addImage(here, image, {
        options: { command: log.together(image, command) },
      });
    }
    await addManifests(here, 'shop', ['web', 'api'], {
      options: { context: here.sandbox.cluster?.context, namespace: name },
    });
    namespace = await TestNamespace.create(here.sandbox, name);
    await here.commitAll();
    there = await here.clone();
  });

  afterAll(async () => {
    await namespace.remove();
    await there.remove();
    await here.remove();
    await cache.stop();
    await registry.stop();
    await log.remove();
    await down(OTHER);
  });

  const deploy = (
    machine: TestWorkspace,
    env: Record<string, string>,
  ): Promise<Ran> => machine.nx(['run', 'shop:deploy', '--output=json'], env);

  /** One image, on both machines at the same time. */
  async function buildAtOnce(image: string): Promise<string[]> {
    const both = await Promise.all([
      here.build(image, cache.env),
      there.build(image, thereEnv),
    ]);
    for (const { exitCode, output } of both) {
      if (exitCode !== 0) throw new Error(output);
    }
    return both.map(({ output }) => deployRefOf(output));
  }

  const records = (machine: TestWorkspace) =>
    Promise.all(
      ['base', 'web', 'api'].map((image) =>
        machine.read(`.nx/slipway/${image}.json`),
      ),
    );

  it('deploy the same refs, and the second builds nothing and needs no Docker', async () => {
    const first = answerOf(await deploy(here, cache.env));
    expect(await log.taken()).toEqual(['api', 'base', 'web']);
    const second = answerOf(
      await deploy(there, {
        ...cache.env,
        DOCKER_HOST: 'unix:///nowhere.sock',
      }),
    );
    expect(await log.taken()).toEqual([]);
    expect(await cache.counts()).toMatchObject({ puts: 3, hits: 3 });
    expect(await records(there)).toEqual(await records(here));
    expect(refsOf(second)).toEqual(refsOf(first));
    expect(second.objects.map(({ action }) => action)).toEqual([
      'unchanged',
      'unchanged',
    ]);
  });

  it('may build different images at once: each takes over what the other built', async () => {
    await here.write('apps/api/src/index.html', 'changed here');
    await there.write('apps/web/src/index.html', 'changed there');
    await Promise.all([here.commitAll('api'), there.commitAll('web')]);
    const [api, web] = await Promise.all([
      here.build('api', cache.env),
      there.build('web', thereEnv),
    ]);
    expect(await log.taken()).toEqual(['api', 'web']);
    await here.git('pull', '--quiet', '--no-rebase', there.root);
    await there.git('pull', '--quiet', '--no-rebase');
    const second = answerOf(await deploy(there, thereEnv));
    const first = answerOf(await deploy(here, cache.env));
    expect(await log.taken()).toEqual([]);
    expect(refsOf(first)).toEqual([api.output, web.output].map(deployRefOf));
    expect(refsOf(second)).toEqual(refsOf(first));
  });

  it.each(['reproducible', 'same-content'])(
    'may build one image at once: %s, which is one image',
    async (image) => {
      const refs = await buildAtOnce(image);
      expect(await log.taken()).toEqual([image, image]);
      const [tag, ...otherTags] = await registry.tagsOf(image);
      expect(otherTags).toEqual([]);
      for (const ref of refs) await expectStanding(ref);
      expect(refs.map(tagOf)).toEqual([tag, tag]);
      // Created at two times it may be two manifests, of which one has the tag.
      if (image === 'reproducible') expect(refs[0]).toBe(refs[1]);
    },
  );

  it('may build one image at once, each another: each has its own, and the cache one of them', async () => {
    const image = 'not-reproducible';
    // A layer holds the times of its files, and no clone has those of another.
    await utimes(join(here.root, `apps/${image}/src/index.html`), 0, 0);
    const refs = await buildAtOnce(image);
    expect(await log.taken()).toEqual([image, image]);
    expect((await registry.tagsOf(image)).sort()).toEqual(
      refs.map(tagOf).sort(),
    );
    for (const ref of refs) await expectStanding(ref);
    const third = await here.clone();
    const { output } = await third.build(image, cache.env);
    await third.remove();
    expect(refs).toContain(deployRefOf(output));
    expect(await log.taken()).toEqual([]);
  });

  async function expectStanding(ref: string): Promise<void> {
    const [, path = '', digest = ''] = /\/(.*):.*@(.*)/.exec(ref) ?? [];
    expect(await registry.digestOf(path, digest)).toBe(digest);
  }
});
