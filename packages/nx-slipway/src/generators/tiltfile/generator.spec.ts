import { readJson, writeJson } from '@nx/devkit';
import { imported, importInto, treeOf } from './testing/imported';

const DEPLOYMENT = 'kind: Deployment\nmetadata:\n  name: web\n';

describe('the snippets of the guide', () => {
  it.each([
    [
      'a command',
      "custom_build('frontend', 'docker build -t $EXPECTED_REF frontend', ['./frontend'])",
      'frontend',
      {
        ref: 'frontend',
        command: 'docker build -t $EXPECTED_REF frontend',
        deps: ['.'],
        dir: '{workspaceRoot}',
      },
    ],
    [
      'Buildah',
      `custom_build(
  'frontend',
  'buildah bud -t $EXPECTED_REF frontend && buildah push $EXPECTED_REF $EXPECTED_REF',
  ['./frontend'],
  skips_local_docker=True,
)`,
      'frontend',
      {
        ref: 'frontend',
        command:
          'buildah bud -t $EXPECTED_REF frontend && buildah push $EXPECTED_REF $EXPECTED_REF',
        deps: ['.'],
        dir: '{workspaceRoot}',
        skipsLocalDocker: true,
      },
    ],
    [
      'ignore of two deps',
      "custom_build('image-foo', 'docker build -t $EXPECTED_REF .', deps=['dep1', 'dep2'], ignore=['baz'])",
      'dep1',
      {
        ref: 'image-foo',
        command: 'docker build -t $EXPECTED_REF .',
        deps: ['.', '{workspaceRoot}/dep2'],
        ignore: ['baz'],
        dir: '{workspaceRoot}',
      },
    ],
    [
      'a tag and a file of refs in turn',
      "custom_build('web', ['./build.sh', '$EXPECTED_REF'], ['web'], outputs_image_ref_to='web/ref.txt', env={'A': 'b', 'N': 3}, image_deps=['base'], match_in_env_vars=True, container_args=[])",
      'web',
      {
        ref: 'web',
        command: ['./build.sh', '$EXPECTED_REF'],
        deps: ['.'],
        dir: '{workspaceRoot}',
        outputsImageRefTo: 'ref.txt',
        imageDeps: ['base'],
        env: { A: 'b', N: '3' },
        matchInEnvVars: true,
        containerArgs: [],
      },
    ],
  ])('become targets: %s', async (_what, Tiltfile, root, options) => {
    const { targets, rows } = await imported({ Tiltfile });
    expect(targets(root)).toEqual({
      'custom-build': { executor: 'nx-slipway:custom-build', options },
    });
    expect(rows('Not moved')).toEqual([]);
  });

  it('become targets where the Tiltfile stands beside the sources', async () => {
    const { tree } = await imported(
      {
        'apps/jib/gradlew': '',
        'apps/jib/Tiltfile': `custom_build(
  'example-java-image',
  './gradlew jibDockerBuild --image $EXPECTED_REF',
  deps=['src'])`,
      },
      { file: 'apps/jib/Tiltfile' },
    );
    expect(readJson(tree, 'apps/jib/project.json')).toEqual({
      name: 'jib',
      targets: {
        'custom-build': {
          executor: 'nx-slipway:custom-build',
          options: {
            ref: 'example-java-image',
            command: './gradlew jibDockerBuild --image $EXPECTED_REF',
            deps: ['src'],
          },
        },
      },
    });
    expect(tree.exists('apps/jib/tiltfile-import.md')).toBe(true);
  });
});

