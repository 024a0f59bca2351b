import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServeStatus } from '../../../../packages/nx-slipway/src/serve';
import { eventually } from '../../../../packages/nx-slipway/src/testing/wait';
import { TestNamespace } from './cluster';
import { CommandLog } from './command-log';
import type { NxEnv } from './nx-commands';
import { dockerfile } from './project';
import { NxProcess } from './serve-process';
import { tryRun, type Ran } from './run';
import { TestWorkspace } from './workspace';

/** Of a loaded machine, for a build, a push and a rollout. */
const DEADLINE_MS = 60_000;
/** Between looks that start programs. */
const STEP_MS = 100;
const CONTEXT = 'kind-e2e';

/** A label tells what the image is made of. */
const TEXT = "text='$(cat src/index.html)'";
/** The same bytes make the same image, at whatever time: a layer of src/ alone. */
export const LAYER = `tar --sort=name --mtime=@0 --owner=0 --group=0 -c -C src . | docker import --change "LABEL ${TEXT}" - $EXPECTED_REF`;
/** One that pods can run. */
export const DOCKER_BUILD = `docker build -q --label "text=$(cat src/index.html)" -t $EXPECTED_REF .`;

export interface ImageParts {
  /** What it does once it is noted that it begins. */
  readonly command?: string;
  readonly options?: Record<string, unknown>;
}

/** An object of a set, as far as nobody but who applies it changes it. */
export interface Written {
  readonly uid: string;
  readonly generation?: number;
  /** When our fields were written last. */
  readonly time?: string;
  /** Of the first container. */
  readonly image?: string;
}

interface Listed {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly generation?: number;
    readonly managedFields: readonly { manager: string; time: string }[];
  };
  readonly spec?: {
    readonly template?: {
      readonly spec: { readonly containers: readonly { image: string }[] };
    };
  };
}

/**
 * A workspace whose projects are served, in namespaces of their own, on what
 * its kubeconfig calls a local cluster.
 */
export class ServeStage {
  private readonly id = randomBytes(3).toString('hex');
  private readonly namespaces = new Map<string, TestNamespace>();
  private readonly running: NxProcess[] = [];

  private constructor(
    readonly workspace: TestWorkspace,
    readonly log: CommandLog,
  ) {}

  static async create(): Promise<ServeStage> {
    const workspace = await TestWorkspace.create();
    const stage = new ServeStage(workspace, await CommandLog.create());
    const { host, hostFromCluster } = workspace.sandbox.registry;
    await workspace.usePlugin({
      registry: { host, hostFromCluster },
      workspaceId: `e2e-${stage.id}`,
    });
    await workspace.writeJson('kubeconfig', await stage.kubeconfig());
    await mkdir(stage.runtime);
    return stage;
  }

  get context(): string {
    return CONTEXT;
  }

  /** All that was started, also what has ended. */
  get started(): readonly NxProcess[] {
    return this.running;
  }

  /**
   * A project with an image of its name, made of src/. Files beside src/ stage
   * what its command does: with `fail` it fails, with `stubborn` it ignores
   * signals, with `pause` it takes a second longer, and while there is `slow` it
   * does not end.
   */
  async addImage(
    name: string,
    { command = LAYER, options }: ImageParts = {},
  ): Promise<void> {
    const root = `apps/${name}`;
    await this.workspace.write(`${root}/src/index.html`, `${name} 1\n`);
    await this.workspace.write(
      `${root}/Dockerfile`,
      dockerfile(this.workspace, name, 'COPY src /www'),
    );
    await this.workspace.writeJson(`${root}/project.json`, {
      name,
      targets: {
        'custom-build': {
          executor: 'nx-slipway:custom-build',
          options: {
            ref: name,
            command: this.log.noting(
              name,
              `{ ${staged(command)}
}`,
            ),
            deps: ['src', 'Dockerfile'],
            platform: 'linux/amd64',
            ...options,
          },
        },
      },
    });
  }

