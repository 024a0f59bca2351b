import { adminTokenOf } from '../e2e/nx-slipway-e2e/src/support/open-cluster';
import { ClusterView } from './cluster-view';
import { openMarks, type Marks } from './marks';
import { deployment, openPlace, type Place } from './place';

export const MANY = Array.from({ length: 10 }, (_, index) => `many-${index}`);
/** What a serve builds at a time unless told otherwise. */
export const PARALLEL = 3;
/** Of the Deployments that a script keeps, in place of a serve. */
export const SCRIPT = 'script';

/** What is served, and who looks on. */
export interface LoopPlace extends Place {
  readonly view: ClusterView;
  readonly marks: Marks;
  /** A shell command that has a Deployment run an image: one PATCH, by curl. */
  readonly patch: (deployment: string, image: string) => string;
}

/**
 * `one`, an image of a changed file on busybox; `many`, ten that copy a library;
 * and the same for a script, where no serve looks.
 */
export async function loopPlace(): Promise<LoopPlace> {
  const place = await openPlace('bench-loop');
  const { cluster, namespace } = place;
  const marks = await openMarks();
  await writeWorkspace(place, marks);
  const view = await ClusterView.open(cluster, namespace);
  return {
    ...{ ...place, view, marks },
    patch: await patchOf(place),
    async close() {
      view.close();
      await marks.close();
      await place.close();
    },
  };
}

async function writeWorkspace(
  { workspace, cluster, namespace }: Place,
  marks: Marks,
): Promise<void> {
  const { context } = cluster;
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
  await workspace.write('apps/one/k8s/one.yaml', manifest('one', 1));
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
  const manifests = MANY.map((name) => manifest(name, 0)).join('---\n');
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

/** @param replicas 0: pods would be measured */
function manifest(name: string, replicas: number): string {
  return deployment(name, `bench-loop-${name}`, replicas);
}

/** Before it may be patched, the script's own Deployment has to be there. */
export async function applyForScript(
  { shell, namespace, workspace }: LoopPlace,
  name: string,
  replicas: number,
): Promise<void> {
  const image = `${workspace.sandbox.registry.hostFromCluster}/busybox:1.35`;
  const own = deployment(`${SCRIPT}-${name}`, image, replicas).replace(
    '"image"',
    '"command":["sleep","3600"],"image"',
  );
  await shell(
    `echo '${own.trim()}' | kubectl --namespace ${namespace} apply -f -`,
  );
}

async function patchOf({ cluster, workspace, namespace }: Place) {
  const { server } = cluster;
  const token = await adminTokenOf(workspace.sandbox);
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
