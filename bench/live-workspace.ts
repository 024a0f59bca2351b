import { join } from 'node:path';
import { execa } from 'execa';
import { deployment, openPlace, type Place } from './place';

/** How many pods are given a file, each in a project of its own. */
export const PODS = [1, 5, 20];
/** In the container, for both. */
export const TO = '/www';
/** What is saved in the workspace, and where no serve looks. */
export const OURS = (pods: number) => `apps/${projectOf(pods)}/www/ours`;
export const THEIRS = 'script/theirs';

export const projectOf = (pods: number) => `live-${pods}`;
export const imageOf = (pods: number) => `bench-live-${pods}`;

/**
 * For each number of pods a project with an image whose containers serve a
 * folder, and are given what is saved in `www`.
 */
export async function livePlace(): Promise<Place> {
  const place = await openPlace('bench-live');
  const { workspace, cluster, namespace } = place;
  const { context } = cluster;
  await workspace.write(THEIRS, '');
  for (const pods of PODS) {
    const name = projectOf(pods);
    const image = imageOf(pods);
    const root = `apps/${name}`;
    await workspace.write(OURS(pods), '');
    await buildServer(join(workspace.root, root));
    await workspace.write(`${root}/Dockerfile`, DOCKERFILE);
    await workspace.write(
      `${root}/k8s/live.yaml`,
      deployment(name, image, pods),
    );
    await workspace.writeJson(`${root}/project.json`, {
      name,
      targets: {
        serve: { options: { context, namespace, logs: 'none' } },
        'custom-build': {
          executor: 'nx-slipway:custom-build',
          options: {
            ref: image,
            command: 'docker build -q -t $EXPECTED_REF .',
            deps: ['www', 'server', 'Dockerfile'],
            liveUpdate: [{ sync: { from: 'www', to: TO } }],
          },
        },
      },
    });
  }
  return place;
}

const DOCKERFILE = `FROM busybox:1.35
COPY server /server
COPY www ${TO}
CMD ["/server"]
`;

/** What answers once a file is there, so that nobody needs to ask all the time. */
async function buildServer(folder: string): Promise<void> {
  const source = join(__dirname, 'live-server/main.go');
  const flags = ['-trimpath', '-ldflags=-s -w'];
  const output = join(folder, 'server');
  await execa('go', ['build', ...flags, '-o', output, source], {
    env: { CGO_ENABLED: '0', GOFLAGS: '', GO111MODULE: 'auto' },
  });
}

export interface Pod {
  readonly name: string;
  readonly ip: string;
}

interface PodList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly status: { readonly podIP: string };
  }[];
}

/** The pods of one number, by name and address. */
export async function podsOf(
  { shell, namespace }: Place,
  count: number,
): Promise<Pod[]> {
  const list = await shell(
    `kubectl --namespace ${namespace} get pods -l app=${projectOf(count)} -o json`,
  );
  const { items } = JSON.parse(list) as PodList;
  if (items.length !== count) {
    throw new Error(`${items.length} pods are there in place of ${count}`);
  }
  return items.map(({ metadata: { name }, status: { podIP } }) => ({
    name,
    ip: podIP,
  }));
}
