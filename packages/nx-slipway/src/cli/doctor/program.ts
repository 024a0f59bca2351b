import { execFile } from 'node:child_process';

type Env = Readonly<Record<string, string | undefined>>;

export interface Ran {
  /** undefined: it could not be started, or was killed. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

const TIMEOUT_MS = 10_000;

/** Runs a program, whatever it ends with. It is ended after 10 s. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Env },
): Promise<Ran> {
  return new Promise((resolve) => {
    const limits = { timeout: TIMEOUT_MS, encoding: 'utf8' as const };
    execFile(file, args, { ...options, ...limits }, (error, stdout, stderr) => {
      const code = error ? error.code : 0;
      const exitCode = typeof code === 'number' ? code : undefined;
      resolve({ exitCode, stdout, stderr: stderr || (error?.message ?? '') });
    });
  });
}
