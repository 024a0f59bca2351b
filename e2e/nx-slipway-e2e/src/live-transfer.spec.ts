import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ensureSandbox, sandboxEnv } from '@nx-slipway/sandbox';
import {
  openExec,
  type Cluster,
} from '../../../packages/nx-slipway/src/cluster';
import {
  Archives,
  openHelper,
  openLink,
  type Batch,
  type ContainerLink,
  type Run,
} from '../../../packages/nx-slipway/src/live-update';
import {
  errorOf,
  slipwayError,
} from '../../../packages/nx-slipway/src/testing/slipway-error';
import { TestNamespace } from './support/cluster';
import { openSandboxCluster } from './support/open-cluster';
import { run } from './support/run';

const MB = 1024 * 1024;

/** What a COPY --chown leaves below a WORKDIR: a folder that is of root. */
const PREPARE = `
echo old >/app/sub.conf
echo old >/app/owned
chown 1000 /app/owned
chmod 755 /app
mkdir /app/free
chown 1000 /app/free`;

/** Of a user of its own, with no shell and no tools; it ends when it is told to. */
const SHELLLESS = `
FROM busybox:1.35 AS tools
RUN mkdir -p /own/app && chown 65532 /own/app && ln -s /app /own/linked
FROM scratch
COPY --from=tools /bin/busybox /bin/busybox
COPY --from=tools /own /
USER 65532
CMD ["/bin/busybox", "sh", "-c", "trap exit TERM; while :; do /bin/busybox sleep 0.1; done"]
`;

