import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { ServeStage } from './serve-stage';

/** Of the first container; the second has the next one. */
const PORT = 8080;

/** Serves a folder on a port, until it is told to end: `kill 1`. */
export const serving = (folder: string, port: number) =>
  `trap 'exit 1' TERM; httpd -f -p ${port} -h ${folder} & wait`;

export interface PodParts {
  readonly image?: string;
  readonly namespace?: string;
  readonly replicas?: number;
  /** How many containers of the image each pod has. */
  readonly containers?: number;
  /** What each of them runs; unless given it serves /www. */
  readonly script?: (port: number) => string;
  /** Fields of each container. */
  readonly container?: object;
  /** Fields of the pod. */
  readonly spec?: object;
}

/** A Deployment whose containers serve what they hold, each on a port of its own. */
export function servingPods(name: string, parts: PodParts = {}): string {
  const { image = name, namespace, replicas = 1, containers = 1 } = parts;
  const script = parts.script ?? ((port) => serving('/www', port));
  const labels = { app: name };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: Array.from({ length: containers }, (_, at) => ({
            name: `c${at}`,
            image,
            command: ['sh', '-c', script(PORT + at)],
            ports: [{ containerPort: PORT + at }],
            env: [{ name: 'PORT', value: `${PORT + at}` }],
            ...parts.container,
          })),
          ...parts.spec,
        },
      },
    },
  };
  return `${JSON.stringify(deployment, null, 2)}\n`;
}

export interface PodNow {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly ip: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly isReady: boolean;
  readonly containers: readonly {
    readonly name: string;
    readonly port: number;
    readonly restarts: number;
    /** Of its end: it waits to be started again. */
    readonly waiting?: string;
  }[];
}

interface Listed {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly deletionTimestamp?: string;
    readonly annotations?: Record<string, string>;
  };
  readonly spec: {
    readonly containers: readonly {
      readonly name: string;
      readonly ports: readonly { readonly containerPort: number }[];
    }[];
  };
  readonly status: {
    readonly podIP?: string;
    readonly conditions?: readonly { type: string; status: string }[];
    readonly containerStatuses?: readonly {
      readonly name: string;
      readonly restartCount: number;
      readonly state?: { readonly waiting?: { readonly reason: string } };
    }[];
  };
}

/** The pods of a project that is served, and what they serve themselves. */
export class ServedPods {
  /** @param namespaces beside that of the project */
  constructor(
    private readonly stage: ServeStage,
    private readonly project: string,
    private readonly namespaces: readonly string[] = [],
  ) {}

  /** Those of a Deployment that do not end. @param namespace none: of all */
  async of(app: string, namespace?: string): Promise<PodNow[]> {
    const all = [[], ...this.namespaces.map((each) => ['-n', each])];
    const some = namespace === undefined ? all : [['-n', namespace]];
    const lists = await Promise.all(
      some.map((where) =>
        this.kubectl(
          ...['get', 'pods', '-l', `app=${app}`, '-o', 'json'],
          ...where,
        ),
      ),
    );
    return lists
      .flatMap((text) => (JSON.parse(text) as { items: Listed[] }).items)
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(podNow);
  }

  /** The only one, once it is ready and no other is left. */
  async one(app: string, namespace?: string): Promise<PodNow> {
    let found: PodNow | undefined;
    await this.stage.until(`one pod of ${app}`, async () => {
      const [pod, ...others] = await this.of(app, namespace);
      found = pod;
      return pod !== undefined && pod.isReady && others.length === 0;
    });
    if (!found) throw new Error(`no pod of ${app}`);
    return found;
  }

  /** What each container of each pod serves; what is not there is undefined. */
  async texts(
    app: string,
    path: string,
    namespace?: string,
  ): Promise<(string | undefined)[]> {
    const pods = await this.of(app, namespace);
    return Promise.all(
      pods.flatMap(({ ip, containers }) =>
        containers.map(({ port }) => textAt(ip, port, path)),
      ),
    );
  }

  /** Until all of them serve that. @param text undefined: it is not there */
  async show(
    app: string,
    path: string,
    text: string | undefined,
    namespace?: string,
  ) {
    let last: readonly (string | undefined)[] = [];
    await this.stage
      .until(`${path} of ${app}`, async () => {
        last = await this.texts(app, path, namespace).catch(() => []);
        return last.length > 0 && last.every((each) => each === text);
      })
      .catch((error: Error) => {
        throw new Error(`${error.message}: ${JSON.stringify(last)}`);
      });
  }

  async sh(pod: PodNow, script: string, container = 'c0'): Promise<string> {
    return this.kubectl(
      ...['-n', pod.namespace, 'exec', pod.name, '-c', container],
      ...['--', 'sh', '-c', script],
    );
  }

  /** All that stands in a folder of a container, as it stands there. */
  async tree(pod: PodNow, folder: string, container = 'c0'): Promise<Tree> {
    const script = `tar -cf - -C ${folder} . | base64`;
    const text = await this.sh(pod, script, container);
    const to = await mkdtemp(join(tmpdir(), 'slipway-tree-'));
    try {
      await execa('tar', ['-xpf', '-', '-C', to], {
        input: Buffer.from(text, 'base64'),
      });
      return treeOf(to);
    } finally {
      await rm(to, { recursive: true });
    }
  }

  /** Has the process of a container end; who asks for it ends with it. */
  async end(pod: PodNow, container = 'c0'): Promise<void> {
    await this.sh(pod, 'kill 1; sleep 10', container).catch(() => undefined);
  }

  async delete({ name, namespace }: PodNow): Promise<void> {
    await this.kubectl('-n', namespace, 'delete', 'pod', name, '--wait=false');
  }

  private kubectl(...args: string[]): Promise<string> {
    return this.stage.kubectl(this.project, ...args);
  }
}

/** By path: what it is, with its mode, and what is in it. */
export type Tree = Readonly<Record<string, string>>;

export function treeOf(root: string): Tree {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    paths.map((path) => {
      const at = join(root, path);
      const stats = lstatSync(at);
      if (stats.isSymbolicLink()) return [path, `link ${readlinkSync(at)}`];
      if (stats.isDirectory()) return [path, 'folder'];
      const hash = createHash('sha256').update(readFileSync(at)).digest('hex');
      return [path, `file ${(stats.mode & 0o777).toString(8)} ${hash}`];
    }),
  );
}

async function textAt(
  ip: string,
  port: number,
  path: string,
): Promise<string | undefined> {
  const answer = await fetch(`http://${ip}:${port}/${path}`, {
    headers: { connection: 'close' },
  });
  const text = await answer.text();
  return answer.status === 200 ? text : undefined;
}

function podNow({ metadata, spec, status }: Listed): PodNow {
  const { name, namespace, uid, annotations = {} } = metadata;
  const { podIP: ip = '', conditions = [], containerStatuses = [] } = status;
  return {
    ...{ name, namespace, uid, ip, annotations },
    isReady: conditions.some(
      (each) => each.type === 'Ready' && each.status === 'True',
    ),
    containers: spec.containers.map((container) => {
      const found = containerStatuses.find(
        (each) => each.name === container.name,
      );
      return {
        name: container.name,
        port: container.ports[0]?.containerPort ?? 0,
        restarts: found?.restartCount ?? 0,
        waiting: found?.state?.waiting?.reason,
      };
    }),
  };
}
