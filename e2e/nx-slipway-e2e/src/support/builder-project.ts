import { chmod, cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Builder, Fixture } from './builders';
import type { RecipeCase } from './recipes';
import type { TestWorkspace } from './workspace';

const FIXTURES = join(__dirname, '../../fixtures/builders');

interface Layout {
  /** Its folder in the project. */
  readonly at: string;
  /** In that folder, a file that ends up in the image. */
  readonly page: string;
  /** The same in the image. */
  readonly inImage: string;
}

const LAYOUTS: Readonly<Record<Fixture, Layout>> = {
  frontend: {
    at: 'frontend',
    page: 'index.html',
    inImage: '/www/index.html',
  },
  jib: {
    at: '',
    page: 'src/main/resources/index.html',
    inImage: '/app/resources/index.html',
  },
  ko: {
    at: '',
    page: 'kodata/index.html',
    inImage: '/var/run/ko/index.html',
  },
  bazel: { at: '', page: 'snack/index.html', inImage: '/www/index.html' },
};

export const pageInImage = ({ fixture }: Builder) => LAYOUTS[fixture].inImage;

/**
 * A project that is built so.
 * @param page goes into the image, so that no earlier run has pushed it
 */
export async function addBuilder(
  workspace: TestWorkspace,
  { id, fixture, options, after }: Builder,
  page: string,
): Promise<void> {
  const root = `apps/${id}`;
  const { at, page: file } = LAYOUTS[fixture];
  await cp(join(FIXTURES, fixture), join(workspace.root, root, at), {
    recursive: true,
  });
  await workspace.write(join(root, at, file), page);
  await workspace.writeJson(`${root}/project.json`, {
    name: id,
    targets: {
      'custom-build': {
        executor: 'nx-slipway:custom-build',
        dependsOn: after
          ? [{ projects: [after], target: 'custom-build' }]
          : undefined,
        options: { ref: id, platform: 'linux/amd64', ...options },
      },
    },
  });
}

/**
 * The sources of a project, with nothing of Nx in them but its name.
 * @returns its page, a file in the workspace
 */
export async function addSources(
  workspace: TestWorkspace,
  { id, fixture, files = {} }: RecipeCase,
  page: string,
): Promise<string> {
  const root = `apps/${id}`;
  const source = join(FIXTURES, fixture);
  await cp(source, join(workspace.root, root), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    await workspace.write(`${root}/${path}`, text);
    if (text.startsWith('#!'))
      await chmod(join(workspace.root, root, path), 0o755);
  }
  await workspace.writeJson(`${root}/project.json`, { name: id });
  const file = `${root}/${LAYOUTS[fixture].page}`;
  await workspace.write(file, page);
  return file;
}

/**
 * What this machine needs and the commands do not say, where their users would
 * say it: Buildah and Bazel have no place of their own here, no image can be
 * pulled from Docker Hub, and the registry speaks plain HTTP.
 * @returns variables for nx
 */
export async function configureBuilders(
  workspace: TestWorkspace,
): Promise<Record<string, string>> {
  const { host } = workspace.sandbox.registry;
  const folder = '.nx/builders';
  const place = (name: string) => join(workspace.root, folder, name);
  await workspace.write(
    `${folder}/storage.conf`,
    `[storage]
driver = "vfs"
graphroot = "${place('buildah')}"
runroot = "${place('buildah-run')}"
`,
  );
  await workspace.write(
    `${folder}/registries.conf`,
    ['location', 'prefix = "docker.io/library"\nlocation']
      .map((key) => `[[registry]]\n${key} = "${host}"\ninsecure = true\n`)
      .join('\n'),
  );
  // No server outlives the test, and no output but that below the workspace.
  await workspace.write(
    'apps/bazel/.bazelrc',
    `startup --batch --output_base=${place('bazel')}\n`,
  );
  return {
    CONTAINERS_STORAGE_CONF: place('storage.conf'),
    CONTAINERS_REGISTRIES_CONF: place('registries.conf'),
    BUILDAH_ISOLATION: 'chroot',
    // Else each build makes the folders of COPY anew, with new times.
    BUILDAH_LAYERS: 'true',
    // Half the time of a build this small.
    MAVEN_OPTS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC',
  };
}