describe('files for a container of the cluster', () => {
  let namespace: TestNamespace;
  let cluster: Cluster;
  let image: string;
  let built: string;
  let env: Record<string, string>;
  let root: string;
  let printed = '';
  const end = new AbortController();
  const links: ContainerLink[] = [];

  beforeAll(async () => {
    const sandbox = await ensureSandbox();
    const name = `e2e-transfer-${randomBytes(3).toString('hex')}`;
    root = await mkdtemp(join(tmpdir(), 'slipway-transfer-'));
    namespace = await TestNamespace.create(sandbox, name);
    await namespace.kubectl('wait', '--for=create', 'serviceaccount/default');
    image = `${sandbox.registry.hostFromCluster}/busybox:1.35`;
    const app = { name: 'app', mountPath: '/app' };
    env = sandboxEnv(sandbox);
    const { host, hostFromCluster } = sandbox.registry;
    const shellless = `${name}/shellless:1`;
    built = `${host}/${shellless}`;
    const docker = (args: string[], input = '') =>
      run('docker', args, { env, input });
    await docker(['build', '-q', '-t', built, '-'], SHELLLESS);
    await docker(['push', '-q', built]);
    const pods: [string, object, object[]?][] = [
      ['web', {}],
      ['user', { runAsUser: 1000 }, [app]],
      [
        'fixed',
        { readOnlyRootFilesystem: true },
        [
          app,
          { name: 'deep', mountPath: '/app/deep down' },
          { ...app, mountPath: '/app/one.conf', subPath: 'sub.conf' },
        ],
      ],
    ];
    const items = pods.map(([pod, securityContext, volumeMounts]) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: pod },
      spec: {
        terminationGracePeriodSeconds: 0,
        volumes: [
          { name: 'app', emptyDir: {} },
          { name: 'deep', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
        ],
        initContainers: [
          {
            ...{ name: 'prepare', image, volumeMounts: [app] },
            command: ['sh', '-c', PREPARE],
          },
        ],
        containers: [
          {
            ...{ name: 'main', image, securityContext, volumeMounts },
            command: ['sleep', '3600'],
          },
        ],
      },
    }));
    const bare = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'shellless' },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          { name: 'main', image: `${hostFromCluster}/${shellless}` },
        ],
      },
    };
    const list = { apiVersion: 'v1', kind: 'List', items: [...items, bare] };
    await run('kubectl', ['--namespace', name, 'apply', '-f', '-'], {
      env,
      input: JSON.stringify(list),
    });
    await namespace.kubectl(
      ...['wait', '--for=condition=Ready', '--timeout=120s', 'pods', '--all'],
    );
    cluster = await openSandboxCluster(sandbox);
  });
  afterAll(async () => {
    end.abort();
    await rm(root, { recursive: true });
    await namespace.remove();
    await run('docker', ['rmi', built], { env });
  });
  beforeEach(() => {
    printed = '';
  });
  afterEach(() => {
    for (const link of links.splice(0)) link.close();
  });

  const save = async (files: Record<string, string | Buffer>) => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
  };
  const linkTo = (pod: string, helper?: string) => {
    const place = { namespace: namespace.name, pod, container: 'main' };
    const link = openLink({
      ...{ place, root, signal: end.signal },
      exec: (command, options) =>
        openExec(cluster, { ...place, ...options, command }),
      ...(helper !== undefined && {
        helper: (user) =>
          openHelper(
            { cluster, place, image: helper, signal: end.signal },
            user,
          ),
      }),
      onOutput: (_run, _stream, lines) => {
        printed += lines;
      },
      now: () => performance.now(),
      archives: new Archives(root),
    });
    links.push(link);
    return link;
  };
  const batch = (parts: Partial<Batch>): Batch => ({
    ...{ deletes: [], writes: [], runs: [], restart: false },
    ...parts,
  });
  const place = (path: string, below = '/app') => ({
    path: `${below}/${path}`,
    below,
  });
  const writesOf = (...paths: string[]) =>
    paths.map((source) => ({ ...place(source), source, state: 'file new' }));
  const sh = (pod: string, script: string) =>
    namespace.kubectl('exec', pod, '--', 'sh', '-c', script);

  it('stand there, and go', async () => {
    const large = randomBytes(3 * MB);
    await save({ a: 'one', 'b/ü c': 'two', large });
    const link = linkTo('web');
    const writes = writesOf('a', 'b/ü c', 'large');
    const { states } = await link.apply(batch({ writes }));
    expect(await sh('web', 'cat "/app/a" "/app/b/ü c"')).toBe('onetwo');
    const sum = await sh('web', 'sha256sum </app/large');
    expect(`file ${sum.split(' ')[0] ?? ''}`).toBe(states.get('/app/large'));
    await link.apply(
      batch({ deletes: ['b/ü c', 'large'].map((at) => place(at)) }),
    );
    expect(await sh('web', 'ls -A /app')).toBe('a');
  });

  it('are written over where nothing can be renamed, and across volumes', async () => {
    const files = { a: 'a', 'deep down/x': 'deep', 'one.conf': 'new' };
    await save(files);
    const link = linkTo('fixed');
    const all = 'cd /app; cat a "deep down/x" one.conf; ls -A . "deep down"';
    await link.apply(batch({ writes: writesOf(...Object.keys(files)) }));
    expect(await sh('fixed', all)).toMatch(
      /^adeepnew\.:\na\ndeep down\nfree\none.conf\nowned\nsub.conf\n+deep down:\nx$/,
    );
    await save({ 'one.conf': 'newer' });
    await link.apply(batch({ writes: writesOf('one.conf') }));
    expect(await sh('fixed', 'cat /app/one.conf')).toBe('newer');
  });

  it('that the user of the container may only write over are written over', async () => {
    await save({ owned: 'new', 'free/a': 'a', 'free/b': 'b' });
    const link = linkTo('user');
    await link.apply(batch({ writes: writesOf('owned') }));
    expect(await sh('user', 'cat /app/owned; ls -A /app /tmp')).toMatch(
      /^new\/app:\nfree\nowned\nsub.conf\n+\/tmp:$/,
    );
    await save({ owned: 'newer' });
    await link.apply(batch({ writes: writesOf('owned', 'free/a', 'free/b') }));
    expect(await sh('user', 'cat /app/owned /app/free/?; ls -A /tmp')).toBe(
      'newerab',
    );
  });

  it.each([
    [
      'user',
      '/app/new',
      /mv failed, .*may not write.*Permission denied/,
      /chown/,
    ],
    ['user', '/srv/new', /mkdir failed.*\/srv\/.*Permission denied/, /chown/],
    ['fixed', '/srv/new', /mkdir failed.*Read-only/, /emptyDir/],
    ['fixed', '/app/deep down/big', /no space left/, /sizeLimit/],
  ])(
    'that cannot be written are told of: %s %s',
    async (pod, path, message, hint) => {
      await save({ source: randomBytes(4 * MB) });
      const below = dirname(path);
      const entry = { path, below, source: 'source', state: 'file new' };
      const link = linkTo(pod);
      const error = await errorOf(link.apply(batch({ writes: [entry] })));
      expect(error).toEqual(slipwayError('SLIPWAY_E_LIVE_UPDATE', message));
      expect(error.hint).toMatch(hint);
      expect(
        await sh(pod, `ls -A /tmp "${below === '/srv' ? '/tmp' : below}"`),
      ).not.toMatch(/nx-slipway|big/);
    },
  );

  it('are followed by runs, each with an end of its own', async () => {
    const link = linkTo('web');
    const of = (...argv: string[]): Run => ({ argv, written: argv.join(' ') });
    const codeOf = async (...argv: string[]) => {
      const applied = await link.apply(batch({ runs: [of(...argv)] }));
      return applied.failedRun?.exitCode;
    };
    expect(await codeOf('sh', '-c', 'echo said; exit 3')).toBe(3);
    expect(printed).toBe('said\n');
    expect(await codeOf('true')).toBeUndefined();
    expect(await codeOf('no-such-program')).toBe(127);
    expect(await codeOf('/etc/passwd')).toBe(126);
    expect(printed).toMatch(/not found in \$PATH.*\n.*permission denied/);
    const killed = await errorOf(codeOf('sh', '-c', 'kill -9 $$'));
    expect(killed).toEqual(slipwayError('SLIPWAY_E_LIVE_UPDATE', /137/));
  });

  describe('without a shell', () => {
    const read = async (): Promise<string> => {
      printed = '';
      const argv = ['/bin/busybox', 'find', '/app', '-type', 'f'];
      const argvs = [
        argv,
        [...argv, '-exec', '/bin/busybox', 'cat', '{}', ';'],
      ];
      const runs = argvs.map((each) => ({ argv: each, written: 'find' }));
      await linkTo('shellless').apply(batch({ runs }));
      return printed;
    };

    it('are not given, and it is said what to do', async () => {
      const error = await errorOf(
        linkTo('shellless').apply(batch({ writes: writesOf('a') })),
      );
      expect(error).toEqual(
        slipwayError('SLIPWAY_E_LIVE_UPDATE', /its image has no shell/),
      );
      expect(error.hint).toMatch(/helperImage/);
    });

    it('are given by a helper, also once the container has started again', async () => {
      await save({ a: 'one', 'b/c': 'two' });
      const link = linkTo('shellless', image);
      const { states } = await link.apply(
        batch({ writes: writesOf('a', 'b/c') }),
      );
      expect([...states.keys()]).toEqual(['/app/a', '/app/b/c']);
      await link.apply(batch({ deletes: [place('b/c')] }));
      expect(await read()).toBe('/app/a\none');
      const argv = ['/bin/busybox', 'kill', '1'];
      await link.apply(batch({ runs: [{ argv, written: 'kill' }] }));
      await namespace.kubectl(
        ...[
          'wait',
          '--for=jsonpath={.status.containerStatuses[0].restartCount}=1',
        ],
        ...['--timeout=60s', 'pod/shellless'],
      );
      await namespace.kubectl(
        ...['wait', '--for=condition=Ready', '--timeout=60s', 'pod/shellless'],
      );
      const next = linkTo('shellless', image);
      await next.apply(batch({ writes: writesOf('b/c') }));
      expect(await read()).toBe('/app/b/c\ntwo');
    });

    it('are not written to where a link of the container leads', async () => {
      await save({ a: 'one' });
      const entry = {
        ...place('a', '/linked'),
        source: 'a',
        state: 'file new',
      };
      const link = linkTo('shellless', image);
      const error = await errorOf(link.apply(batch({ writes: [entry] })));
      expect(error.message).toMatch(/a link leads to \/linked/);
    });
  });
});