describe('where targets go', () => {
  it('is the project that holds what is built', async () => {
    const tree = treeOf({
      Tiltfile: "docker_build('api', 'apps/api/docker')",
      'apps/api/docker/Dockerfile': 'FROM scratch',
    });
    writeJson(tree, 'apps/api/project.json', { name: 'backend' });
    const { targets, rows } = await importInto(tree);
    expect(targets('apps/api')['custom-build']?.options).toEqual({
      ref: 'api',
      command: 'docker build -t $EXPECTED_REF apps/api/docker',
      deps: ['docker'],
      dir: '{workspaceRoot}',
    });
    expect(rows('Moved')).toEqual([
      [
        'Tiltfile:1',
        "`docker_build('api', 'apps/api/docker')`",
        '`backend:custom-build`',
        '',
      ],
    ]);
  });

  it('is the folder of the Dockerfile for a context that is the whole workspace', async () => {
    const { targets } = await imported({
      Tiltfile:
        "docker_build('api', '.', dockerfile='apps/api/Dockerfile', only=['apps/api', 'libs'])",
      'apps/api/Dockerfile': 'FROM scratch',
    });
    expect(targets('apps/api')['custom-build']?.options).toMatchObject({
      command: 'docker build -t $EXPECTED_REF -f apps/api/Dockerfile .',
      deps: ['.', '{workspaceRoot}/libs'],
      dir: '{workspaceRoot}',
    });
  });

  it('is a second target for a second image of a project, with a record of its own', async () => {
    const { targets } = await imported({
      Tiltfile:
        "docker_build('web', 'app')\ndocker_build('acme/worker', 'app', target='worker')",
      'app/Dockerfile': 'FROM scratch',
    });
    expect(Object.keys(targets('app'))).toEqual([
      'custom-build',
      'custom-build-acme-worker',
    ]);
    expect(targets('app')['custom-build-acme-worker']?.options).toMatchObject({
      recordFile: '{workspaceRoot}/.nx/slipway/app-acme-worker.json',
    });
  });

  it('is the project that deploys, for manifests at the root: no project is made of the whole workspace', async () => {
    const { tree, targets } = await imported({
      Tiltfile:
        "docker_build('web', 'app')\nk8s_yaml('web.yaml')\nk8s_resource('web', port_forwards=8080)",
      'app/Dockerfile': 'FROM scratch',
      'web.yaml': DEPLOYMENT,
    });
    expect(tree.exists('project.json')).toBe(false);
    expect(targets('app')).toMatchObject({
      deploy: { options: { source: { yaml: ['{workspaceRoot}/web.yaml'] } } },
      serve: { options: { portForwards: [{ object: 'web', port: 8080 }] } },
    });
  });

  it('is the project that is named', async () => {
    const tree = treeOf({
      Tiltfile: "k8s_yaml('deploy/web.yaml')",
      'deploy/web.yaml': DEPLOYMENT,
    });
    writeJson(tree, 'apps/shop/project.json', { name: 'shop' });
    const { targets } = await importInto(tree, { project: 'shop' });
    expect(targets('apps/shop')).toEqual({
      deploy: {
        options: { source: { yaml: ['{workspaceRoot}/deploy/web.yaml'] } },
      },
    });
    expect(tree.exists('deploy/project.json')).toBe(false);
  });
});

const REPORT = `# What was taken from Tiltfile

7 calls: 5 moved, 1 not moved, 1 needed no more. The Tiltfile was read and not run, and it stays as it is.

## Moved

| line | call | is now | what is different |
| --- | --- | --- | --- |
| Tiltfile:1 | \`allow_k8s_contexts(['dev-eu', 'dev-us'])\` | \`nx.json\` |  |
| Tiltfile:2 | \`default_registry('localhost:5000', host_from_cluster='regist...\` | \`nx.json\` |  |
| Tiltfile:3 | \`docker_build('web', 'web', build_args={'A': 'b c'})\` | \`web:custom-build\` |  |
| Tiltfile:4 | \`k8s_yaml(['k8s/web.yaml'])\` | \`k8s:deploy\` |  |
| Tiltfile:5 | \`k8s_resource('web', port_forwards='8080:80')\` | \`k8s:serve\` |  |

## Not moved

| line | call | why | what to do |
| --- | --- | --- | --- |
| Tiltfile:7 | \`local_resource('gen', 'make gen')\` | a command on this machine is a target of a project | Write it into the targets of the project that it is for: \`{"gen":{"command":"make gen"}}\`. Name it in \`dependsOn\` of the \`custom-build\` that needs what it makes, or in \`target\` of a \`sync\` step. |

## Needs nothing

| line | call | why |
| --- | --- | --- |
| Tiltfile:6 | \`print('hello')\` | it is for Tilt itself |

## What comes next

\`\`\`sh
npx nx run-many -t custom-build
npx nx run k8s:serve
\`\`\`
`;

