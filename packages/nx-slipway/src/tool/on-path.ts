import { accessSync, constants, statSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

const WINDOWS = process.platform === 'win32';

export interface OnPathOptions {
  /** Folders of that name do not count. */
  readonly except?: string;
}

/** Where a shell would find the program, absolute unless PATH is relative. */
export function findOnPath(
  name: string,
  env: Env,
  { except }: OnPathOptions = {},
): string | undefined {
  return variable(env, 'PATH')
    .split(delimiter)
    .filter((folder) => folder !== '' && basename(folder) !== except)
    .flatMap((folder) => endings(env).map((end) => join(folder, name + end)))
    .find(isProgram);
}

function endings(env: Env): string[] {
  if (!WINDOWS) return [''];
  return (variable(env, 'PATHEXT') || '.COM;.EXE;.BAT;.CMD').split(';');
}

/** Windows writes `Path`, and a copy of its environment knows only that. */
function variable(env: Env, name: string): string {
  if (!WINDOWS) return env[name] ?? '';
  const key = Object.keys(env).find((each) => each.toUpperCase() === name);
  return (key === undefined ? undefined : env[key]) ?? '';
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Not there, or not for us: a shell would look on, too.
    return false;
  }
}
