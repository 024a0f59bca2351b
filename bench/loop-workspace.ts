import { randomBytes } from 'node:crypto';
import { down, ensureSandbox } from '@nx-slipway/sandbox';
import type { Cluster } from '../packages/nx-slipway/src/cluster';
import {
  adminTokenOf,
  openSandboxCluster,
} from '../e2e/nx-slipway-e2e/src/support/open-cluster';
import type { TestWorkspace } from '../e2e/nx-slipway-e2e/src/support/workspace';
import { execa } from 'execa';
import { ClusterView } from './cluster-view';
import { openMarks, type Marks } from './marks';
import { pluginWorkspace } from './plugin-workspace';
import { removeImages } from './systems';

export const MANY = Array.from({ length: 10 }, (_, index) => `many-${index}`);
/** What a serve builds at a time unless told otherwise. */
export const PARALLEL = 3;
/**
 * A Docker and a registry of its own: the builder without BuildKit looks at all
 * images that stand on the same base, of which tests leave thousands.
 */
const DOCKER = 'bench';
/** Of the Deployments that a script keeps, in place of a serve. */
export const SCRIPT = 'script';

/** A workspace of what is served, a cluster to serve it in, and who looks on. */
export interface LoopPlace {
  readonly workspace: TestWorkspace;
  readonly namespace: string;
  readonly view: ClusterView;
  readonly marks: Marks;
  /** `localhost:PORT`, for the cluster, too. */
  readonly registry: string;
  readonly env: Readonly<Record<string, string>>;
  /** In the workspace, with the sandbox's Docker. */
  readonly shell: (command: string) => Promise<unknown>;
  /** A shell command that has a Deployment run an image: one PATCH, by curl. */
  readonly patch: (deployment: string, image: string) => string;
  close(): Promise<void>;
}

/**
 * `one`, an image of a changed file on busybox; `many`, ten that copy a library;
 * and the same for a script, where no serve looks.
 */
export async function loopPlace(): Promise<LoopPlace> {
  const workspace = await pluginWorkspace();
  const { sandbox } = workspace;
  const own = await ensureSandbox({ name: DOCKER, cluster: false });
  const env = { DOCKER_HOST: own.dockerHost };
  const registry = own.registry.host;
  const marks = await openMarks();
  const namespace = `bench-loop-${randomBytes(3).toString('hex')}`;
  const cluster = await openSandboxCluster(sandbox);
  const shell = (command: string) =>
    execa('sh', ['-c', command], {
      cwd: workspace.root,
      env: workspace.env(env),
    });
  await shell(`kubectl create namespace ${namespace}`);
  await writeWorkspace(workspace, { namespace, marks, registry });
  const view = await ClusterView.open(cluster, namespace);
  return {
    ...{ workspace, namespace, view, marks, registry, env, shell },
    patch: await patchOf(cluster, workspace, namespace),
    async close() {
      view.close();
      await shell(`kubectl delete namespace ${namespace} --wait=false`);
      await marks.close();
      await shell(removeImages('bench-loop'));
      await workspace.remove();
      await down(DOCKER);
    },
  };
}

