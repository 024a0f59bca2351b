import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { useTempFolder } from '../../testing/temp-folder';
import { eventually, isAlive } from '../../testing/wait';
import { familyOf, processes, watchdogsOf } from './testing/processes';
import { canWatch, startWatchdog } from './watchdog';

const folder = useTempFolder();
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** A PATH that only this test's processes have. */
function ownPath(): string {
  return `${process.env.PATH}:${folder.path}`;
}

function isGroupAlive(group: number): boolean {
  return processes((pid) => familyOf(pid).group === group).some(isAlive);
}

/** Where the descriptors of a process lead, less /dev/null. */
function filesOf(pid: number, isWanted: (fd: number) => boolean): string[] {
  return readdirSync(`/proc/${pid}/fd`)
    .filter((fd) => isWanted(Number(fd)))
    .map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
    .filter((file) => file !== '/dev/null');
}

/** A process in its own group, as a command is. */
function startGroup(script: string, env: NodeJS.ProcessEnv = {}): number {
  const child = spawn('sh', ['-c', script], {
    env: { ...process.env, ...env },
    detached: true,
    stdio: 'ignore',
  });
  started.push(child);
  return child.pid!;
}

it('is there on every system but Windows, which has no groups', () => {
  const platforms = ['linux', 'darwin', 'freebsd', 'win32'] as const;
  expect(platforms.map(canWatch)).toEqual([true, true, true, false]);
});

describe('a watchdog', () => {
  it('stands outside of our tree and session', async () => {
    const watchdog = await startWatchdog(ownPath());
    const [pid = 0, ...more] = watchdogsOf(folder.path);
    expect(more).toEqual([]);
    expect(familyOf(pid).parent).not.toBe(process.pid);
    expect(familyOf(pid).session).not.toBe(familyOf(process.pid).session);
    watchdog.dismiss();
    await eventually('its end', () => !isAlive(pid));
  });

  it('goes when it is dismissed, and ends nobody', async () => {
    const group = startGroup('sleep 60');
    const watchdog = await startWatchdog(ownPath());
    const [pid = 0] = watchdogsOf(folder.path);
    watchdog.guard(group);
    watchdog.dismiss();
    await eventually('its end', () => !isAlive(pid));
    expect(isAlive(group)).toBe(true);
  });

  it('does not end by the signals that a terminal or Nx sends around', async () => {
    const watchdog = await startWatchdog(ownPath());
    const [pid = 0] = watchdogsOf(folder.path);
    watchdog.guard(startGroup('sleep 60'));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) {
      process.kill(pid, signal);
    }
    expect(isAlive(pid)).toBe(true);
    watchdog.dismiss();
    await eventually('its end', () => !isAlive(pid));
  });

  it('can be killed without harm', async () => {
    const watchdog = await startWatchdog(ownPath());
    const [pid = 0] = watchdogsOf(folder.path);
    process.kill(pid, 'SIGKILL');
    await eventually('its end', () => !isAlive(pid));
    watchdog.guard(startGroup('sleep 60'));
    watchdog.dismiss();
  });

  it('is refused where there is no shell to run it', async () => {
    await expect(startWatchdog('x\0')).rejects.toThrow('null bytes');
  });
});

describe('when the executor is killed outright', () => {
  const REPOSITORY = join(__dirname, '../../../../..');

  /** A program of testing/, which sees this test's PATH. */
  async function startProgram(name: string, given: unknown, ready: string) {
    const child = spawn(
      process.execPath,
      [
        join(REPOSITORY, 'e2e/sandbox/bootstrap.js'),
        join(__dirname, '../../testing', name),
        JSON.stringify(given),
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, PATH: ownPath() },
      },
    );
    started.push(child);
    let output = '';
    child.stdout
      .setEncoding('utf8')
      .on('data', (text: string) => (output += text));
    await eventually(ready, () => output.includes(ready));
    return { child, output };
  }

  /** An executor of that script, and its group. */
  async function startAlone(script: string, ready: string) {
    const { child, output } = await startProgram('run-alone.ts', script, ready);
    const number = (name: string) =>
      Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(output)?.[1]);
    return { child, group: number('group'), number };
  }

  it('ends the group, and nobody who left it', async () => {
    const { child, group, number } = await startAlone(
      'setsid sleep 60 >/dev/null 2>&1 & sleep 0.1; echo "daemon $!"; sleep 60',
      'daemon',
    );
    const daemon = number('daemon');
    child.kill('SIGKILL');
    await eventually('the end of the group', () => !isAlive(group));
    expect(isAlive(daemon)).toBe(true);
    process.kill(daemon, 'SIGKILL');
    await eventually('its own end', () => !watchdogsOf(folder.path).length);
  });

  it('ends a group without a leader that ignores SIGTERM', async () => {
    const group = startGroup(
      `(trap '' TERM; while :; do sleep 1; done) & kill -9 $$`,
    );
    await eventually('the end of the leader', () => !isAlive(group));
    expect(isGroupAlive(group)).toBe(true);
    const { child } = await startProgram(
      'guard-alone.ts',
      { guard: [group] },
      'on guard',
    );
    child.kill('SIGKILL');
    await eventually('the end of all', () => !isGroupAlive(group));
  });

  it('ends all groups that are not free by then, and no others', async () => {
    const groups = [1, 2, 3].map(() => startGroup('sleep 60'));
    const [first = 0, second = 0, third = 0] = groups;
    const { child } = await startProgram(
      'guard-alone.ts',
      { guard: groups, free: [second] },
      'on guard',
    );
    child.kill('SIGKILL');
    await eventually('their end', () => !isAlive(first) && !isAlive(third));
    await eventually('its own end', () => !watchdogsOf(folder.path).length);
    expect(isAlive(second)).toBe(true);
  });

  it('ends what carries a mark, whatever group it is in', async () => {
    const [leader, ...others] = ['', '', '-more'].map((more) =>
      startGroup('sleep 60', { A_MARK: `${folder.path}${more}` }),
    );
    const { child } = await startProgram(
      'guard-alone.ts',
      { guard: [leader], mark: `A_MARK=${folder.path}` },
      'on guard',
    );
    child.kill('SIGKILL');
    await eventually('its own end', () => !watchdogsOf(folder.path).length);
    expect(others.map(isAlive)).toEqual([false, true]);
  });

  it('holds no stream of the executor, nor the command any of the watchdog', async () => {
    const { child, group } = await startAlone('echo up; sleep 60', 'up');
    const [watchdog = 0] = watchdogsOf(folder.path);
    const [stdout = ''] = filesOf(child.pid!, (fd) => fd === 1);
    expect(filesOf(watchdog, () => true)).not.toContain(stdout);
    // The pipe to the watchdog is a socket, as all pipes of Node are.
    const sockets = filesOf(group, (fd) => fd > 2).filter((file) =>
      file.startsWith('socket:'),
    );
    expect(sockets).toEqual([]);
    child.kill('SIGKILL');
    await eventually('the end of the group', () => !isAlive(group));
  });
});
