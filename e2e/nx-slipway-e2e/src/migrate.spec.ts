import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { PackageRegistry } from './support/package-registry';
import { TestWorkspace } from './support/workspace';

const INSTALLED = '0.99.0';
const NEXT = '0.99.1';
const LATER = '0.99.2';

/** A migration as a later version may bring it: by its place in the package. */
const MIGRATIONS = {
  generators: {
    'note-it': {
      version: LATER,
      description: 'Write a note into the workspace.',
      implementation: './src/migrations/note-it',
    },
  },
  packageJsonUpdates: {},
};
const NOTE_IT =
  "module.exports.default = (tree) => tree.write('note.txt', 'migrated');\n";

describe('nx migrate', () => {
  let workspace: TestWorkspace;
  let registry: PackageRegistry;

  beforeAll(async () => {
    workspace = await TestWorkspace.create();
    registry = await PackageRegistry.start();
    await registry.publish({ version: INSTALLED });
    await registry.publish({ version: NEXT });
    await registry.publish({
      version: LATER,
      files: [
        ['migrations.json', JSON.stringify(MIGRATIONS)],
        ['src/migrations/note-it.js', NOTE_IT],
      ],
    });
    // An Nx that is a link takes itself for another workspace's, and starts the
    // one of this workspace, without an end.
    const nx = join(workspace.root, 'node_modules/nx');
    expect(await realpath(nx)).toBe(
      join(await realpath(workspace.root), 'node_modules/nx'),
    );
    await registry.install(INSTALLED, workspace.root);
  });

  afterAll(async () => {
    await registry.stop();
    await workspace.remove();
  });

  const migrate = (...args: string[]) =>
    workspace.nx(['migrate', ...args, '--interactive=false'], {
      npm_config_registry: registry.url,
      npm_config_fetch_retries: '0',
      // Otherwise Nx would look for a newer one of itself first.
      NX_USE_LOCAL: 'true',
    });

  const has = (path: string) => existsSync(join(workspace.root, path));

  const wanted = async () =>
    (
      JSON.parse(await workspace.read('package.json')) as {
        devDependencies: Record<string, string>;
      }
    ).devDependencies['nx-slipway'];

  it('takes a version that changes nothing in the workspace', async () => {
    const { exitCode, output } = await migrate(`nx-slipway@${NEXT}`);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output).toContain('There are no migrations to run');
    expect(await wanted()).toBe(NEXT);
    expect(has('migrations.json')).toBe(false);
  });

  it('finds and runs what a later version brings, by the name of the plugin alone', async () => {
    const { exitCode, output } = await migrate('nx-slipway');
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(await wanted()).toBe(LATER);
    expect(JSON.parse(await workspace.read('migrations.json'))).toMatchObject({
      migrations: [{ package: 'nx-slipway', name: 'note-it', version: LATER }],
    });

    await registry.install(LATER, workspace.root);
    const ran = await migrate('--run-migrations', '--skip-install');
    expect(ran).toMatchObject({ exitCode: 0 });
    expect(await workspace.read('note.txt')).toBe('migrated');
  });
});
