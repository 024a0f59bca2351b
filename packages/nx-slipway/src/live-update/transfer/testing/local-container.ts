import { spawn } from 'node:child_process';
import type { ExecStream } from '../../../cluster';
import type { LinkParts } from '../link';

type Exec = LinkParts['exec'];

/** What is on this machine, each with what its images have. */
export const SHELLS = [
  ['dash with GNU tools', ['dash']],
  ['bash with GNU tools', ['bash']],
  ['busybox', ['busybox', 'sh']],
] as const;

/**
 * A container of which the files are this machine's.
 * @param shell in the place of `sh`
 */
export function localExec(
  shell: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Exec {
  return ([program = '', ...args], { stdin, signal }) => {
    const [file = '', ...rest] = program === 'sh' ? shell : [program];
    const child = spawn(file, [...rest, ...args], {
      // As bash looks at it: with its own name it reads files of the user.
      argv0: rest.length > 0 ? file : program,
      env,
      stdio: [stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    });
    const close = () => child.kill('SIGKILL');
    signal.addEventListener('abort', close);
    const ended = new Promise<{ exitCode: number }>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, killed) => {
        signal.removeEventListener('abort', close);
        resolve({ exitCode: code ?? (killed === 'SIGKILL' ? 137 : 143) });
      });
    });
    ended.catch(() => undefined);
    return Promise.resolve({ ...child, ended, close } as unknown as ExecStream);
  };
}
