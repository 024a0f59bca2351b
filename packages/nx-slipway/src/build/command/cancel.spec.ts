import { existsSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { errorOf } from '../../testing/slipway-error';
import { startCommandIn } from '../../testing/start-command';
import { useTempFolder } from '../../testing/temp-folder';
import { eventually, isAlive } from '../../testing/wait';
import type { CommandRun } from './command-run';

const folder = useTempFolder();

const start = (command: CommandRun['command'], more?: Partial<CommandRun>) =>
  startCommandIn(folder.path, command, more);

describe('cancelling', () => {
  /** Prints its pid, then ignores the polite signal. */
  const STUBBORN = "trap '' TERM; echo $$; while :; do sleep 0.1; done";

  /** The pid on the first line, once that line is whole. */
  function pidIn(text: string): number | undefined {
    const pid = /^(\d+)\n/.exec(text)?.[1];
    return pid === undefined ? undefined : Number(pid);
  }

  it('starts nothing when it came first', async () => {
    const { done } = start('touch started', { signal: AbortSignal.abort() });
    expect((await errorOf(done)).code).toBe('SLIPWAY_E_CANCELLED');
    expect(existsSync(folder.at('started'))).toBe(false);
  });

  it('is told from a failure where the command died of it before we heard', async () => {
    const { done, abort } = start('exit 143');
    setTimeout(abort, 100);
    expect((await errorOf(done)).code).toBe('SLIPWAY_E_CANCELLED');
    const other = start('exit 143');
    expect((await errorOf(other.done)).code).toBe('SLIPWAY_E_COMMAND_FAILED');
  });

  it('lets the command clean up', async () => {
    const { done, printed, abort } = start(
      "trap 'echo cleaned; exit 0' TERM; echo up; while :; do sleep 0.1; done",
    );
    await eventually('the command', () => printed.stdout === 'up\n');
    abort();
    expect((await errorOf(done)).code).toBe('SLIPWAY_E_CANCELLED');
    expect(printed.stdout).toBe('up\ncleaned\n');
  });

  /** A leader that obeys SIGTERM, over a grandchild that does not. */
  async function startFamily(redirect: string) {
    const stubborn = await folder.script('stubborn.sh', STUBBORN);
    const pidFile = folder.at('pid');
    const parent = await folder.script(
      'parent.sh',
      `sh -c 'trap "" TERM; echo $$ > new; mv new ${pidFile};` +
        ` exec sh ${stubborn}' ${redirect} &\n` +
        `while [ ! -e ${pidFile} ]; do sleep 0.02; done; cat ${pidFile}; wait`,
    );
    return start(['sh', parent]);
  }

  async function cancelAndSeeItDead(running: ReturnType<typeof start>) {
    const pid = await eventually('its pid', () =>
      pidIn(running.printed.stdout),
    );
    expect(isAlive(pid)).toBe(true);
    running.abort();
    expect((await errorOf(running.done)).code).toBe('SLIPWAY_E_CANCELLED');
    await eventually('its end', () => !isAlive(pid));
  }

  it('kills a grandchild that ignores SIGTERM and let go of the output', async () => {
    await cancelAndSeeItDead(await startFamily('>/dev/null 2>&1'));
  });

  // Together, for each takes the whole grace.
  it('kills a leader or a grandchild that ignores SIGTERM', async () => {
    const leader = start(STUBBORN);
    const family = await startFamily('');
    await Promise.all([leader, family].map(cancelAndSeeItDead));
  });

  it('kills at once when it is asked twice', async () => {
    const twice = new AbortController();
    const { done, printed, abort } = start(STUBBORN, { kill: twice.signal });
    const pid = await eventually('its pid', () => pidIn(printed.stdout));
    abort();
    twice.abort();
    expect((await errorOf(done)).code).toBe('SLIPWAY_E_CANCELLED');
    expect(isAlive(pid)).toBe(false);
  });

  it('leaves a daemon alone, though it holds the output', async () => {
    const { done, printed, warnings, abort } = start(
      "setsid sh -c 'echo $$; exec sleep 60' & sleep 60",
    );
    const daemon = await eventually('its pid', () => pidIn(printed.stdout));
    abort();
    expect((await errorOf(done)).code).toBe('SLIPWAY_E_CANCELLED');
    expect(isAlive(daemon)).toBe(true);
    expect(warnings).toEqual([]);
    process.kill(daemon, 'SIGKILL');
  });

  it('ends one that carries the mark of a command which leaves nobody behind', async () => {
    const mark = `A_MARK=${folder.path}`;
    const { done, printed, abort } = start(
      "setsid sh -c 'echo $$; exec sleep 60' & sleep 60",
      { mark, env: { PATH: process.env.PATH, A_MARK: folder.path } },
    );
    const daemon = await eventually('its pid', () => pidIn(printed.stdout));
    abort();
    expect((await errorOf(done)).code).toBe('SLIPWAY_E_CANCELLED');
    expect(isAlive(daemon)).toBe(false);
  });

  it('ends what a command left behind that holds its output', async () => {
    const { done, printed, abort } = start('sleep 60 & echo $!');
    const left = await eventually('its pid', () => pidIn(printed.stdout));
    abort();
    expect((await errorOf(done)).code).toBe('SLIPWAY_E_CANCELLED');
    expect(isAlive(left)).toBe(false);
  });

  it('does not wait for what writes down the group', async () => {
    const { done, printed, abort } = start('echo $$; sleep 60', {
      onStart: () => new Promise(() => undefined),
    });
    const pid = await eventually('its pid', () => pidIn(printed.stdout));
    abort();
    expect((await errorOf(done)).code).toBe('SLIPWAY_E_CANCELLED');
    expect(isAlive(pid)).toBe(false);
  });

  it('at any moment leaves nobody behind', async () => {
    const groups: number[] = [];
    for (let turns = 0; turns < 20; turns++) {
      const { done, abort } = start('sleep 60', {
        onStart: (group) => void groups.push(group),
      });
      for (let turn = 0; turn < turns; turn++) await nextTurn();
      abort();
      expect((await errorOf(done)).code).toBe('SLIPWAY_E_CANCELLED');
    }
    expect(groups.filter(isAlive)).toEqual([]);
  });
});