  /** A project that is served. @param manifests by the name of the file */
  async addProject(
    name: string,
    manifests: Readonly<Record<string, string>>,
    options: Record<string, unknown> = {},
  ): Promise<TestNamespace> {
    const namespace = `e2e-serve-${this.id}-${name}`;
    const shared = { context: CONTEXT, namespace };
    await this.workspace.writeJson(`apps/${name}/project.json`, {
      name,
      targets: {
        serve: { options: { ...shared, ...options } },
        deploy: { options: shared },
      },
    });
    for (const [file, text] of Object.entries(manifests)) {
      await this.workspace.write(`apps/${name}/k8s/${file}`, text);
    }
    const found = TestNamespace.named(this.workspace.sandbox, namespace);
    this.namespaces.set(name, found);
    return found;
  }

  /** `nx serve`, told in JSON. */
  serve(project: string, args: readonly string[] = [], env?: NxEnv): NxProcess {
    return this.nx(['serve', project, '--output=json', ...args], env);
  }

  /**
   * As by somebody else: Nx itself lets a second one in a workspace wait for the
   * end of the first, by what it keeps in this folder.
   */
  serveBeside(project: string, ...args: string[]): NxProcess {
    const folder = join(this.workspace.root, '.nx/other-data');
    return this.serve(project, args, { NX_WORKSPACE_DATA_DIRECTORY: folder });
  }

  nx(args: readonly string[], env: NxEnv = {}): NxProcess {
    const started = new NxProcess(this.workspace, args, {
      ...this.env,
      ...env,
    });
    this.running.push(started);
    return started;
  }

  /** To its end. */
  run(...args: string[]): Promise<Ran> {
    return this.workspace.nx(args, this.env);
  }

  slipway(...args: string[]): Promise<Ran> {
    const { root } = this.workspace;
    return tryRun(join(root, 'node_modules/.bin/slipway'), args, {
      cwd: root,
      env: this.workspace.env(this.env),
    });
  }

  /** Saves into src/ of an image. */
  save(image: string, text: string): Promise<void> {
    return this.replace(`apps/${image}/src/index.html`, text);
  }

  /** In one piece, as most editors do. */
  async replace(path: string, text: string): Promise<void> {
    await this.workspace.write('saved.tmp', text);
    const { root } = this.workspace;
    await rename(join(root, 'saved.tmp'), join(root, path));
  }

  /** @returns what takes it away again */
  async put(image: string, file: 'fail' | 'pause' | 'slow' | 'stubborn') {
    const path = `apps/${image}/${file}`;
    await this.workspace.write(path, '');
    return () => this.workspace.removeFile(path);
  }

  /** The processes of the commands that were held, two of each. */
  async held(image: string, count: number): Promise<number[][]> {
    const file = join(this.workspace.root, 'apps', image, 'held');
    return eventually(`${count} commands of ${image}`, () => {
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      const lines = text.split('\n').filter(Boolean);
      const isThere = lines.length >= count;
      return isThere && lines.map((line) => line.split(' ').map(Number));
    });
  }

  /** What an image is made of that is in the cluster. */
  async textOf(project: string, object: string): Promise<string> {
    const { image = '' } = (await this.written(project))[object] ?? {};
    const { host, hostFromCluster } = this.workspace.sandbox.registry;
    const [tagged = ''] = image.replace(hostFromCluster, host).split('@');
    const format = '{{.Config.Labels.text}}';
    return this.workspace.docker('image', 'inspect', '-f', format, tagged);
  }

  /** Waits until what is in the cluster is made of that. */
  async arrives(project: string, object: string, text: string): Promise<void> {
    await this.until(
      `${object} of ${text}`,
      async () => (await this.textOf(project, object)) === text,
    );
  }