describe('an import', () => {
  const FILES = {
    Tiltfile: `allow_k8s_contexts(['dev-eu', 'dev-us'])
default_registry('localhost:5000', host_from_cluster='registry:5000')
docker_build('web', 'web', build_args={'A': 'b c'})
k8s_yaml(['k8s/web.yaml'])
k8s_resource('web', port_forwards='8080:80')
print('hello')
local_resource('gen', 'make gen')
`,
    'web/Dockerfile': 'FROM scratch',
    'k8s/web.yaml': DEPLOYMENT,
  };

  it('changes nothing when it is made again', async () => {
    const tree = treeOf(FILES);
    const all = () =>
      tree.listChanges().map(({ path }) => [path, tree.read(path, 'utf8')]);
    await importInto(tree);
    const first = all();
    await importInto(tree);
    expect(all()).toEqual(first);
  });

  it('leaves the Tiltfile as it is', async () => {
    const { tree } = await imported(FILES);
    expect(tree.read('Tiltfile', 'utf8')).toBe(FILES.Tiltfile);
  });

  it('keeps what was written by hand since', async () => {
    const tree = treeOf(FILES);
    const { targets } = await importInto(tree);
    const path = 'web/project.json';
    const json = readJson<{ targets: ReturnType<typeof targets> }>(tree, path);
    const build = json.targets['custom-build'];
    if (build) build.options.timeout = '5m';
    writeJson(tree, path, json);
    await importInto(tree);
    expect(targets('web')['custom-build']?.options.timeout).toBe('5m');
  });

  it('tells in its report of each call, once', async () => {
    const { report } = await imported(FILES);
    expect(report).toBe(REPORT);
  });

  it('says what is named and is not there', async () => {
    const { rows } = await imported({
      Tiltfile:
        "docker_build('web', './nowhere')\nk8s_yaml(['k8s/none.yaml', 'k8s/web.yaml'])\n",
      'k8s/web.yaml': 'kind: Service\n',
    });
    const notes = rows('Moved').map((row) => row.at(-1));
    expect(notes).toEqual([
      expect.stringContaining('`nowhere` is not there now'),
      '`k8s/none.yaml` is not there now',
    ]);
  });

  it('writes no report when told to', async () => {
    const { tree } = await imported(FILES, { skipReport: true });
    expect(tree.exists('tiltfile-import.md')).toBe(false);
  });

  it('writes the registry and the contexts into nx.json', async () => {
    const { plugin } = await imported(FILES);
    expect(plugin()).toEqual({
      workspaceId: 'acme-12345678',
      allowContexts: ['dev-eu', 'dev-us'],
      registry: { host: 'localhost:5000', hostFromCluster: 'registry:5000' },
    });
  });

  it('leaves another registry of nx.json, and says so', async () => {
    const tree = treeOf(FILES);
    const options = { workspaceId: 'acme-12345678', registry: 'other:5000' };
    writeJson(tree, 'nx.json', {
      plugins: [{ plugin: 'nx-slipway', options }],
    });
    const { plugin, rows } = await importInto(tree);
    expect(plugin().registry).toBe('other:5000');
    expect(rows('Not moved')[0]?.slice(2)).toEqual([
      'nx.json names the registry "other:5000" already, which stays',
      'Change `registry` there if it is to be another.',
    ]);
  });

  it('never overwrites a target of something else, and says so', async () => {
    const tree = treeOf(FILES);
    const theirs = { command: 'make' };
    writeJson(tree, 'web/project.json', {
      name: 'web',
      targets: { 'custom-build': theirs },
    });
    writeJson(tree, 'k8s/project.json', {
      name: 'k8s',
      targets: { deploy: theirs },
    });
    const { targets, rows } = await importInto(tree);
    expect(targets('web')).toMatchObject({
      'custom-build': theirs,
      'custom-build-web': { options: { ref: 'web' } },
    });
    expect(targets('k8s').deploy).toEqual(theirs);
    expect(rows('Not moved')[0]).toEqual([
      'Tiltfile:4',
      "`k8s_yaml(['k8s/web.yaml'])`",
      expect.stringContaining(
        'the project k8s has a target "deploy" already, which runs nx:run-commands',
      ),
      expect.stringContaining('targetNames'),
    ]);
  });

  it.each([
    [
      { file: 'Tiltfle' },
      /^SLIPWAY_E_OPTION_INVALID: Tiltfle was not read.*\n +hint: Did you mean Tiltfile\?/,
    ],
    [
      { project: 'shop' },
      /^SLIPWAY_E_OPTION_INVALID: this workspace has no project "shop"/,
    ],
    [
      { file: '../other/Tiltfile' },
      /^SLIPWAY_E_OPTION_INVALID: The file is "\.\.\/other\/Tiltfile", which is not in this workspace/,
    ],
    [
      { report: '../../report.md' },
      /^SLIPWAY_E_OPTION_INVALID: --report is "\.\.\/\.\.\/report\.md"/,
    ],
    [{ report: '/report.md' }, /^SLIPWAY_E_OPTION_INVALID: --report is/],
  ])('refuses %j', async (options, message) => {
    await expect(imported(FILES, options)).rejects.toThrow(message);
  });
});
