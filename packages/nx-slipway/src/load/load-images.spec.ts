import { existsSync, readFileSync } from 'node:fs';
import type { Cluster, ClusterNode } from '../cluster';
import { connectDocker, type DockerEngine } from '../docker';
import { parseReference } from '../image';
import { useDockerApi } from '../testing/docker-api';
import { recordingReporter } from '../testing/recording-reporter';
import { errorOf, slipwayError } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { KnownImages } from './known-images';
import { parseLoad } from './load';
import { loadImages } from './load-images';
import type { LoadSystems } from './systems';

const folder = useTempFolder();
const api = useDockerApi(folder);
const reporter = recordingReporter();
let docker: DockerEngine;

beforeEach(() => {
  docker = connectDocker({
    DOCKER_CONFIG: folder.path,
    DOCKER_HOST: api.address,
  });
  reporter.lines.length = 0;
  reporter.warnings.length = 0;
  for (const ref of ['web:nx-1', 'api:nx-1']) api.add({ tags: [ref] });
});
afterEach(() => docker.close());

const node = (name: string, ...images: string[]): ClusterNode => ({
  metadata: { name },
  status: { images: [{ names: images }] },
});

/** A cluster as far as a load asks it. @param nodes none: forbidden */
const clusterOf = (
  nodes: readonly ClusterNode[] | undefined,
  context = 'kind-dev',
) =>
  ({
    context,
    server: 'https://127.0.0.1:6443',
    getIfPermitted: () => Promise.resolve(nodes && { items: nodes }),
  }) as unknown as Cluster;

const systemsOf = (
  cluster: Cluster,
  more: Partial<LoadSystems> = {},
): LoadSystems => ({
  docker,
  cluster,
  env: { PATH: process.env.PATH, KEPT: 'yes' },
  dir: folder.path,
  reporter,
  secrets: () => [],
  signal: new AbortController().signal,
  tempFolder: folder.path,
  ...more,
});

const image = (ref: string) => ({
  ref: parseReference(ref),
  platform: { os: 'linux', architecture: 'amd64' },
});
const web = [image('web:nx-1')];

/** A command that writes down each word after its name, one run a line. */
const noting = async (...words: string[]) => {
  await folder.script(
    'note',
    '#!/bin/sh\necho "$@" >> "$(dirname "$0")/runs"\n',
  );
  return parseLoad(['./note', ...words]);
};
const runs = () =>
  existsSync(folder.at('runs'))
    ? readFileSync(folder.at('runs'), 'utf8').trim().split('\n').sort()
    : [];

describe('a load command', () => {
  it('runs for each node that lacks the image', async () => {
    const load = await noting('$NODE', '$IMAGE', '$CONTEXT', '$CLUSTER');
    const nodes = [node('a'), node('b', 'web:nx-1'), node('c')];
    const report = await loadImages(web, load, systemsOf(clusterOf(nodes)));
    expect(report).toEqual({
      loaded: [{ ref: 'web:nx-1', nodes: ['a', 'c'] }],
      present: [],
    });
    expect(runs()).toEqual([
      'a web:nx-1 kind-dev dev',
      'c web:nx-1 kind-dev dev',
    ]);
    expect(reporter.lines).toEqual(['loaded web:nx-1 into a, c']);
  });

  it('runs once where it does not name a node, if any lacks the image', async () => {
    const load = await noting('$IMAGE');
    const nodes = [node('a', 'docker.io/library/web:nx-1'), node('b', 'x:1')];
    const both = [...web, image('api:nx-1')];
    nodes[1] = node('b', 'web:nx-1');
    const report = await loadImages(both, load, systemsOf(clusterOf(nodes)));
    expect(report).toEqual({
      loaded: [{ ref: 'api:nx-1', nodes: ['a', 'b'] }],
      present: ['web:nx-1'],
    });
    expect(runs()).toEqual(['api:nx-1']);
  });

  it('gets an archive where it names one, and Docker only then saves', async () => {
    await folder.script('import', '#!/bin/sh\ncat "$1" > "$2.imported"\n');
    const load = parseLoad(['./import', '$ARCHIVE', '$NODE']);
    await loadImages(web, load, systemsOf(clusterOf([node('a'), node('b')])));
    for (const name of ['a', 'b']) {
      expect(readFileSync(folder.at(`${name}.imported`), 'utf8')).toBe(
        'the archive of web:nx-1',
      );
    }
    const saves = api.requests.filter((request) => request.endsWith('/get'));
    expect(saves).toEqual(['GET /images/web:nx-1/get']);
  });

  it('is told of the Docker that has the image', async () => {
    await folder.script('show', '#!/bin/sh\nenv > "$(dirname "$0")/env"\n');
    const load = parseLoad(['./show', '$IMAGE']);
    await loadImages(web, load, systemsOf(clusterOf([node('a')])));
    const env = readFileSync(folder.at('env'), 'utf8');
    expect(env).toMatch(`DOCKER_HOST=${api.address}\n`);
    expect(env).toMatch('KEPT=yes\n');
  });

  it('is not run again while a node has not listed what it was brought', async () => {
    let now = 0;
    const known = new KnownImages(() => now);
    const load = await noting('$NODE', '$IMAGE');
    const systems = systemsOf(clusterOf([node('a')]), { known });
    await loadImages(web, load, systems);
    expect((await loadImages(web, load, systems)).present).toEqual([
      'web:nx-1',
    ]);
    now = 10 * 60_000;
    await loadImages(web, load, systems);
    expect(runs()).toHaveLength(2);
  });

  it('that fails is told with its last lines, when all have ended', async () => {
    await folder.script(
      'fail',
      '#!/bin/sh\n[ "$1" = a ] && { echo "no such node" >&2; exit 3; }\nsleep 0.3; touch "$(dirname "$0")/done-$1"\n',
    );
    const known = new KnownImages(() => 0);
    const load = parseLoad(['./fail', '$NODE', '$IMAGE']);
    const systems = systemsOf(clusterOf([node('a'), node('b')]), { known });
    const error = await errorOf(loadImages(web, load, systems));
    expect(error).toEqual(
      slipwayError(
        'SLIPWAY_E_LOAD',
        /^\.\/fail a web:nx-1 ended with exit code 3, loading web:nx-1 into a\. Its last lines:\n {4}no such node$/,
      ),
    );
    expect(existsSync(folder.at('done-b'))).toBe(true);
    expect(known.has('https://127.0.0.1:6443', 'b', 'web:nx-1')).toBe(false);
  });

  it('that is not installed is named', async () => {
    const load = parseLoad(['no-such-kind', '$IMAGE']);
    await expect(
      loadImages(web, load, systemsOf(clusterOf([node('a')]))),
    ).rejects.toEqual(slipwayError('SLIPWAY_E_TOOL_MISSING', /no-such-kind/));
  });

  it('needs an image that is in Docker still', async () => {
    const load = await noting('$IMAGE');
    await expect(
      loadImages([image('gone:nx-1')], load, systemsOf(clusterOf([node('a')]))),
    ).rejects.toEqual(
      slipwayError('SLIPWAY_E_LOAD', /gone:nx-1 .* not in Docker/),
    );
    expect(runs()).toEqual([]);
  });
});