  /** For what only programs can tell. */
  async until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + DEADLINE_MS;
    while (!(await isSo())) {
      if (Date.now() > deadline) throw new Error(`never seen: ${what}`);
      await sleep(STEP_MS);
    }
  }

  async status(): Promise<ServeStatus[]> {
    const { exitCode, output, stdout } = await this.slipway('status', '--json');
    if (exitCode !== 0) throw new Error(output);
    return JSON.parse(stdout) as ServeStatus[];
  }

  /** The objects of a set, by `Kind/name`. */
  async written(project: string): Promise<Record<string, Written>> {
    const text = await this.kubectl(
      project,
      ...['get', 'deployments,configmaps,services', '-o', 'json'],
      ...['-l', 'applyset.kubernetes.io/part-of', '--show-managed-fields'],
    );
    const { items } = JSON.parse(text) as { items: Listed[] };
    return Object.fromEntries(
      items.map(({ kind, metadata, spec }) => [
        `${kind}/${metadata.name}`,
        {
          uid: metadata.uid,
          generation: metadata.generation,
          time: metadata.managedFields.find(
            ({ manager }) => manager === 'nx-slipway',
          )?.time,
          image: spec?.template?.spec.containers[0]?.image,
        },
      ]),
    );
  }

  kubectl(project: string, ...args: string[]): Promise<string> {
    const namespace = this.namespaces.get(project);
    if (!namespace) throw new Error(`no namespace of ${project}`);
    return namespace.kubectl(...args);
  }

  /** Who holds the manifest set of a project; nobody: ''. */
  holder(project: string): Promise<string> {
    return this.kubectl(
      project,
      ...['get', 'leases', '-o', 'jsonpath={.items[*].spec.holderIdentity}'],
    );
  }

  /** The sockets of serves of this workspace that are there. */
  async sockets(): Promise<string[]> {
    const folder = join(this.runtime, `nx-slipway-${process.getuid?.()}`);
    return existsSync(folder) ? readdir(folder) : [];
  }

  async remove(): Promise<void> {
    for (const each of this.running) await each.kill();
    for (const each of this.namespaces.values()) await each.remove();
    await this.log.remove();
    await this.workspace.remove();
  }

  private get runtime(): string {
    return join(this.workspace.root, '.run');
  }

  private get env(): NxEnv {
    const { root } = this.workspace;
    return {
      KUBECONFIG: join(root, 'kubeconfig'),
      XDG_RUNTIME_DIR: this.runtime,
    };
  }

  /** The sandbox's, by the name of a local product's. */
  private async kubeconfig(): Promise<object> {
    const { cluster } = this.workspace.sandbox;
    const text = await readFile(cluster?.kubeconfig ?? '', 'utf8');
    const { clusters, users } = JSON.parse(text) as {
      clusters: { cluster: object }[];
      users: { user: object }[];
    };
    const name = CONTEXT;
    return {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': name,
      clusters: [{ name, cluster: clusters[0]?.cluster }],
      users: [{ name, user: users[0]?.user }],
      contexts: [{ name, context: { cluster: name, user: name } }],
    };
  }
}

const staged = (command: string) => `[ -e stubborn ] && trap '' INT TERM HUP
if [ -e fail ]; then
  for i in $(seq 20); do echo line $i; done
  exit 3
fi
[ -e pause ] && sleep 1
if [ -e slow ]; then
  sleep 300 &
  echo "$$ $!" >> held
  while [ -e slow ]; do sleep 0.05; done
  kill -9 $!
fi
${command}`;

/** A Deployment whose pods nobody waits for: there are none. */
export const deployment = (name: string, image = name): string =>
  `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: 0
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: main, image: ${image} }] }
`;

/** One with a pod that serves src/ of an image on port 8080. */
export const webServer = (name: string, image = name): string =>
  `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: ${name}
          image: ${image}
          command: [sh, -c, "echo hello from $(cat /www/index.html); exec httpd -f -p 8080 -h /www"]
          ports: [{ containerPort: 8080 }]
`;

export const configMap = (name: string, size = 1): string =>
  `apiVersion: v1
kind: ConfigMap
metadata: { name: ${name} }
data: { size: "${size}" }
`;
