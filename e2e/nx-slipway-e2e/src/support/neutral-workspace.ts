import type { TestWorkspace } from './workspace';

type Json = Record<string, unknown>;

/** Targets of every kind of input that a user's own have. */
const CODE_TARGETS = {
  test: {
    command: 'true',
    cache: true,
    inputs: ['default', '^production', { env: 'CI' }],
  },
  build: {
    command: 'true',
    cache: true,
    dependsOn: ['^build'],
    inputs: ['production', '^production', { runtime: 'echo 1' }],
    outputs: ['{projectRoot}/dist'],
  },
  lint: {
    command: 'true',
    cache: true,
    inputs: ['default', '^default', { externalDependencies: ['nx'] }],
  },
};

const image = (ref: string, deps: string[], options: Json = {}) => ({
  executor: 'nx-slipway:custom-build',
  options: {
    ref,
    command: 'docker build -t $EXPECTED_REF .',
    deps,
    ...options,
  },
});

/** Paths of project.json files, and what of them is not their name. */
const PROJECTS: Readonly<Record<string, Json>> = {
  'apps/web': {
    implicitDependencies: ['ui'],
    targets: {
      ...CODE_TARGETS,
      'custom-build': image(
        'web',
        ['src', 'Dockerfile', '{workspaceRoot}/tools/nginx.conf'],
        { imageDeps: ['base'] },
      ),
    },
  },
  'apps/api': {
    implicitDependencies: ['util'],
    targets: {
      ...CODE_TARGETS,
      'custom-build': image(
        'api',
        ['src', 'Dockerfile', '{workspaceRoot}/libs/util/src'],
        { ignore: ['**/*.spec.js'] },
      ),
    },
  },
  // Its own image, its own manifests, another's image in them, and code.
  'apps/admin': {
    implicitDependencies: ['util'],
    targets: {
      ...CODE_TARGETS,
      'custom-build': image('admin', ['src', 'Dockerfile']),
    },
  },
  // Whoever depends on a project that holds manifests has its files in `^`.
  'apps/smoke': {
    implicitDependencies: ['jobs'],
    targets: CODE_TARGETS,
  },
  'libs/ui': { implicitDependencies: ['util'], targets: CODE_TARGETS },
  'libs/util': { targets: CODE_TARGETS },
  'images/base': {
    targets: { 'custom-build': image('base', ['rootfs', 'Dockerfile']) },
  },
  'images/runtime': {
    targets: {
      'custom-build': image('runtime', ['entry.sh', 'Dockerfile'], {
        imageDeps: ['base'],
      }),
    },
  },
  'deploy/shop': {},
  'deploy/jobs': {},
};

const FILES: readonly string[] = [
  'apps/web/Dockerfile',
  'apps/web/README.md',
  'apps/web/src/index.html',
  'apps/web/src/main.js',
  'apps/web/src/main.spec.js',
  'apps/api/Dockerfile',
  'apps/api/README.md',
  'apps/api/src/server.js',
  'apps/api/src/server.spec.js',
  'apps/api/src/lib/db.js',
  'apps/admin/Dockerfile',
  'apps/admin/src/admin.js',
  'apps/admin/src/admin.spec.js',
  'apps/smoke/src/smoke.js',
  'libs/ui/src/ui.js',
  'libs/ui/src/ui.spec.js',
  'libs/util/README.md',
  'libs/util/src/util.js',
  'libs/util/src/util.spec.js',
  'images/base/Dockerfile',
  'images/base/rootfs/etc/motd',
  'images/runtime/Dockerfile',
  'images/runtime/entry.sh',
  'images/runtime/notes.md',
  'deploy/shop/README.md',
  'deploy/jobs/README.md',
  'packages/tools/src/index.js',
  'packages/tools/src/index.spec.js',
  'packages/worker/Dockerfile',
  'packages/worker/README.md',
  'packages/worker/src/worker.js',
  'tools/nginx.conf',
  'tools/unused.txt',
  'README.md',
];

/** Which images each manifest uses. */
const MANIFESTS: Readonly<Record<string, readonly string[]>> = {
  'deploy/shop/k8s/web.yaml': ['web'],
  'deploy/shop/k8s/api.yaml': ['api'],
  'deploy/shop/k8s/worker.yaml': ['worker'],
  'deploy/jobs/k8s/nightly.yaml': ['runtime'],
  'apps/admin/k8s/admin.yaml': ['admin'],
  'apps/admin/k8s/api.yaml': ['admin', 'api'],
};

/** A Deployment with a container of each image. */
export function deployment(name: string, ...images: string[]): string {
  const containers = images.map(
    (ref) => `        - name: ${ref}\n          image: ${ref}\n`,
  );
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector:
    matchLabels: { app: ${name} }
  template:
    metadata:
      labels: { app: ${name} }
    spec:
      containers:
${containers.join('')}`;
}

/**
 * Apps, libraries, images and manifests, by project.json and by package.json,
 * as a workspace has them before it has heard of nx-slipway: all but the
 * plugin's entry in nx.json. Committed.
 */
export async function fillNeutralWorkspace(
  workspace: TestWorkspace,
): Promise<void> {
  for (const [root, project] of Object.entries(PROJECTS)) {
    const name = root.split('/').at(-1);
    await workspace.writeJson(`${root}/project.json`, { name, ...project });
  }
  for (const file of FILES) await workspace.write(file, `${file}\n`);
  for (const [file, images] of Object.entries(MANIFESTS)) {
    const name = file.replace(/\W/g, '-');
    await workspace.write(file, deployment(name, ...images));
  }
  await addPackages(workspace);
  await workspace.editJson('nx.json', (nxJson) => {
    nxJson.namedInputs = {
      default: ['{projectRoot}/**/*', 'sharedGlobals'],
      production: ['default', '!{projectRoot}/**/*.spec.js'],
      sharedGlobals: [],
    };
  });
  await workspace.commitAll();
}

/** Projects of npm's own workspaces, whose targets are scripts. */
async function addPackages(workspace: TestWorkspace): Promise<void> {
  const scripts = { test: 'true', build: 'true' };
  await workspace.editJson('package.json', (root) => {
    root.workspaces = ['packages/*'];
  });
  await workspace.writeJson('packages/tools/package.json', {
    name: '@shop/tools',
    version: '1.0.0',
    scripts,
  });
  await workspace.writeJson('packages/worker/package.json', {
    name: 'worker',
    version: '1.0.0',
    scripts,
    dependencies: { '@shop/tools': '1.0.0' },
    nx: {
      targets: { 'custom-build': image('worker', ['src', 'Dockerfile']) },
    },
  });
}
