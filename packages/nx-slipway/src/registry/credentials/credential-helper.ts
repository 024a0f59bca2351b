import type { ResultPromise } from 'execa';
import { SlipwayError } from '../../report';
import type { Credentials } from './credentials';
import { serverUrlOf } from './auth-file';

export interface HelperOptions {
  /** The whole environment of the helper. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  /** Milliseconds. */
  readonly timeout?: number;
}

/** A keychain that asks its owner for a password takes longer, and then fails. */
const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;
/** No path and no option; a dot for `desktop.exe`, which WSL has. */
const NAME = /^[A-Za-z0-9_.-]+$/;

/**
 * What helpers print when they have nothing, with exit code 1
 * (https://github.com/docker/docker-credential-helpers, credentials/error.go).
 */
const NOTHING = [
  'credentials not found in native keychain',
  'no credentials server URL',
  'no credentials username',
];
/** The user name that stands for an identity token. */
const IDENTITY_TOKEN = '<token>';

/**
 * Asks `docker-credential-<name> get` for a host.
 * @returns undefined if it has none for it
 * @throws SLIPWAY_E_CREDENTIALS if it is missing, fails, hangs or prints
 *   something else; its output is in no error
 */
export async function askHelper(
  name: string,
  host: string,
  options: HelperOptions,
): Promise<Credentials | undefined> {
  const program = `docker-credential-${name}`;
  if (!NAME.test(name)) {
    throw failure(JSON.stringify(program), host, 'has a name that is none');
  }
  const answer = await run(program, host, options);
  if (answer.failed) {
    if (NOTHING.includes(answer.output.trim())) return undefined;
    throw failure(program, host, answer.why);
  }
  return credentialsOf(answer.output, program, host);
}

type Answer =
  | { readonly failed: false; readonly output: string }
  | { readonly failed: true; readonly output: string; readonly why: string };

async function run(
  program: string,
  host: string,
  { env, signal, timeout = TIMEOUT_MS }: HelperOptions,
): Promise<Answer> {
  const { execa } = await import('execa');
  const child = execa(program, ['get'], {
    env,
    extendEnv: false,
    input: serverUrlOf(host),
    stderr: 'ignore',
    stripFinalNewline: false,
    maxBuffer: MAX_ANSWER_BYTES,
    reject: false,
    // A group of its own, so that nothing it started outlives the deadline.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  let hung = false;
  const end = () => killGroup(child);
  const timer = setTimeout(() => {
    hung = true;
    end();
  }, timeout);
  signal?.addEventListener('abort', end, { once: true });
  try {
    if (signal?.aborted) end();
    const result = await child;
    const output = typeof result.stdout === 'string' ? result.stdout : '';
    if (!result.failed) return { failed: false, output };
    const why = hung
      ? `did not answer within ${timeout / 1000} s`
      : reasonOf(result);
    return { failed: true, output: hung ? '' : output, why };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

function reasonOf(result: {
  code?: string;
  exitCode?: number;
  signal?: string;
  isMaxBuffer: boolean;
}): string {
  if (result.code === 'ENOENT') return 'is not installed';
  if (result.isMaxBuffer) return 'printed too much';
  if (result.exitCode !== undefined) {
    return `ended with exit code ${result.exitCode}`;
  }
  return `could not be run (${result.signal ?? result.code ?? 'unknown reason'})`;
}

function killGroup(child: ResultPromise): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: it has ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function credentialsOf(
  output: string,
  program: string,
  host: string,
): Credentials | undefined {
  let value: unknown;
  try {
    value = JSON.parse(output);
  } catch {
    // Not kept as a cause: its message has a piece of what was printed.
    throw failure(program, host, 'printed no JSON');
  }
  const { Username: username, Secret: secret } = (value ?? {}) as {
    Username?: unknown;
    Secret?: unknown;
  };
  if (typeof username !== 'string' || typeof secret !== 'string') {
    throw failure(program, host, 'printed no credentials');
  }
  if (username === '' && secret === '') return undefined;
  return username === IDENTITY_TOKEN
    ? { kind: 'identityToken', token: secret, source: program }
    : { kind: 'basic', username, password: secret, source: program };
}

function failure(program: string, host: string, why: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_CREDENTIALS',
    message: `the credential helper ${program} ${why}, asked for ${host}.`,
    hint: 'It is named by credHelpers or credsStore in config.json of Docker. Install it, or take it out there and log in again with docker login.',
  });
}
