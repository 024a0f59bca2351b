import { appendFile, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git } from './git';
import { tryRun, type Ran } from './run';

const REPOSITORY = join(__dirname, '../../../..');

/**
 * What is committed of this repository, in a folder of its own, with the
 * packages that are installed here. Its npm reaches no registry.
 */
export class RepositoryClone {
  private constructor(readonly root: string) {}

  static async create(): Promise<RepositoryClone> {
    const root = await mkdtemp(join(tmpdir(), 'slipway-clone-'));
    await git(REPOSITORY, 'clone', '--quiet', `file://${REPOSITORY}`, root);
    await symlink(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'));
    // .gitignore means the folder, not a link.
    await appendFile(join(root, '.git/info/exclude'), 'node_modules\n');
    return new RepositoryClone(root);
  }

  bash(script: string, env: Record<string, string> = {}): Promise<Ran> {
    return tryRun('bash', ['-e', '-c', script], {
      cwd: this.root,
      env: {
        PATH: `${join(this.root, 'node_modules/.bin')}:${process.env.PATH}`,
        HOME: process.env.HOME,
        NX_DAEMON: 'false',
        NX_TUI: 'false',
        NX_NO_CLOUD: 'true',
        NX_CACHE_DIRECTORY: join(this.root, '.nx/cache'),
        NX_WORKSPACE_DATA_DIRECTORY: join(this.root, '.nx/workspace-data'),
        // Nothing listens at the port for discarding.
        npm_config_registry: 'http://127.0.0.1:9',
        npm_config_fetch_retries: '0',
        ...env,
      },
    });
  }

  git(...args: string[]): Promise<string> {
    return git(this.root, ...args);
  }

  read(path: string): Promise<string> {
    return readFile(join(this.root, path), 'utf8');
  }

  remove(): Promise<void> {
    return rm(this.root, { recursive: true, force: true });
  }
}
