import { sandboxEnv } from '@nx-slipway/sandbox';
import type { CurrentImage } from '../../../packages/nx-slipway/src/build';
import {
  connectDocker,
  type DockerEngine,
} from '../../../packages/nx-slipway/src/docker';
import {
  processConfigOf,
  supervise,
} from '../../../packages/nx-slipway/src/executors/serve/supervision';
import {
  contentId,
  identityOfInspect,
  parseReference,
} from '../../../packages/nx-slipway/src/image';
import { restartScript } from '../../../packages/nx-slipway/src/live-update';
import { defaultPlan } from '../../../packages/nx-slipway/src/testing/build-plan';
import { DeployStage, until, type Manifest } from './support/deploy-stage';
import { openRegistry } from './support/registry';
import { run } from './support/run';

/** Serves what it read when it was started, and who it is. */
const SERVE = `
  mkdir -p /www/$PORT; cd /www/$PORT
  cp /www/page index.html 2>/dev/null || echo first >index.html
  echo "$(id -u) $$ $0 $1" >who
  exec httpd -f -p $PORT`;
const ARGS = ['$(PORT)', '$$'];

describe('a process under a supervisor', () => {
  let stage: DeployStage;
  let docker: DockerEngine;
  let env: Record<string, string>;
  let image: CurrentImage;
  let ref: string;

  beforeAll(async () => {
    stage = await DeployStage.create('supervisor');
    env = sandboxEnv(stage.sandbox);
    docker = connectDocker({ ...process.env, ...env });
    await stage.kubectl(['wait', '--for=create', 'serviceaccount/default']);
    const lines = [
      `FROM busybox:1.35`,
      `RUN mkdir -m 777 /www`,
      `ENTRYPOINT ${JSON.stringify(['sh', '-c', SERVE])}`,
      `CMD ${JSON.stringify(ARGS)}`,
    ];
    image = await build('web', lines);
    const { hostFromCluster } = stage.sandbox.registry;
    ref = `${hostFromCluster}/${stage.name}-web:1`;
    await run('docker', ['push', '-q', localRef('web')], { env });
    await start();
  });
  afterAll(async () => {
    for (const name of ['web', 'bare']) {
      await run('docker', ['rmi', '-f', localRef(name)], { env });
    }
    docker.close();
    await stage.remove();
  });

  const localRef = (name: string) =>
    `${stage.sandbox.registry.host}/${stage.name}-${name}:1`;

  async function build(name: string, lines: string[]): Promise<CurrentImage> {
    const local = parseReference(localRef(name));
    await run('docker', ['build', '-q', '-t', localRef(name), '-'], {
      env,
      input: `${lines.join('\n')}\n`,
    });
    const found = await docker.inspect(localRef(name));
    const id = contentId(identityOfInspect(found ?? {}));
    const deployRef = { local, cluster: local };
    return { contentId: id, deployRef, record: {} as never };
  }

  const configOf = (of: CurrentImage, store: 'docker' | 'registry') => {
    const { host } = stage.sandbox.registry;
    const plan = { root: '/', name: 'web', command: ':', host };
    const systems = { docker, connectRegistry: openRegistry };
    return processConfigOf(of, { ...defaultPlan(plan), store }, systems);
  };

  const pod = (
    name: string,
    container: object,
    {
      others = [],
      ...spec
    }: { others?: object[]; [key: string]: unknown } = {},
  ): Manifest => ({
    kind: 'Pod',
    metadata: { name },
    spec: {
      restartPolicy: 'Never',
      containers: [
        {
          name: 'main',
          image: ref,
          env: [{ name: 'PORT', value: '8080' }],
          ...container,
        },
        ...others,
      ],
      ...spec,
    },
  });

  async function start(): Promise<void> {
    const www = { name: 'www', mountPath: '/www' };
    const volumes = [{ name: 'www', emptyDir: {} }];
    const manifests = [
      pod('web', {}),
      pod(
        'user',
        {
          volumeMounts: [www],
          securityContext: {
            runAsUser: 1000,
            readOnlyRootFilesystem: true,
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
          },
        },
        { volumes },
      ),
      pod(
        'shared',
        {},
        {
          shareProcessNamespace: true,
          others: [
            {
              name: 'other',
              image: ref,
              env: [{ name: 'PORT', value: '8081' }],
            },
          ],
        },
      ),
      pod('ends', { command: ['sh', '-c', 'sleep 0.1; exit 7'] }),
      pod('stops', {
        command: [
          'sh',
          '-c',
          'trap "exit 3" TERM; while :; do sleep 0.1; done',
        ],
      }),
    ];
    const config = await configOf(image, 'docker');
    const objects = supervise(stage.set(manifests).objects, [{ ref, config }]);
    await stage.applyByKubectl(
      objects.map(({ object }) => object as unknown as Manifest),
    );
  }

  interface Status {
    readonly podIP?: string;
    readonly containerStatuses?: {
      readonly name: string;
      readonly containerID: string;
      readonly restartCount: number;
      readonly state: { readonly terminated?: { readonly exitCode: number } };
    }[];
  }
  const statusOf = async (name: string) =>
    (await stage.get(`pod/${name}`)).status as Status;
  const exec = (name: string, script: string, container = 'main') =>
    stage.kubectl(['exec', name, '-c', container, '--', 'sh', '-uc', script]);

  const served = (name: string, path: string, port = 8080) =>
    until(`${path} of ${name}`, async () => {
      const { podIP } = await statusOf(name);
      if (!podIP) return undefined;
      try {
        const answer = await fetch(`http://${podIP}:${port}/${path}`);
        return answer.ok && (await answer.text()).trim();
      } catch {
        // Not yet.
        return undefined;
      }
    });

  it('is what the image says, read as the image means it', async () => {
    expect(await served('web', 'who')).toMatch(/^0 \d+ \$\(PORT\) \$\$$/);
    const inDocker = await configOf(image, 'docker');
    const inRegistry = await configOf(image, 'registry');
    expect(inDocker).toEqual({ ...inRegistry, hasShell: true });
    const bare = await build('bare', ['FROM scratch', 'CMD ["/main"]']);
    expect(await configOf(bare, 'docker')).toEqual({
      ...{ entrypoint: [], cmd: ['/main'], hasShell: false },
    });
  });

  it.each([
    ['web', 0],
    ['user', 1000],
    ['shared', 0],
  ])('starts again in the container: %s', async (name, user) => {
    expect(await served(name, '')).toBe('first');
    const other = name === 'shared' && (await served(name, 'who', 8081));
    const who = await served(name, 'who');
    const before = await statusOf(name);
    await exec(name, 'echo second >/www/page');
    expect(await exec(name, restartScript)).toBe('');
    expect(await served(name, '')).toBe('second');
    const now = await served(name, 'who');
    expect(now).toMatch(new RegExp(`^${user} `));
    expect(now).not.toBe(who);
    const after = await statusOf(name);
    const places = ({ containerStatuses = [] }: Status) =>
      containerStatuses.map((each) => [each.containerID, each.restartCount]);
    expect(places(after)).toEqual(places(before));
    expect(places(after).map(([, count]) => count)).not.toContain(1);
    if (other === false) return;
    expect(await served(name, 'who', 8081)).toBe(other);
    await exec(name, restartScript, 'other');
    expect(await served(name, 'who', 8081)).not.toBe(other);
    expect(await served(name, 'who')).toBe(now);
  });

  const exitCodeOf = (name: string) =>
    until(`the end of ${name}`, async () => {
      const [main] = (await statusOf(name)).containerStatuses ?? [];
      return main?.state.terminated?.exitCode;
    });

  it('ends the container as it ends', async () => {
    expect(await exitCodeOf('ends')).toBe(7);
  });

  // Killed after its grace, it would end with 137.
  it('is stopped by the kubelet, and then ends as it ends', async () => {
    const finalizers = (all: string[]) =>
      stage.kubectl([
        ...['patch', 'pod/stops', '--type=merge', '-p'],
        JSON.stringify({ metadata: { finalizers: all } }),
      ]);
    await finalizers(['slipway.test/looks']);
    await stage.kubectl(['delete', 'pod/stops', '--wait=false']);
    expect(await exitCodeOf('stops')).toBe(3);
    await finalizers([]);
  });
});