async function writeWorkspace(
  workspace: TestWorkspace,
  {
    namespace,
    marks,
    registry,
  }: Pick<LoopPlace, 'namespace' | 'marks' | 'registry'>,
): Promise<void> {
  const { cluster } = workspace.sandbox;
  await workspace.usePlugin({
    registry: { host: registry, hostFromCluster: registry },
    workspaceId: 'bench-loop',
  });
  const context = cluster?.context;
  const serve = { options: { context, namespace, logs: 'none' } };
  const build = (name: string, options: object) => ({
    executor: 'nx-slipway:custom-build',
    options: { ref: `bench-loop-${name}`, ...options },
  });
  const marked = (name: string, command: string) =>
    `${marks.command(`${name}-started`)}; ${command} && ${marks.command(`${name}-ended`)}`;

  for (const where of ['apps/one', `${SCRIPT}/one`]) {
    await workspace.write(`${where}/Dockerfile`, dockerfile('src'));
    await workspace.write(`${where}/src/file`, 'first\n');
  }
  await workspace.write('apps/one/k8s/one.yaml', deployment('one', 1));
  await workspace.writeJson('apps/one/project.json', {
    name: 'one',
    targets: {
      serve,
      'custom-build': build('one', {
        command: marked('one', 'docker build -q -t $EXPECTED_REF .'),
        deps: ['src', 'Dockerfile'],
      }),
    },
  });

  for (const name of MANY) {
    for (const where of ['many', `${SCRIPT}/many`]) {
      const copied = dockerfile(`${name}/file`, 'lib');
      await workspace.write(`${where}/${name}/Dockerfile`, copied);
      await workspace.write(`${where}/${name}/file`, name);
      await workspace.write(`${where}/lib/library`, 'first\n');
    }
    await workspace.writeJson(`many/${name}/project.json`, {
      name,
      targets: {
        'custom-build': build(name, {
          command: marked(name, buildOfMany(name, '$EXPECTED_REF')),
          dir: '{workspaceRoot}/many',
          deps: ['Dockerfile', 'file', '{workspaceRoot}/many/lib'],
        }),
      },
    });
  }
  const manifests = MANY.map((name) => deployment(name, 0)).join('---\n');
  await workspace.write('apps/many/k8s/many.yaml', manifests);
  await workspace.writeJson('apps/many/project.json', {
    name: 'many',
    targets: { serve },
  });

  await workspace.writeJson('tools/idle/package.json', {
    name: 'idle',
    executors: './executors.json',
  });
  await workspace.writeJson('tools/idle/executors.json', {
    executors: { idle: { implementation: './idle', schema: './schema.json' } },
  });
  await workspace.writeJson('tools/idle/schema.json', {
    ...{ version: 2, continuous: true, outputCapture: 'direct-nodejs' },
    ...{ type: 'object', properties: {} },
  });
  await workspace.write(
    'tools/idle/idle.js',
    'module.exports = () => new Promise(() => setInterval(() => undefined, 1e6));\n',
  );
  await workspace.writeJson('apps/idle/project.json', {
    name: 'idle',
    targets: { serve: { executor: './tools/idle:idle', continuous: true } },
  });
}

/** What the command of one of the ten does, by whomever it is run. */
export function buildOfMany(name: string, ref: string): string {
  return `docker build -q -t ${ref} -f ${name}/Dockerfile .`;
}

function dockerfile(...copied: string[]): string {
  const copies = copied.map((path) => `COPY ${path} /${path}`);
  const command = 'CMD ["httpd", "-f", "-p", "8080"]';
  return ['FROM busybox:1.35', ...copies, command, ''].join('\n');
}

/** JSON is YAML, too. @param replicas 0: pods would be measured */
function deployment(name: string, replicas: number): string {
  const labels = { app: name };
  const containers = [{ name: 'main', image: `bench-loop-${name}` }];
  const spec = { terminationGracePeriodSeconds: 0, containers };
  return `${JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec },
    },
  })}\n`;
}

/** Before it may be patched, the script's own Deployment has to be there. */
export async function applyForScript(
  { shell, namespace, workspace }: LoopPlace,
  name: string,
  replicas: number,
): Promise<void> {
  const own = deployment(`${SCRIPT}-${name}`, replicas).replace(
    /"image":"[^"]*"/,
    `"image":"${workspace.sandbox.registry.hostFromCluster}/busybox:1.35","command":["sleep","3600"]`,
  );
  await shell(
    `echo '${own.trim()}' | kubectl --namespace ${namespace} apply -f -`,
  );
}

async function patchOf(
  { server }: Cluster,
  { sandbox }: TestWorkspace,
  namespace: string,
) {
  const token = await adminTokenOf(sandbox);
  return (deployment: string, image: string) => {
    const url = `${server}/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`;
    const containers = `[{"name":"main","image":"'${image}'"}]`;
    return [
      `curl -sfk -o /dev/null -X PATCH -H 'Authorization: Bearer ${token}'`,
      `-H 'Content-Type: application/strategic-merge-patch+json'`,
      `-d '{"spec":{"template":{"spec":{"containers":${containers}}}}}' ${url}`,
    ].join(' ');
  };
}