describe('where nodes may not be listed', () => {
  it('loads on, with one notice', async () => {
    const load = await noting('$IMAGE');
    const both = [...web, image('api:nx-1')];
    const report = await loadImages(
      both,
      load,
      systemsOf(clusterOf(undefined)),
    );
    expect(report.loaded).toEqual([
      { ref: 'web:nx-1', nodes: [] },
      { ref: 'api:nx-1', nodes: [] },
    ]);
    expect(runs()).toEqual(['api:nx-1', 'web:nx-1']);
    expect(reporter.warnings).toHaveLength(1);
  });

  it('cannot run once for each', async () => {
    const load = await noting('$NODE', '$IMAGE');
    await expect(
      loadImages(web, load, systemsOf(clusterOf(undefined))),
    ).rejects.toEqual(slipwayError('SLIPWAY_E_LOAD', /may not be listed/));
  });
});

it('needs the name of the cluster where a command has it', async () => {
  const load = await noting('$IMAGE', '$CLUSTER');
  const systems = systemsOf(clusterOf([node('a')], 'dev'));
  await expect(loadImages(web, load, systems)).rejects.toEqual(
    slipwayError('SLIPWAY_E_LOAD', /the context "dev" does not say which/),
  );
  await loadImages(web, { ...load!, cluster: 'one' }, systems);
  expect(runs()).toEqual(['web:nx-1 one']);
});

describe('with no load command', () => {
  it.each([
    ['kind-dev', /"load": "kind"/],
    ['k3d-dev', /"load": "k3d"/],
    ['minikube', /"load": "minikube"\. Or build in its own Docker/],
    ['prod', /the name of a recipe \(kind, k3d, minikube, containerd\)/],
  ])('an image in Docker alone is refused for %s', async (context, hint) => {
    const systems = systemsOf(clusterOf([node('a')], context));
    const error = await errorOf(loadImages(web, undefined, systems));
    expect(error.code).toBe('SLIPWAY_E_LOAD');
    expect(error.message).toBe(
      `web:nx-1 stands in Docker alone, which the nodes of the context "${context}" do not see.`,
    );
    expect(error.hint).toMatch(hint);
  });

  it('is there where the node runs from this very Docker', async () => {
    const own: ClusterNode = {
      metadata: { name: 'buildbox' },
      status: {
        nodeInfo: {
          containerRuntimeVersion: 'docker://28.0.1',
          kernelVersion: '6.1.0-18-amd64',
        },
      },
    };
    const systems = systemsOf(clusterOf([own], 'minikube'));
    expect(await loadImages(web, undefined, systems)).toEqual({
      loaded: [],
      present: ['web:nx-1'],
    });
  });

  it('nothing is asked where there is nothing to load', async () => {
    expect(await loadImages([], undefined, systemsOf(clusterOf([])))).toEqual({
      loaded: [],
      present: [],
    });
    expect(api.requests).toEqual([]);
  });
});
