import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TestNamespace } from './support/cluster';
import { addProject } from './support/project';
import type { Ran } from './support/run';
import { TestWorkspace } from './support/workspace';

const POD = `
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: main
          image: IMAGE
          command: [sleep, "3600"]
`;

const deployment = (name: string, image: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }${POD.replace('IMAGE', image)}`;

const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings # ours
data: { size: "1" }
`;

interface Answer {
  success: boolean;
  images: { name: string; ref: string; built: boolean }[];
  objects: { action: string; kind: string; name: string; diff?: object[] }[];
  ready: { name: string; ms: number }[];
  error?: { code: string; message: string };
  yaml?: string;
}

/** The object that `--output json` prints. */
function answerOf({ output, stdout }: Ran): Answer {
  const line = stdout.split('\n').find((text) => text.startsWith('{"schema"'));
  if (!line) throw new Error(`no JSON in:\n${output}`);
  return JSON.parse(line) as Answer;
}

const actionsOf = ({ objects }: Answer) =>
  Object.fromEntries(
    objects.map(({ kind, name, action }) => [`${kind}/${name}`, action]),
  );

describe('a project with manifests', () => {
  const name = `e2e-deploy-${process.pid}`;
  let workspace: TestWorkspace;
  let namespace: TestNamespace;
  let context: string;

  beforeAll(async () => {
    workspace = await TestWorkspace.create();
    context = workspace.sandbox.cluster?.context ?? '';
    const { registry } = workspace.sandbox;
    await workspace.usePlugin({
      registry: {
        host: registry.host,
        hostFromCluster: registry.hostFromCluster,
      },
      allowContexts: [context],
      workspaceId: `e2e-${process.pid}`,
    });
    for (const project of ['web', 'api']) await addProject(workspace, project);
    const options = { context, namespace: name };
    await workspace.writeJson('apps/shop/project.json', {
      name: 'shop',
      targets: {
        render: { executor: 'nx-slipway:render', options: {} },
        deploy: { executor: 'nx-slipway:deploy', options },
        down: { executor: 'nx-slipway:down', options },
      },
    });
    await workspace.write('apps/shop/k8s/web.yaml', deployment('web', 'web'));
    await workspace.write(
      'apps/shop/k8s/api.yaml',
      `${CONFIG}---\n${deployment('api', 'api')}`,
    );
    namespace = await TestNamespace.create(workspace.sandbox, name);
  });

  afterAll(async () => {
    await namespace.remove();
    await workspace.remove();
  });

  /** `web:nx-…`, whatever host and digest it is beside. */
  const tagged = (ref: string) => /([^/]+:nx-[0-9a-f]+)(?:@|$)/.exec(ref)?.[1];
  const deployed = new Set<string | undefined>();
  const deploy = async (...args: string[]) => {
    const ran = await workspace.nx([
      'run',
      'shop:deploy',
      '--output=json',
      ...args,
    ]);
    const answer = answerOf(ran);
    for (const { ref } of (answer as Partial<Answer>).images ?? [])
      deployed.add(tagged(ref));
    return { ...ran, answer };
  };
  const get = async (...args: string[]) =>
    JSON.parse(await namespace.kubectl('get', ...args, '-o', 'json')) as {
      items: {
        kind: string;
        metadata: {
          name: string;
          generation?: number;
          uid: string;
          managedFields: { manager: string; time: string }[];
        };
      }[];
    };
  const states = async () => {
    const { items } = await get(
      'deployments,configmaps',
      '-l',
      'applyset.kubernetes.io/part-of',
      '--show-managed-fields',
    );
    return Object.fromEntries(
      items.map(({ kind, metadata }) => [
        `${kind}/${metadata.name}`,
        {
          generation: metadata.generation,
          time: metadata.managedFields.find(
            ({ manager }) => manager === 'nx-slipway',
          )?.time,
        },
      ]),
    );
  };

  it('tells what it would do, and does nothing', async () => {
    const { answer, exitCode } = await deploy('--dry-run');
    expect(exitCode).toBe(0);
    expect(actionsOf(answer)).toEqual({
      'ConfigMap/settings': 'created',
      'Deployment/api': 'created',
      'Deployment/web': 'created',
    });
    expect(
      (await get('all,configmaps', '-l', 'applyset.kubernetes.io/part-of'))
        .items,
    ).toEqual([]);
  });

  it('builds what is missing, applies, and waits until all is ready', async () => {
    const { answer, output } = await deploy();
    expect(answer).toMatchObject({ success: true });
    expect(answer.images.map(({ name: image }) => image).sort()).toEqual([
      'api',
      'web',
    ]);
    expect(answer.ready.map(({ name: ready }) => ready).sort()).toEqual([
      'api',
      'web',
    ]);
    expect(output).toContain('+ Deployment');
    const pods = await namespace.kubectl(
      'get',
      'pods',
      '-o',
      'jsonpath={.items[*].spec.containers[*].image} {.items[*].status.phase}',
    );
    expect(pods).toContain('Running Running');
    for (const { ref } of answer.images) expect(pods).toContain(ref);
  });

  it('changes nothing the second time', async () => {
    const before = await states();
    const { answer } = await deploy();
    expect(new Set(Object.values(actionsOf(answer)))).toEqual(
      new Set(['unchanged']),
    );
    expect(answer.images.every(({ built }) => !built)).toBe(true);
    expect(await states()).toEqual(before);
  });

  it('of which one image changes: one object gets a new generation, the others keep their time', async () => {
    const before = await states();
    const first = (await deploy()).answer;
    await workspace.write('apps/web/src/index.html', '<h1>new</h1>\n');
    const { answer } = await deploy();
    const isNew = ({ ref }: { ref: string }) =>
      !first.images.some((image) => image.ref === ref);
    expect(answer.images.filter(isNew)).toMatchObject([{ name: 'web' }]);
    const after = await states();
    const changed = Object.keys(after).filter(
      (key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]),
    );
    expect(changed).toEqual(['Deployment/web']);
    expect(after['Deployment/web']?.generation).toBe(
      (before['Deployment/web']?.generation ?? 0) + 1,
    );
  });

  it('is rendered with the very refs, and all else as it is written', async () => {
    const { answer } = await deploy();
    const file = join(workspace.root, 'dist/shop.yaml');
    const noCluster = { KUBECONFIG: join(workspace.root, 'none') };
    const render = () =>
      workspace.nx(
        ['run', 'shop:render', '--file=../../dist/shop.yaml'],
        noCluster,
      );
    expect((await render()).exitCode).toBe(0);
    const first = await readFile(file, 'utf8');
    const refOf = (image: string) =>
      answer.images.find((one) => one.name === image)?.ref ?? '';
    const injected = (image: string) =>
      deployment(image, image).replace(
        `image: ${image}`,
        `image: ${refOf(image)}\n          imagePullPolicy: IfNotPresent`,
      );
    expect(first).toBe(
      `${CONFIG}---\n${injected('api')}---\n${injected('web')}`,
    );
    await render();
    expect(await readFile(file, 'utf8')).toBe(first);
  });

  it('is rendered to standard output, pinned as asked, without the values of Secrets', async () => {
    const secret =
      'apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nstringData: { a: hunter2hunter2 }\n';
    await workspace.write('apps/shop/k8s/secret.yaml', secret);
    const ran = await workspace.nx(['run', 'shop:render', '--pin=tag']);
    await workspace.removeFile('apps/shop/k8s/secret.yaml');
    expect(ran.stdout).toMatch(/image: \S+\/web:nx-[0-9a-f]{16}\n/);
    expect(ran.stdout).toContain('stringData: { a: "***" }');
    expect(ran.output).not.toContain('hunter2');
  });

  it.each([
    ['k8s/web.yaml', /one of the manifests themselves/],
    ['k8s/web.yaml/x', /ENOTDIR/],
  ])('is not rendered into %s', async (file, why) => {
    const before = await workspace.read('apps/shop/k8s/web.yaml');
    const ran = await workspace.nx(['run', 'shop:render', `--file=${file}`]);
    expect(ran.exitCode).toBe(1);
    expect(ran.output).toMatch(why);
    expect(ran.output).toContain('SLIPWAY_E_OPTION_INVALID');
    expect(await workspace.read('apps/shop/k8s/web.yaml')).toBe(before);
  });

  it('prunes what has left the manifests, and sums it up for a CI job', async () => {
    await workspace.write('apps/shop/k8s/api.yaml', deployment('api', 'api'));
    const GITHUB_STEP_SUMMARY = join(workspace.root, 'summary.md');
    const ran = await workspace.nx(['run', 'shop:deploy', '--output=json'], {
      GITHUB_STEP_SUMMARY,
    });
    expect(actionsOf(answerOf(ran))['ConfigMap/settings']).toBe('pruned');
    expect(await readFile(GITHUB_STEP_SUMMARY, 'utf8')).toContain(
      `| pruned | ConfigMap ${name}/settings |`,
    );
  });

  it.each([
    [
      'a file that is no YAML',
      'a: b: c\n',
      'SLIPWAY_E_MANIFEST',
      /apps\/shop\/k8s\/broken\.yaml:1:\d+/,
    ],
    [
      'a kind that nobody knows',
      'apiVersion: acme.dev/v1\nkind: Widget\nmetadata: { name: x }\n',
      'SLIPWAY_E_KIND_UNKNOWN',
      /Widget/,
    ],
  ])('fails at %s, and changes nothing', async (_, text, code, why) => {
    const before = await states();
    await workspace.write('apps/shop/k8s/broken.yaml', text);
    const { answer, exitCode, output } = await deploy();
    await workspace.removeFile('apps/shop/k8s/broken.yaml');
    expect(exitCode).toBe(1);
    expect(answer.error?.code).toBe(code);
    expect(answer.error?.message).toMatch(why);
    expect(output).toContain(`${code}: `);
    expect(await states()).toEqual(before);
  });

  it('tells of a run that fails what it has done before', async () => {
    await workspace.write(
      'apps/shop/k8s/refused.yaml',
      `---\n${CONFIG.replace('name: settings', 'name: first')}---\n${deployment('Refused', 'web')}`,
    );
    const GITHUB_STEP_SUMMARY = join(workspace.root, 'failed.md');
    const ran = await workspace.nx(['run', 'shop:deploy', '--output=json'], {
      GITHUB_STEP_SUMMARY,
    });
    await workspace.removeFile('apps/shop/k8s/refused.yaml');
    expect(ran.exitCode).toBe(1);
    const answer = answerOf(ran);
    expect(answer.error?.code).toBe('SLIPWAY_E_APPLY');
    expect(actionsOf(answer)).toMatchObject({
      'ConfigMap/first': 'created',
      'Deployment/Refused': 'refused',
    });
    expect(ran.output).toMatch(/\+ ConfigMap \S+\/first +created/);
    expect(await readFile(GITHUB_STEP_SUMMARY, 'utf8')).toMatch(
      /It failed:\n\n```\nSLIPWAY_E_APPLY: /,
    );
    // What it has made is of the set: the next run prunes it.
    expect(actionsOf((await deploy()).answer)['ConfigMap/first']).toBe(
      'pruned',
    );
  });

  it.each([
    [
      'an option that it has not',
      ['--forse'],
      /SLIPWAY_E_OPTION_UNKNOWN.*"forse"/,
    ],
    [
      'a context that there is not',
      ['--context=nowhere'],
      /SLIPWAY_E_KUBECONFIG.*"nowhere"/,
    ],
    [
      'a timeout that is none',
      ['--timeout=soon'],
      /SLIPWAY_E_OPTION_INVALID|timeout/,
    ],
  ])('refuses %s', async (_, args, why) => {
    const { output, exitCode } = await workspace.nx([
      'run',
      'shop:deploy',
      ...args,
    ]);
    expect(exitCode).toBe(1);
    expect(output).toMatch(why);
  });

  it('warns of an image that no manifest uses, with the nearest name', async () => {
    const { output } = await workspace.nx([
      'run',
      'shop:deploy',
      '--dry-run',
      '--images=webb',
    ]);
    expect(output).toContain(
      'warning: no manifest uses the image webb. Did you mean web?',
    );
  });

  it('goes down, and again', async () => {
    const down = () =>
      workspace.nx(['run', 'shop:down', '--output=json', '--prune-images']);
    const first = answerOf(await down());
    expect(actionsOf(first)).toEqual({
      'Deployment/api': 'deleted',
      'Deployment/web': 'deleted',
    });
    expect((await get('all')).items).toEqual([]);
    const images = await workspace.docker(
      'images',
      '--format',
      '{{.Repository}}:{{.Tag}}',
    );
    const left = images.split('\n').filter((ref) => deployed.has(tagged(ref)));
    expect([deployed.size > 0, left]).toEqual([true, []]);
    const second = answerOf(await down());
    expect(second).toMatchObject({ success: true, objects: [] });
  });

  it('tells two images of one name by their tags, and leaves a third alone', async () => {
    await addProject(workspace, 'web-b', { options: { ref: 'web:b' } });
    await workspace.writeJson('apps/exact/project.json', {
      name: 'exact',
      targets: {
        render: {
          executor: 'nx-slipway:render',
          // Nx fills in what a schema has for a default, which these have not.
          options: { source: { kustomize: 'kube' } },
        },
      },
    });
    await workspace.write(
      'apps/exact/kube/kustomization.yaml',
      'resources: [all.yaml]\n',
    );
    const images = ['web', 'web:b', 'web:other'];
    await workspace.write(
      'apps/exact/kube/all.yaml',
      images.map((image, at) => deployment(`d${at}`, image)).join('---\n'),
    );
    const { stdout } = await workspace.nx(['run', 'exact:render']);
    const refs = [...stdout.matchAll(/image: (\S+)$/gm)].map(([, ref]) => ref);
    expect(refs).toEqual([
      expect.stringMatching(/\/web:nx-/),
      expect.stringMatching(/\/web:nx-/),
      'web:other',
    ]);
    expect(refs[0]).not.toBe(refs[1]);
  });
});
