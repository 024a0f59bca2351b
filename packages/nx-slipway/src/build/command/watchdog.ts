import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { GRACE_MS } from '../../tool';

/**
 * Ends process groups of commands when this process dies without having said
 * that they are done: SIGKILL lets nobody clean up.
 */
export interface Watchdog {
  /** From now on it ends this group, too. */
  guard(group: number): void;
  /**
   * It ends what carries this in its environment, too.
   * @param mark `NAME=VALUE`, without a space
   */
  mark(mark: string): void;
  /** That command is over. */
  free(group: number): void;
  /** All is over. The watchdog goes, and ends nobody. */
  dismiss(): void;
}

const STEP_MS = 200;

/**
 * A shell, for a second Node would cost 40 ms of CPU and 40 MB. What it reads on
 * descriptor 3 ends when our process does, however that dies. The loop runs in
 * a child whose parent then leaves, so it is no descendant of ours: Nx kills
 * those leaf first. `kill` has no `--`, which busybox does not know.
 */
const SCRIPT = `
trap '' HUP INT QUIT TERM
{
  groups= mark=
  while read -r word group <&3; do
    others=
    for each in $groups; do
      [ "$each" = "$group" ] || others="$others $each"
    done
    case $word in
      guard) groups="$others $group" ;;
      free) groups=$others ;;
      mark) mark=$group ;;
      *) exit ;;
    esac
  done
  [ "$groups" ] || exit
  for each in $groups; do kill -TERM "-$each"; done
  left=${GRACE_MS / STEP_MS}
  while [ $left -gt 0 ]; do
    alive=
    for each in $groups; do kill -0 "-$each" && alive=yes; done
    [ "$alive" ] || break
    sleep ${STEP_MS / 1000}
    left=$((left - 1))
  done
  [ "$alive" ] && for each in $groups; do kill -KILL "-$each"; done
  [ "$mark" ] && for each in /proc/[0-9]*; do
    case $(tr '\\0' ' ' <"$each/environ") in
      *"$mark "*) kill -KILL "\${each#/proc/}" ;;
    esac
  done
} &
`;

/**
 * Windows has no process groups to signal, and nothing like this shell; there
 * a command that outlives a killed Nx is left to the user.
 */
export function canWatch(platform: NodeJS.Platform): boolean {
  return platform !== 'win32';
}

/**
 * @param path the PATH to find `sleep` on
 * @param onEnd told when it has ended, whoever ended it
 * @returns once it stands on its own, in a session of its own
 * @throws if it cannot be started
 */
export async function startWatchdog(
  path: string,
  onEnd: () => void = () => undefined,
): Promise<Watchdog> {
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'nx-slipway-watchdog'], {
    // Keeps no folder of the user busy.
    cwd: '/',
    env: { PATH: path },
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [exitCode] = (await once(shell, 'exit')) as [number | null];
  // Not before: one that could not be started for want of files has none.
  const pipe = shell.stdio[3] as Socket;
  if (exitCode !== 0) {
    pipe.destroy();
    throw new Error(`/bin/sh ended with ${exitCode}`);
  }
  // Somebody ended it. The command goes on without.
  pipe.on('error', () => pipe.destroy());
  pipe.on('close', onEnd);
  // It says nothing; its end is heard.
  pipe.resume();
  pipe.unref();
  return {
    // Node writes this few bytes at once: a process that is killed on the next
    // line has said them.
    guard: (group) => void pipe.write(`guard ${group}\n`),
    mark: (mark) => void pipe.write(`mark ${mark}\n`),
    free: (group) => void pipe.write(`free ${group}\n`),
    dismiss: () => void pipe.end('done\n', () => pipe.destroy()),
  };
}
