import { dockerfile } from './project';
import type { TestWorkspace } from './workspace';

/** As `nx g nx-slipway:init` leaves a workspace. */
export async function initPlugin(
  workspace: TestWorkspace,
  options: Record<string, unknown>,
): Promise<void> {
  await workspace.usePlugin(options);
  const ignored = await workspace.read('.gitignore');
  await workspace.write('.gitignore', `${ignored}\n.nx/slipway\n`);
}

/** What a user writes of an image: no inputs, no outputs, no dependsOn. */
export interface InferredImage {
  readonly options?: Record<string, unknown>;
  /** Of the Dockerfile, after its base. */
  readonly steps?: readonly string[];
}

/** A project that copies src/ into an image of its own name. */
export async function addImage(
  workspace: TestWorkspace,
  name: string,
  { options, steps = ['COPY src /app', 'CMD ["sh"]'] }: InferredImage = {},
): Promise<void> {
  const root = `apps/${name}`;
  await workspace.write(
    `${root}/Dockerfile`,
    dockerfile(workspace, name, ...steps),
  );
  await workspace.write(`${root}/src/index.html`, `<h1>${name}</h1>\n`);
  await workspace.writeJson(`${root}/project.json`, {
    name,
    targets: {
      'custom-build': {
        executor: 'nx-slipway:custom-build',
        options: {
          ref: name,
          command: 'docker build -q -t $EXPECTED_REF .',
          deps: ['src', 'Dockerfile'],
          ...options,
        },
      },
    },
  });
}

/**
 * A project that holds nothing but manifests: a Deployment for each image.
 * @param deploy what of its deploy is no default; render and down take it over
 */
export async function addManifests(
  workspace: TestWorkspace,
  name: string,
  images: readonly string[],
  deploy: {
    readonly options?: Record<string, unknown>;
    readonly configurations?: Record<string, Record<string, unknown>>;
  } = {},
): Promise<void> {
  const root = `apps/${name}`;
  await workspace.writeJson(`${root}/project.json`, {
    name,
    targets: { deploy },
  });
  for (const image of images) {
    await workspace.write(`${root}/k8s/${image}.yaml`, deployment(image));
  }
}

const deployment = (image: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${image} }
spec:
  selector: { matchLabels: { app: ${image} } }
  template:
    metadata: { labels: { app: ${image} } }
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: main
          image: ${image}
          command: [sleep, "3600"]
`;
