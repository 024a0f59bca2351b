import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ensureSandbox, sandboxEnv, type Sandbox } from '@nx-slipway/sandbox';
import { commitAll, git } from './git';
import { linkModules, ownModules } from './modules';
import { NxCommands } from './nx-commands';
import { NxDaemon } from './nx-daemon';
import { run, tryRun, type Ran } from './run';
import { workspaceTemplate, type OtherNx } from './template';

type Json = Record<string, unknown>;

/** A new user's workspace beside a real Docker and a real registry. */
export class TestWorkspace extends NxCommands {
  /** The same commands, by way of a daemon. */
  readonly daemon = new NxDaemon(this);

  private constructor(
    readonly root: string,
    readonly sandbox: Sandbox,
  ) {
    super();
  }

  /** @param nx 23.2.1 unless given */
  static async create({ nx }: { nx?: OtherNx } = {}): Promise<TestWorkspace> {
    const template = nx
      ? await workspaceTemplate(process.env.SLIPWAY_E2E_TARBALL ?? '', nx)
      : (process.env.SLIPWAY_E2E_TEMPLATE ?? '');
    const sandbox = await ensureSandbox();
    const root = await mkdtemp(join(tmpdir(), 'slipway-e2e-'));
    await linkModules(template, root);
    for (const name of [
      'package.json',
      'package-lock.json',
      'nx.json',
      '.gitignore',
    ]) {
      await writeFile(join(root, name), await readFile(join(template, name)));
    }
    return new TestWorkspace(root, sandbox);
  }

  /** Another machine's clone of what is committed, with stores of its own. */
  async clone(): Promise<TestWorkspace> {
    const root = await mkdtemp(join(tmpdir(), 'slipway-e2e-'));
    await git(this.root, 'clone', '--quiet', '.', root);
    await linkModules(this.root, root);
    return new TestWorkspace(root, this.sandbox);
  }

  /** Before npm is run in it: see there. */
  ownModules(): Promise<void> {
    return ownModules(this.root);
  }

  /** The environment that nx runs in: the sandbox's, with a cache of its own. */
  env(extra: Record<string, string | undefined> = {}) {
    return {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...sandboxEnv(this.sandbox),
      NX_DAEMON: 'false',
      NX_ISOLATE_PLUGINS: 'false',
      NX_NO_CLOUD: 'true',
      NX_CACHE_DIRECTORY: join(this.root, '.nx/cache'),
      NX_WORKSPACE_DATA_DIRECTORY: join(this.root, '.nx/workspace-data'),
      ...extra,
    };
  }

  nx(
    args: readonly string[],
    env?: Record<string, string | undefined>,
  ): Promise<Ran> {
    // What npx would run, less the time npx takes.
    return tryRun(join(this.root, 'node_modules/.bin/nx'), args, {
      cwd: this.root,
      env: this.env(env),
    });
  }

  /**
   * Runs nx as a user who is not root, who may open every socket. The socket
   * is a link target below the workspace, where that user may look.
   */
  async nxAsNobody(args: readonly string[]): Promise<Ran> {
    // The template lies in a home that others may not enter.
    await this.ownModules();
    await run('chown', [
      '-R',
      'nobody',
      join(this.root, '.nx'),
      join(this.root, 'apps'),
    ]);
    await run('chmod', ['755', this.root]);
    const nx = join(this.root, 'node_modules/.bin/nx');
    return tryRun(
      'setpriv',
      ['--reuid=nobody', '--clear-groups', nx, ...args],
      {
        cwd: this.root,
        env: this.env({ HOME: this.root }),
      },
    );
  }

  build(
    project: string,
    env?: Record<string, string | undefined>,
  ): Promise<Ran> {
    return this.nx(['run', `${project}:custom-build`], env);
  }

  /** @returns what Git prints */
  git(...args: string[]): Promise<string> {
    return git(this.root, ...args);
  }

  commitAll(message = 'all'): Promise<void> {
    return commitAll(this.root, message);
  }

  docker(...args: string[]): Promise<string> {
    return run('docker', args, { env: sandboxEnv(this.sandbox) });
  }

  async write(path: string, content: string): Promise<void> {
    const file = join(this.root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  async writeJson(path: string, value: unknown): Promise<void> {
    await this.write(path, JSON.stringify(value, null, 2));
  }

  read(path: string): Promise<string> {
    return readFile(join(this.root, path), 'utf8');
  }

  async editJson(path: string, edit: (value: Json) => void): Promise<void> {
    const value = JSON.parse(await this.read(path)) as Json;
    edit(value);
    await this.writeJson(path, value);
  }

  /** Registers the plugin, with the sandbox's registry unless told otherwise. */
  async usePlugin(options: Json = { registry: this.sandbox.registry.host }) {
    await this.editJson('nx.json', (nxJson) => {
      nxJson.plugins = [{ plugin: 'nx-slipway', options }];
    });
  }

  async removeFile(path: string): Promise<void> {
    await rm(join(this.root, path));
  }

  async remove(): Promise<void> {
    try {
      await this.daemon.stop();
    } finally {
      // A process of Nx that ends meanwhile may write for another moment.
      await rm(this.root, { recursive: true, force: true, maxRetries: 20 });
    }
  }
}
