import { randomBytes } from 'node:crypto';
import { cp, chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { configureBuilders } from './support/builder-project';
import { TestNamespace } from './support/cluster';
import { freePort } from './support/free-port';
import type { NxEnv } from './support/nx-commands';
import { dockerfile } from './support/project';
import type { NxProcess } from './support/serve-process';
import { ServeStage, webServer } from './support/serve-stage';

const JIB = join(__dirname, '../fixtures/builders/jib');
/** Of the guide's snippets, by the image: the folder that holds its page. */
const PAGES: Readonly<Record<string, string>> = {
  frontend: 'frontend',
  'example-java-image': 'java/src/main/resources',
  backend: 'backend',
  'gcr.io/company-name/site': 'site',
  'own-tag': 'own-tag',
  'image-foo': 'dep1',
};
const BUILD_SCRIPT = `#!/bin/sh
set -eu
REF=$REGISTRY_HOST/own-tag:v$(cat own-tag/* | cksum | cut -d" " -f1)
docker build -t $REF own-tag
docker push $REF
echo $REF > ref.txt
`;

const names = Object.keys(PAGES);
const ports = new Map<string, number>();
const id = randomBytes(3).toString('hex');
let stage: ServeStage;
let namespace: TestNamespace;
let env: NxEnv;
let serve: NxProcess;

const workload = (image: string) => image.split('/').at(-1) ?? image;
const port = (image: string) => ports.get(image) ?? 0;
const put = (image: string, text: string) =>
  stage.replace(`${PAGES[image]}/index.html`, text);

/** As the guide has them, but that no two images have one name. */
const tiltfile = (host: string, hostFromCluster: string) => `
allow_k8s_contexts('kind-e2e')
default_registry('${host}', host_from_cluster='${hostFromCluster}')

custom_build(
  'frontend',
  'docker build -t $EXPECTED_REF frontend',
  ['./frontend'],
)
include('./java/Tiltfile')
custom_build(
  'backend',
  'buildah bud -t $EXPECTED_REF backend && buildah push $EXPECTED_REF $EXPECTED_REF',
  ['./backend'],
  skips_local_docker=True,
)
custom_build(
  'gcr.io/company-name/site',
  'docker build -t gcr.io/company-name/site:dev site',
  ['site'],
  tag='gcr.io/company-name/site:dev')
custom_build('own-tag', './build.sh', ['own-tag', 'build.sh'], outputs_image_ref_to='ref.txt')
custom_build(
    'image-foo',
    'docker build -t $EXPECTED_REF -f dep1/Dockerfile .',
    deps=['dep1', 'dep2'],
    ignore=['baz']
)

k8s_yaml(['k8s/java.yaml'] + ['k8s/pages.yaml'])
k8s_resource('frontend', port_forwards='${port('frontend')}:8080')
k8s_resource('example-java-image', port_forwards=${port('example-java-image')})
k8s_resource('backend', port_forwards=port_forward(${port('backend')}, 8080))
k8s_resource('site:deployment', port_forwards=['localhost:${port('gcr.io/company-name/site')}:8080'])
k8s_resource('own-tag', port_forwards='${port('own-tag')}')
k8s_resource('image-foo', port_forwards=['${port('image-foo')}:8080'], labels=['pages'])
print('ready')
`;

const JAVA_TILTFILE = `custom_build(
  'example-java-image',
  './gradlew jibDockerBuild --image $EXPECTED_REF',
  deps=['src'])
`;

/** One that is the image's own server. */
const JAVA = `apiVersion: apps/v1
kind: Deployment
metadata: { name: example-java-image }
spec:
  selector: { matchLabels: { app: java } }
  template:
    metadata: { labels: { app: java } }
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: java
          image: example-java-image
          ports: [{ containerPort: 8080 }]
`;

beforeAll(async () => {
  stage = await ServeStage.create();
  const { workspace } = stage;
  await workspace.usePlugin({ workspaceId: `e2e-${id}` });
  env = await configureBuilders(workspace);
  for (const name of names) ports.set(name, await freePort());
  await cp(JIB, join(workspace.root, 'java'), { recursive: true });
  for (const [name, folder] of Object.entries(PAGES)) {
    await workspace.write(`${folder}/index.html`, `${name} 1`);
    if (folder.startsWith('java')) continue;
    const copy =
      folder === 'dep1' ? 'COPY dep1 dep2 /www/' : 'COPY index.html /www/';
    const text = dockerfile(workspace, `tilt-${folder}`, copy);
    await workspace.write(`${folder}/Dockerfile`, text);
  }
  await workspace.write('dep2/baz', 'ignored');
  await workspace.write('build.sh', BUILD_SCRIPT);
  await chmod(join(workspace.root, 'build.sh'), 0o755);
  await workspace.write('k8s/java.yaml', JAVA);
  await workspace.write(
    'k8s/pages.yaml',
    names
      .filter((name) => name !== 'example-java-image')
      .map((name) => webServer(workload(name), name))
      .join('---\n'),
  );
  const { host, hostFromCluster } = workspace.sandbox.registry;
  await workspace.write('Tiltfile', tiltfile(host, hostFromCluster));
  await workspace.write('java/Tiltfile', JAVA_TILTFILE);
  namespace = TestNamespace.named(workspace.sandbox, `e2e-tiltfile-${id}`);
});

afterAll(async () => {
  await serve?.stop();
  await namespace.remove();
  await stage.remove();
});

const page = async (image: string) => {
  const answer = await fetch(
    `http://localhost:${port(image)}/index.html`,
  ).catch(() => undefined);
  return answer?.ok ? answer.text() : '';
};
const pages = () => Promise.all(names.map(page));

const shows = (texts: readonly string[]) =>
  stage.until(
    texts.join(', '),
    async () => JSON.stringify(await pages()) === JSON.stringify(texts),
  );

it('imports a Tiltfile of the snippets of the guide, all of its calls', async () => {
  const { output, exitCode } = await stage.run('g', 'nx-slipway:tiltfile');
  expect(output).toMatch(
    /Tiltfile: 16 calls: 15 moved, 0 not moved, 1 needed no more\. The report is tiltfile-import\.md\./,
  );
  expect(exitCode).toBe(0);
  const projects = await stage.run('show', 'projects', '--json');
  expect((JSON.parse(projects.stdout) as string[]).sort()).toEqual([
    'backend',
    'dep1',
    'frontend',
    'java',
    'k8s',
    'own-tag',
    'site',
  ]);
});

it('changes nothing when it is imported again', async () => {
  const { workspace } = stage;
  await workspace.commitAll();
  await stage.run('g', 'nx-slipway:tiltfile');
  expect(await workspace.git('status', '--short')).toBe('');
});

it('serves what each of them builds, through the ports of the Tiltfile', async () => {
  serve = stage.serve('k8s', ['--namespace', namespace.name], env);
  await serve.upToDate();
  await shows(names.map((name) => `${name} 1`));
});

it('serves again what was edited', async () => {
  for (const name of names) await put(name, `${name} 2`);
  await shows(names.map((name) => `${name} 2`));
});
