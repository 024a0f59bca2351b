import { spawn, type ChildProcess } from 'node:child_process';
import type { Env } from './kubeconfig-file';

/** Why a plugin was ended by us. */
export type PluginEnd = 'deadline' | 'cancel' | 'output';

export interface PluginStart {
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the plugin. */
  readonly env: Env;
  /** Milliseconds. */
  readonly deadline: number;
  readonly signal?: AbortSignal;
  /** Told why, when it is ended by us. */
  readonly onEnd: (reason: PluginEnd) => void;
}

/** Characters: more than any credential has. */
const MAX_OUTPUT = 1024 * 1024;

/**
 * Starts a process that cannot hang: its standard input is closed, it has no
 * terminal to prompt on, its time and its output are limited. Whatever it
 * started ends with it.
 */
export function startPlugin(start: PluginStart): ChildProcess {
  const { command, args, env, deadline, signal, onEnd } = start;
  const child = spawn(command, args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A session of its own: no terminal, and one group to end.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const end = (reason: PluginEnd) => {
    onEnd(reason);
    kill(child);
    // What has left the group may hold them open, and nobody may wait for it.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const timer = setTimeout(() => end('deadline'), deadline);
  const onAbort = () => end('cancel');
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  let printed = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: string | Buffer) => {
      printed += chunk.length;
      if (printed > MAX_OUTPUT) end('output');
    });
  }
  child.once('close', () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  });
  return child;
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    child.kill();
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: nobody of the group is left, which is what we want.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
