import { join } from 'node:path';
import { NxCommands, type NxEnv } from './nx-commands';
import type { Ran } from './run';

/**
 * The commands of a workspace by way of its Nx daemon, which the first of them
 * starts, with plugins in processes of their own: as on a user's machine.
 */
export class NxDaemon extends NxCommands {
  private isStarted = false;

  constructor(private readonly workspace: NxCommands) {
    super();
  }

  get root(): string {
    return this.workspace.root;
  }

  nx(args: readonly string[], env?: NxEnv): Promise<Ran> {
    this.isStarted = true;
    return this.workspace.nx(args, {
      // `nx` starts none in a container or in CI unless it is told to.
      NX_DAEMON: 'true',
      NX_ISOLATE_PLUGINS: undefined,
      // Its sockets, in a folder that goes with the workspace.
      NX_SOCKET_DIR: join(this.root, '.nx/workspace-data/sockets'),
      ...env,
    });
  }

  /** Does nothing when there is none. */
  async stop(): Promise<void> {
    if (!this.isStarted) return;
    const { exitCode, output } = await this.nx(['daemon', '--stop']);
    if (exitCode !== 0) throw new Error(output);
    this.isStarted = false;
  }
}
