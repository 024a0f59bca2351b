import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { internalModule } from '../../internal-module';

type Environment = Readonly<Record<string, string | undefined>>;

/** `.env`, `.env.local`, `.serve.env` and so on. */
const DOT_ENV = /^\.(?:.+\.)?env(?:\..+)?$/;

interface TaskEnvironment {
  /** Takes out what is as the file says. */
  readonly unloadDotEnvFile?: (file: string, env: object) => void;
}

/**
 * The environment without what Nx has read for our own task from files in these
 * folders: it would win over what another task has in its own.
 * @param folders absolute
 */
export function withoutDotEnv(
  env: Environment,
  folders: readonly string[],
): Environment {
  const nx = internalModule<TaskEnvironment>(
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- it may not be there; it was from 22.7.0 to 24.0.6
    () => require('nx/src/tasks-runner/task-env'),
  );
  const left = { ...env };
  for (const folder of folders.filter((one) => existsSync(one))) {
    const names = readdirSync(folder).filter((name) => DOT_ENV.test(name));
    for (const name of names) nx?.unloadDotEnvFile?.(join(folder, name), left);
  }
  return left;
}
