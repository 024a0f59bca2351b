import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa, type Options } from 'execa';
import {
  eventually,
  isAlive,
} from '../../../packages/nx-slipway/src/testing/wait';
import { addProject, deployRefOf } from './support/project';
import { TestWorkspace } from './support/workspace';

/**
 * With a file named hang: a leader that waits for a child of its own, when its
 * image has the transient tag already. The pids come in one piece, so that
 * nobody reads half of them.
 */
const COMMAND = `docker build -q -t $EXPECTED_REF . || exit
if [ -e hang ]; then
  sleep 300 &
  echo "$$ $!" > new && mv new pids
  wait
fi`;

/** The processes of a build that hangs. */
interface Hanging {
  readonly executor: number;
  readonly leader: number;
  readonly child: number;
}

describe('a build that is ended from outside', () => {
  let workspace: TestWorkspace;

  beforeAll(async () => {
    workspace = await TestWorkspace.create();
    await workspace.usePlugin();
    await addProject(workspace, 'web', {
      options: { ref: 'ended/web', command: COMMAND },
    });
  });

  afterAll(() => workspace.remove());

  beforeEach(() => workspace.write('apps/web/hang', ''));

  const at = (name: string) => join(workspace.root, 'apps/web', name);
  const RUN = ['run', 'web:custom-build', '--skip-nx-cache'];

  /** Starts a program in the workspace that runs the build. */
  function start(file: string, args: readonly string[], options: Options = {}) {
    return execa(file, args, {
      cwd: workspace.root,
      env: workspace.env({ NX_TUI: 'false', TERM: 'xterm' }),
      extendEnv: false,
      reject: false,
      all: true,
      ...options,
    });
  }

  function startNx() {
    // Not by npx, which would take the signals in its place.
    const nx = join(workspace.root, 'node_modules/.bin/nx');
    return start(nx, RUN, { stdin: 'ignore' });
  }

  function hanging(): Promise<Hanging> {
    return eventually('the command', () => {
      const [leader, child] = readIfThere(at('pids')).split(' ').map(Number);
      if (!leader || !child) return undefined;
      return { executor: parentOf(leader), leader, child };
    });
  }

  async function expectGone({ executor, leader, child }: Hanging) {
    const all = [executor, leader, child];
    await eventually('the end of all', () => !all.some(isAlive));
  }

  /** What a user does next. */
  async function expectNextRunConverges() {
    await rm(at('hang'));
    await rm(at('pids'));
    const { exitCode, output } = await workspace.nx(RUN);
    expect(output).toContain('Successfully ran target custom-build');
    expect(exitCode).toBe(0);
    expect(deployRefOf(output)).toContain('/ended_web:nx-');
    expect(await tagsInDocker()).not.toContain('-build-');
  }

  function tagsInDocker(): Promise<string> {
    const repository = `${workspace.sandbox.registry.host}/ended_web`;
    return workspace.docker('image', 'ls', '--format={{.Tag}}', repository);
  }

  it('by SIGKILL of the executor', async () => {
    const nx = startNx();
    const build = await hanging();
    process.kill(build.executor, 'SIGKILL');
    await expectGone(build);
    expect(await tagsInDocker()).toContain('-build-');
    expect((await nx).exitCode).not.toBe(0);
    await expectNextRunConverges();
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)('by %s of Nx', async (signal) => {
    const nx = startNx();
    const build = await hanging();
    nx.kill(signal);
    await nx;
    await expectGone(build);
    await expectNextRunConverges();
  });

  it('by Ctrl-C on a terminal, where Nx leaves at once', async () => {
    const command = `exec node_modules/.bin/nx ${RUN.join(' ')}`;
    const terminal = start('script', ['-qec', command, '/dev/null'], {
      stdin: 'pipe',
    });
    const build = await hanging();
    terminal.stdin?.write('\x03');
    await terminal;
    await expectGone(build);
    await expectNextRunConverges();
  });
});

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function parentOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1]);
}
